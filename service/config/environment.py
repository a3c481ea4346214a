"""Reads the settings: the only reader of the environment and of the ``.env`` file."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from service.config.messages import problem_lines
from service.config.settings import ENV_FILE, ServingSettings, Settings, SetupSettings
from service.config.unknown import Unknown, unknown_in_environment, unknown_in_file

# The exit code of every command if the settings are wrong.
WRONG_SETTINGS = 2

# With so many problems at once, the environment as a whole is missing.
_MANY = 5

S = TypeVar("S", bound=BaseSettings)
T = TypeVar("T")


class SettingsError(Exception):
    """Settings are wrong or missing; the text names each on a line of its own."""


def read_settings(*, has_webhook: bool = True) -> Settings:
    """Read the settings from the environment.

    Args:
        has_webhook: whether the webhook must be there already; without it, a placeholder will do
            for its signing secret.

    Raises:
        SettingsError: naming every wrong or missing setting, and quoting no value.
    """
    return _read(ServingSettings if has_webhook else Settings)


def read_setup_settings() -> SetupSettings:
    """Read the settings of the set-up from the environment.

    Raises:
        SettingsError: see `read_settings`.
    """
    return _read(SetupSettings)


def unknown_settings() -> list[Unknown]:
    """Return what is set and is not a setting, in the environment and in the ``.env`` file."""
    known = _defaults()
    # An empty one is a missing one.
    names = [name for name, value in os.environ.items() if value.strip()]  # noqa: TID251 - read here alone
    found = [*unknown_in_environment(names, known)]
    try:
        text = Path(ENV_FILE).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    return list(dict.fromkeys([*found, *unknown_in_file(text, known, file=ENV_FILE)]))


def _defaults() -> dict[str, Any]:
    """Return the default of every setting that there is, by its name in upper case."""
    return {
        name.upper(): field.default
        for kind in (ServingSettings, SetupSettings)
        for name, field in kind.model_fields.items()
    }


def or_exit(read: Callable[[], T]) -> T:
    """Read what was set, or end the process with exit code 2 and each problem on a line."""
    try:
        return read()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(WRONG_SETTINGS) from None


def _read(kind: type[S]) -> S:
    # `unknown_settings` reports what it would warn of.
    logging.getLogger("dotenv").setLevel(logging.ERROR)
    try:
        settings = kind()
    except ValidationError as error:
        lines = problem_lines(error, _defaults())
        unknown = map(str, unknown_settings())
        raise SettingsError("\n".join([*sorted(lines), *unknown, *_hint(lines)])) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{ENV_FILE} can't be read: it is not written in UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{ENV_FILE} can't be read: {error.strerror}") from None
    if gone := [str(unknown) for unknown in unknown_settings() if unknown.is_refused]:
        raise SettingsError("\n".join(gone))
    return settings


def _hint(lines: set[str]) -> Iterator[str]:
    """Say what is likely if nearly everything is missing."""
    if len(lines) >= _MANY and not Path(ENV_FILE).exists():
        yield (
            f"There is no {ENV_FILE} in this folder: start the command where it lies, or set them"
        )
