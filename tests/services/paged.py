"""A list read to its end, page by page, as a caller does who knows nothing of what a cursor says."""

from typing import Any

from tests.services.served import Served


async def pages(served: Served, who: str, path: str, limit: int = 2) -> list[list[dict[str, Any]]]:
    """What each page held."""
    found: list[list[dict[str, Any]]] = []
    also = f"{'&' if '?' in path else '?'}limit={limit}"
    cursor: str | None = ""
    while cursor is not None:
        following = f"&cursor={cursor}" if cursor else ""
        answer = await served.get(who, f"{path}{also}{following}")
        assert answer.status_code == 200, answer.text
        assert "ETag" not in answer.headers
        page = answer.json()
        assert len(page["items"]) <= limit
        found.append(page["items"])
        cursor = page["next_cursor"]
    return found


async def one_by_one(served: Served, who: str, path: str, name: str) -> list[Any]:
    """A field of every row, read in pages of one: the same as read whole, nothing lost or doubled."""
    small = [row[name] for page in await pages(served, who, path, limit=1) for row in page]
    whole = [row[name] for page in await pages(served, who, path, limit=200) for row in page]
    assert small == whole
    assert len(set(map(str, whole))) == len(whole)
    return whole


async def refused_cursor(served: Served, who: str, path: str, *kinds: str) -> None:
    """What was not written for this list is a clear refusal, whatever it decodes to; `kinds`: more of it."""
    # nonsense; no base64; a number; no place at all; NUL; half a character; infinity; lists in lists
    for said in (
        "", "nonsense", "%C3%A9", "NQ", "W10", "WyJcdTAwMDAiXQ", "WyJcdWQ4MDAiLCJhIl0", "WzFlOTldCg",
        "W1tbXV1d", *kinds,
    ):  # fmt: skip
        answer = await served.get(who, f"{path}{'&' if '?' in path else '?'}cursor={said}")
        assert answer.status_code == 422, (said, answer.text)
        [error] = answer.json()["errors"]
        assert error["field"] == "cursor"
