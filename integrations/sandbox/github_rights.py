"""Which right of a fine-grained token a request needs, and what the service must never request.

https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
"""

import re

_METADATA = re.compile(r"|/|/branches.*|/labels/.*|/collaborators/.*")
_FORBIDDEN = (
    (r"(PUT|POST) /pulls/\d+/merge", "merge"),
    (r"PUT /pulls/\d+/update-branch", "update-branch"),
    (r"\w+ /pulls/\d+/reviews.*", "review"),
    (r"(PUT|DELETE|POST|PATCH) /contents.*", "write contents"),
    (r"POST /merges|POST /merge-upstream", "merge branches"),
    (r"POST /dispatches|POST /git/tags|POST /issues|POST /releases.*", "anything else"),
)


def right_needed(method: str, path: str) -> tuple[str, str]:
    """Return the kind of right that a request needs, and ``read`` or ``write``.

    The kind is empty if every token that sees the repository may send the request.
    """
    right = "read" if method in ("GET", "HEAD") else "write"
    if right == "read" and _METADATA.fullmatch(path):
        return "", right
    is_about_pulls = path.startswith(("/pulls", "/issues"))
    return ("pull_requests" if is_about_pulls else "contents"), right


def forbidden_act(method: str, path: str) -> str:
    """Return a name for a request that the service must never send; empty for all others."""
    asked = f"{method} {path}"
    is_read = method in ("GET", "HEAD")
    found = (name for pattern, name in _FORBIDDEN if re.fullmatch(pattern, asked))
    return "" if is_read else next(found, "")
