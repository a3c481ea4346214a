"""How Zendesk pages its lists: by cursor if a request names a page size, else by number.

https://developer.zendesk.com/api-reference/introduction/pagination/
"""

from integrations.sandbox.messages import Json, Request

MAX_PAGE = 100


def page(base: str, request: Request, key: str, items: list[Json]) -> Json:
    """Return a page, by cursor or by number as the request wants it.

    Args:
        base: the account's address.
        request: names the page.
        key: under which the items are returned.
        items: the whole list.
    """
    if "page[size]" in request.query or "page[after]" in request.query:
        return cursor_page(base, request, key, items)
    return offset_page(base, request, key, items)


def cursor_page(base: str, request: Request, key: str, items: list[Json]) -> Json:
    """Return a page with the cursor of the next one; see `page`."""
    size = min(positive(request.query.get("page[size]"), MAX_PAGE), MAX_PAGE)
    start = positive(request.query.get("page[after]", "").removeprefix("after"), 0)
    end = start + size
    has_more = end < len(items)
    address = f"{base}{request.path}.json?page[size]={size}"
    return {
        key: items[start:end],
        "meta": {
            "has_more": has_more,
            "after_cursor": f"after{end}" if items else None,
            "before_cursor": f"before{start}" if items else None,
        },
        "links": {
            "prev": f"{address}&page[before]=before{start}" if start else None,
            "next": f"{address}&page[after]=after{end}" if has_more else None,
        },
    }


def offset_page(base: str, request: Request, key: str, items: list[Json]) -> Json:
    """Return a page by its number, with the length of the whole list; see `page`."""
    size = min(positive(request.query.get("per_page"), MAX_PAGE), MAX_PAGE)
    number = positive(request.query.get("page"), 1)
    end = number * size
    address = f"{base}{request.path}.json?page="
    return {
        key: items[end - size : end],
        "next_page": f"{address}{number + 1}" if end < len(items) else None,
        "previous_page": f"{address}{number - 1}" if number > 1 else None,
        "count": len(items),
    }


def positive(text: str | None, default: int) -> int:
    """Return a number above 0, or the default if the text is something else."""
    return int(text) if text and text.isdigit() and int(text) > 0 else default
