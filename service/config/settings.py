"""Every setting of the service, typed: the only reader of the environment."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    BeforeValidator,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from service.config.messages import lines_of
from service.config.operator_tokens import OperatorTokens, read_operator_tokens
from service.config.types import (
    CommaSeparated,
    DatabaseUrl,
    Dsn,
    Folder,
    Issuer,
    MailDomains,
    NameAndValue,
    Names,
    Networks,
    NotifyUrls,
    Origin,
    Repository,
    Reviewers,
    Scope,
    Secret,
    SessionSecret,
    SigningSecret,
    Subdomain,
    Tag,
    Text,
    TimeOrOff,
    Timezone,
    TracesUrl,
    TrelloBoard,
    TrelloCard,
    WebAddress,
    WorkingDays,
    is_blank,
    no_placeholder,
    wrong,
)
from service.config.unknown import Unknown, unknown_in_environment, unknown_in_file
from service.domain.facts import NoAccessAction

# The exit code of every command if the settings are wrong.
WRONG_SETTINGS = 2

_ENV_FILE = ".env"
# So many problems at once are none of single settings.
_MANY = 5

S = TypeVar("S", bound=BaseSettings)
T = TypeVar("T")


class _EmptySteps(PydanticBaseSettingsSource):
    """Gives AFTER_DATE_STEPS if it is there and empty, and nothing else."""

    def __init__(self, source: EnvSettingsSource) -> None:
        super().__init__(source.settings_cls)
        self._source = source

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Not called: all is given by `__call__`."""
        return self._source.get_field_value(field, field_name)

    def __call__(self) -> dict[str, Any]:
        """Return the one value, or none."""
        steps = self._source().get("after_date_steps")
        return {"after_date_steps": steps} if steps == "" else {}


class ZendeskSettings(BaseSettings):
    """Which Zendesk account, and how it is spoken to."""

    model_config = SettingsConfigDict(
        env_file=_ENV_FILE, env_ignore_empty=True, extra="ignore", frozen=True
    )

    zendesk_client_id: Text
    zendesk_client_secret: Secret
    zendesk_subdomain: Subdomain
    zendesk_scope: Text = "read write"
    zendesk_url: Origin | None = None
    zendesk_leaver_tag: Tag = "leaver"
    request_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 10

    @model_validator(mode="before")
    @classmethod
    def _takes_spaces_for_nothing(cls, given: dict[str, Any]) -> dict[str, Any]:
        kept = {"after_date_steps"}  # which may be no steps at all
        return {name: value for name, value in given.items() if name in kept or not is_blank(value)}


class Settings(ZendeskSettings):
    """All settings, from environment variables or a ``.env`` file; an empty one is a missing one.

    docs/settings.md says what each means. Secrets never show in a representation.
    """

    zendesk_webhook_secret: SigningSecret
    zendesk_webhook_secret_previous: SigningSecret | None = None
    zendesk_name_field_id: int | None = None
    zendesk_email_field_id: int | None = None
    zendesk_leaving_date_field_id: int | None = None
    github_token: Secret
    github_url: Origin = "https://api.github.com"
    user_reviewer_repository: Repository = "alphagov/govuk-user-reviewer"
    user_reviewer_branch: Text | None = None
    user_reviewer_directory: Folder = "config"
    user_reviewer_tech_file: Text = "govuk_tech.yml"
    organisation_domains: MailDomains = frozenset(
        {"digital.cabinet-office.gov.uk", "cabinet-office.gov.uk", "cabinetoffice.gov.uk"}
        | {"dsit.gov.uk"}
    )
    act_on_name_alone: bool = True
    trello_api_key: Secret
    trello_token: Secret
    trello_url: Origin = "https://api.trello.com"
    trello_board_id: TrelloBoard
    trello_list_name: Text = "To do"
    trello_tech_template: TrelloCard = "IQIV54Pc"
    trello_non_tech_template: TrelloCard = "g9iK9fcL"
    trello_done_lists: Names = ("Done",)
    no_access_action: NoAccessAction = NoAccessAction.SOLVE
    due_time: time = time(17, 0)
    timezone: Timezone = "Europe/London"
    urgent_hours: Annotated[int, Field(ge=0)] = 24
    urgent_label: Text | None = None
    after_date: bool = True
    after_date_steps: WorkingDays = (1, 3, 5)
    after_date_until_days: Annotated[int, Field(ge=1)] = 60
    digest_at: TimeOrOff = time(9, 0)
    removal_pull_requests: bool = False
    github_pull_request_token: Secret | None = None
    pull_request_days_before: Annotated[int, Field(ge=0, le=14)] = 0
    pull_request_reviewers: Reviewers = ()
    pull_request_label: Text | None = None
    database_url: DatabaseUrl
    operator_tokens: Annotated[OperatorTokens, NoDecode, BeforeValidator(read_operator_tokens)]
    zendesk_requests_per_minute: Annotated[int, Field(ge=1)] = 100
    zendesk_updates_per_minute: Annotated[int, Field(ge=1)] = 60
    trello_requests_per_10_seconds: Annotated[int, Field(ge=1)] = 60
    retry_for_seconds: Annotated[int, Field(ge=0)] = 86_400
    forwarded_allow_ips: Networks = frozenset()
    session_secret: SessionSecret | None = None
    oidc_issuer: Issuer | None = None
    oidc_client_id: Text | None = None
    oidc_client_secret: Secret | None = None
    oidc_allowed_emails: CommaSeparated = frozenset()
    oidc_allowed_claim: NameAndValue | None = None
    oidc_scope: Scope = "openid email"
    sweep_every_seconds: Annotated[int, Field(ge=0)] = 900
    keep_days: Annotated[int, Field(ge=1)] = 90
    removed_look_back_days: Annotated[int, Field(ge=0, le=3650)] = 90
    dry_run: bool = False
    daily_limit: Annotated[int, Field(ge=0)] = 50
    protected: CommaSeparated = frozenset()
    notify_urls: NotifyUrls | None = None
    sentry_dsn: Dsn | None = None
    desk_url: WebAddress | None = None
    runbook_url: WebAddress | None = None
    otel_exporter_otlp_endpoint: TracesUrl | None = None
    otel_exporter_otlp_traces_endpoint: TracesUrl | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let an empty AFTER_DATE_STEPS be no steps: everywhere else, empty is missing."""
        return (
            init_settings,
            env_settings,
            _EmptySteps(EnvSettingsSource(settings_cls, env_ignore_empty=False)),
            dotenv_settings,
            _EmptySteps(
                DotEnvSettingsSource(settings_cls, env_file=_ENV_FILE, env_ignore_empty=False)
            ),
            file_secret_settings,
        )

    @model_validator(mode="after")
    def _has_all_or_nothing_of_single_sign_on(self) -> Self:
        given = {
            "OIDC_ISSUER": self.oidc_issuer,
            "OIDC_CLIENT_ID": self.oidc_client_id,
            "OIDC_CLIENT_SECRET": self.oidc_client_secret,
            "OIDC_ALLOWED_EMAILS or OIDC_ALLOWED_CLAIM": self.oidc_allowed_emails
            or self.oidc_allowed_claim,
        }
        missing = [name for name, value in given.items() if not value]
        if missing and len(missing) < len(given):
            raise wrong(f"{missing[0]} is missing: single sign-on needs all of {', '.join(given)}")
        if any("@" not in email for email in self.oidc_allowed_emails):
            raise wrong(
                "OIDC_ALLOWED_EMAILS contains something that is neither an e-mail address nor a "
                "domain, such as jane.doe@example.gov.uk or @example.gov.uk"
            )
        return self

    @model_validator(mode="after")
    def _has_a_second_token_for_pull_requests(self) -> Self:
        if not self.removal_pull_requests:
            return self
        if self.github_pull_request_token is None:
            raise wrong(
                "GITHUB_PULL_REQUEST_TOKEN is missing: REMOVAL_PULL_REQUESTS needs a second token"
            )
        if self.github_pull_request_token == self.github_token:
            raise wrong(
                "GITHUB_PULL_REQUEST_TOKEN must be another token than GITHUB_TOKEN, which only "
                "reads"
            )
        return self

    @property
    def zendesk_origin(self) -> str:
        """Where requests to Zendesk are really sent."""
        return self.zendesk_url or f"https://{self.zendesk_subdomain}.zendesk.com"

    @property
    def traces_url(self) -> str | None:
        """Where traces are sent, as OpenTelemetry makes it of its two variables; None: nowhere."""
        if self.otel_exporter_otlp_traces_endpoint or not self.otel_exporter_otlp_endpoint:
            return self.otel_exporter_otlp_traces_endpoint
        return f"{self.otel_exporter_otlp_endpoint.rstrip('/')}/v1/traces"

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The signing secrets that count: the present one, and the one before it."""
        both = (self.zendesk_webhook_secret, self.zendesk_webhook_secret_previous)
        return tuple(secret.get_secret_value() for secret in both if secret)


class ServingSettings(Settings):
    """Settings of a service that runs: Zendesk's webhook is there, and signs what it sends."""

    _is_no_placeholder = field_validator(
        "zendesk_webhook_secret", "zendesk_webhook_secret_previous"
    )(no_placeholder)


class SetupSettings(ZendeskSettings):
    """What `leavers setup` and `leavers check --setup` read beside the connection to Zendesk.

    The running service never reads an administrator's credentials. If none are given, its own
    are tried: its agent may be an administrator, too.
    """

    zendesk_admin_client_id: Text | None = None
    zendesk_admin_client_secret: Secret | None = None
    zendesk_admin_scope: Text = "read webhooks:write triggers:write"
    zendesk_admin_access_token: Secret | None = None

    @model_validator(mode="after")
    def _has_whole_credentials(self) -> Self:
        pair = ("zendesk_admin_client_id", "zendesk_admin_client_secret")
        missing = [name for name in pair if not getattr(self, name)]
        if len(missing) == 1:
            raise wrong(f"{missing[0].upper()} is missing")
        return self


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
        text = Path(_ENV_FILE).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    return list(dict.fromkeys([*found, *unknown_in_file(text, known, file=_ENV_FILE)]))


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
    # What it warns of, `unknown_settings` names.
    logging.getLogger("dotenv").setLevel(logging.ERROR)
    try:
        settings = kind()
    except ValidationError as error:
        lines = lines_of(error, _defaults())
        unknown = map(str, unknown_settings())
        raise SettingsError("\n".join([*sorted(lines), *unknown, *_hint(lines)])) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{_ENV_FILE} can't be read: it is not written in UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{_ENV_FILE} can't be read: {error.strerror}") from None
    if gone := [str(unknown) for unknown in unknown_settings() if unknown.is_refused]:
        raise SettingsError("\n".join(gone))
    return settings


def _hint(lines: set[str]) -> Iterator[str]:
    """Say what is likely if nearly everything is missing."""
    if len(lines) >= _MANY and not Path(_ENV_FILE).exists():
        yield (
            f"There is no {_ENV_FILE} in this folder: start the command where it lies, or set them"
        )
