"""Which files of a repository's tree are access lists.

An answer that is not as GitHub documents raises an `ODD_SHAPE`; the caller turns it into one typed
error.
"""

import base64
import re
from collections.abc import Mapping
from typing import Any

from integrations.http.answers import listed
from service.domain.errors import PermanentError

TOO_LARGE = "The repository is too large to be listed as a whole, so that a list might be missed."
NO_LISTS = (
    "The repository has no such directory, or no YAML file in it. Check USER_REVIEWER_DIRECTORY "
    "and USER_REVIEWER_BRANCH."
)
_SYSTEM = "GitHub"
# Symbolic links (120000) and submodules (160000) are not followed.
_FILE_MODES = {"100644", "100755", "100664"}
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def sha(value: object) -> str:
    """The name of a commit or a blob; raises `ValueError` for anything else."""
    if not isinstance(value, str) or not _SHA.fullmatch(value):
        raise ValueError("not a SHA")
    return value


def lists_in_tree(tree: Any, directory: str) -> dict[str, tuple[str, str]]:
    """Path to mode and blob of each YAML file below a directory; `PermanentError` without any.

    https://docs.github.com/en/rest/git/trees#get-a-tree
    """
    if tree["truncated"]:
        raise PermanentError(_SYSTEM, TOO_LARGE)
    below = f"{directory}/" if directory else ""
    found = {
        entry["path"]: (entry["mode"], sha(entry["sha"]))
        for entry in listed(tree["tree"])
        if entry["type"] == "blob"
        and entry["mode"] in _FILE_MODES
        and entry["path"].startswith(below)
        and entry["path"].lower().endswith((".yml", ".yaml"))
    }
    if not found:
        raise PermanentError(_SYSTEM, NO_LISTS)
    return found


def blob_text(blob: Mapping[str, Any]) -> bytes:
    """What a file holds."""
    match blob["encoding"]:
        case "base64":
            return base64.b64decode("".join(blob["content"].split()), validate=True)
        case "utf-8":
            return str(blob["content"]).encode()
        case _:
            raise ValueError("an unknown encoding")
