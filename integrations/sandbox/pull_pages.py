"""Pull requests on the sandbox's page, as a reviewer sees them, with the diff."""

import difflib
from collections.abc import Callable, Iterator
from html import escape

from integrations.sandbox.github_pulls import Pull, Pulls

NO_PULLS = '<p class="quiet">No pull requests yet.</p>'


def pulls_section(pulls: Pulls, linked: Callable[[str], str]) -> str:
    """Return all pull requests as HTML, the newest first.

    Args:
        pulls: the sandbox's.
        linked: returns a text as HTML, in which addresses are links.
    """
    shown = [_pull(one, pulls, linked) for one in reversed(pulls.all.values())]
    return "".join(shown) or NO_PULLS


def diff_of(one: Pull, pulls: Pulls) -> str:
    """Return the diff between base and branch; of a deleted branch, that of its last tip."""
    git = pulls.git
    tip = git.branches.get(one.head, one.head_sha)
    start = git.merge_base(git.branches[one.base], tip)
    if one.merge_commit:
        start = git.commits[one.merge_commit].parents[0]
    before = git.commits[start].items if start else {}
    after = git.commits[tip].items
    changed = [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]
    texts = (
        [
            items[path].content.decode().split("\n") if path in items else []
            for items in (before, after)
        ]
        for path in changed
    )
    return "\n".join(
        line
        for path, (old, new) in zip(changed, texts, strict=True)
        for line in difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="")
    )


def _pull(one: Pull, pulls: Pulls, linked: Callable[[str], str]) -> str:
    status = "merged" if one.is_merged else "draft" if one.draft else one.state
    way = escape(f"{one.user[0]} wants to merge {one.head} into {one.base}")
    comments = "".join(
        f'<p class="quiet">Comment: {linked(each.body)}</p>' for each in one.comments
    )
    return f"""<article class="ticket" id="pull-{one.number}">
<header><h3>#{one.number} {escape(one.title)}</h3>
<span class="status">{status}</span></header>
<p class="quiet">{way}{"".join(_asked(one))}</p>
<div class="text">{linked(one.body)}</div>
<details open><summary class="quiet">Files changed</summary>
<pre class="text quiet">{escape(diff_of(one, pulls))}</pre></details>
{comments}
</article>
"""


def _asked(one: Pull) -> Iterator[str]:
    for words, names in (
        ("reviews asked of", [*one.reviewers, *one.teams]),
        ("labels:", one.labels),
        ("approved by", one.approvals),
    ):
        if names:
            yield f" · {words} {escape(', '.join(names))}"
