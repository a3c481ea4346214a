"""A repository's tree and its blobs, as GitHub gives them.

A response that is not as GitHub documents raises an `ODD_SHAPE`; the caller turns it into one typed
error.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.http.json_values import listed
from service.domain.errors import PermanentError
from service.domain.reasons import ReasonCode

TOO_LARGE = "The repository is too large to be listed as a whole, so that a list might be missed."
# https://git-scm.com/docs/git-fast-import, "filemodify"; 100664 is of old commits.
FILE_MODES = frozenset({"100644", "100755", "100664"})
SYMLINK, SUBMODULE, FOLDER = "120000", "160000", "040000"
_SYSTEM = "GitHub"
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeItem:
    """What lies at one path: git's mode, and the name of the blob, tree or commit."""

    mode: str
    sha: str


def sha(value: object) -> str:
    """Return the name of a commit or a blob; raise `ValueError` for anything else."""
    if not isinstance(value, str) or not _SHA.fullmatch(value):
        raise ValueError("not a SHA")
    return value


def items_in_tree(tree: Any) -> dict[str, TreeItem]:
    """Return everything in a tree by its path, folders too.

    https://docs.github.com/en/rest/git/trees#get-a-tree

    Raises:
        PermanentError: GitHub left some of it out.
    """
    if tree["truncated"]:
        raise PermanentError(_SYSTEM, TOO_LARGE, code=ReasonCode.GITHUB_TREE_TOO_LARGE)
    return {
        str(entry["path"]): TreeItem(mode=str(entry["mode"]), sha=sha(entry["sha"]))
        for entry in listed(tree["tree"])
    }


def blob_text(blob: Mapping[str, Any]) -> bytes:
    """Return what a file holds."""
    match blob["encoding"]:
        case "base64":
            return base64.b64decode("".join(blob["content"].split()), validate=True)
        case "utf-8":
            return str(blob["content"]).encode()
        case _:
            raise ValueError("an unknown encoding")
