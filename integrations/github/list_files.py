"""Which items of a repository's tree are access lists; what may hide one is an error that names it.

A symbolic link is followed inside the repository, at the same commit. Whatever else lies below the
directory and is not a plain file, but may be or contain a list, stops every leaver: a list that is
not read would make "no access" of somebody who has it.
"""

import re
from collections import deque
from collections.abc import Callable, Mapping

from integrations.github.tree import FILE_MODES, FOLDER, SUBMODULE, SYMLINK, TreeItem
from service.domain.errors import PermanentError
from service.domain.reasons import ReasonCode

NO_LISTS = (
    "The repository has no such directory, or no YAML file in it. Check USER_REVIEWER_DIRECTORY "
    "and USER_REVIEWER_BRANCH."
)
_SYSTEM = "GitHub"
# As Linux has it: https://man7.org/linux/man-pages/man7/path_resolution.7.html
_MOST_LINKS = 40
# Sealed lists count, so that they are named instead of skipped.
_LIST = re.compile(r"\.ya?ml(?:\.(?:age|asc|enc|encrypted|gpg|pgp|sealed|sops))?$", re.IGNORECASE)

_TO_DIRECTORY = "is a symbolic link to a directory"
_OUTSIDE = "is a symbolic link out of the repository"
_LOOP = "is a symbolic link that leads back to itself"
_NOWHERE = "is a symbolic link to a file that does not exist"
_SUBMODULE = "is in a submodule"
_OTHER = "is not a plain file"


class _Refused(Exception):
    """A link that is not followed; the message is the end of a sentence about it."""


class _Nowhere(Exception):
    """A link to what does not exist."""


def find_lists(
    items: Mapping[str, TreeItem], directory: str, *, read_link: Callable[[str], bytes]
) -> dict[str, TreeItem]:
    """Return path and blob of each list below a directory, in the order of the paths.

    Args:
        items: everything in the repository, by its path.
        directory: path in the repository; empty for all of it.
        read_link: gives the target of a symbolic link by its blob.

    Returns:
        A followed link has its own path and mode, and the blob of the file that it leads to.

    Raises:
        PermanentError: there is no list, or something may be or contain one and cannot be read;
            its path is named.
    """
    below = f"{directory}/" if directory else ""
    _refuse_replaced(items, directory)
    links = _Links(items, read_link)
    found: dict[str, TreeItem] = {}
    for path, item in sorted(items.items()):
        if path.startswith(below) and (one := _list_at(path, item, links)):
            found[path] = one
    if not found:
        raise PermanentError(_SYSTEM, NO_LISTS, code=ReasonCode.GITHUB_NO_LISTS)
    return found


def _refuse_replaced(items: Mapping[str, TreeItem], directory: str) -> None:
    """Refuse a directory that is a link or a submodule, or lies in one."""
    parts = directory.split("/")
    for end in range(1, len(parts) + 1):
        path = "/".join(parts[:end])
        match items.get(path):
            case TreeItem(mode=mode) if mode == SYMLINK:
                raise _refused(path, _TO_DIRECTORY)
            case TreeItem(mode=mode) if mode == SUBMODULE:
                raise _refused(path, _SUBMODULE)


def _refused(path: str, problem: str) -> PermanentError:
    return PermanentError(
        _SYSTEM,
        f"{path} may hide a list: it {problem}. Put the lists themselves there, or take it away.",
        code=ReasonCode.LIST_UNREADABLE,
    )


def _list_at(path: str, item: TreeItem, links: "_Links") -> TreeItem | None:
    if item.mode == SUBMODULE:
        raise _refused(path, _SUBMODULE)
    if item.mode == SYMLINK:
        return _linked_list(path, links)
    if item.mode == FOLDER or not _is_list(path):
        return None
    if item.mode not in FILE_MODES:
        raise _refused(path, _OTHER)
    return item


def _linked_list(path: str, links: "_Links") -> TreeItem | None:
    try:
        target, item = links.resolve(path)
    except _Refused as refused:
        raise _refused(path, str(refused)) from None
    except _Nowhere:
        if _is_list(path):
            raise _refused(path, _NOWHERE) from None
        return None
    is_list = _is_list(path) or _is_list(target)
    return TreeItem(mode=SYMLINK, sha=item.sha) if is_list else None


def _is_list(path: str) -> bool:
    return bool(_LIST.search(path))


class _Links:
    """Follows symbolic links as git's own checkout would, without leaving the repository."""

    def __init__(self, items: Mapping[str, TreeItem], read_link: Callable[[str], bytes]) -> None:
        self._items = items
        self._read_link = read_link

    def resolve(self, path: str) -> tuple[str, TreeItem]:
        """Return path and item of the plain file that a link leads to."""
        ahead, passed, followed = deque(path.split("/")), list[str](), 0
        while ahead:
            part = ahead.popleft()
            if part in {"", "."}:
                continue
            if part == "..":
                if not passed:
                    raise _Refused(_OUTSIDE)
                passed.pop()
                continue
            item = self._items.get("/".join((*passed, part)))
            if item is None:
                raise _Nowhere
            if item.mode == SUBMODULE:
                raise _Refused(_SUBMODULE)
            if item.mode != SYMLINK:
                passed.append(part)
                continue
            followed += 1
            if followed > _MOST_LINKS:
                raise _Refused(_LOOP)
            ahead.extendleft(reversed(self._target(item).split("/")))
        item = self._items.get("/".join(passed))
        if item is None or item.mode == FOLDER:
            raise _Refused(_TO_DIRECTORY)
        return "/".join(passed), item

    def _target(self, link: TreeItem) -> str:
        try:
            target = self._read_link(link.sha).decode()
        except UnicodeDecodeError:
            raise _Nowhere from None
        if target.startswith("/"):
            raise _Refused(_OUTSIDE)
        return target
