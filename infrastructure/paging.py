"""Lists in pages, the same in every service: a total order, and a cursor that says where the next page begins.

The cursor names the last row seen, so that rows which come or go meanwhile move no other from page to page.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlalchemy import BigInteger, RowMapping, Select, literal, tuple_
from sqlalchemy.sql.elements import NamedColumn

from domain.errors import Malformed
from infrastructure.unit_of_work import UnitOfWork

USUAL = 50
MOST = 200
LONGEST_CURSOR = 500
Cursor = Annotated[
    str | None,
    Query(
        max_length=LONGEST_CURSOR,
        description="`next_cursor` of the page before, as it was given; left out, the first page.",
    ),
]
Limit = Annotated[
    int,
    Query(ge=1, le=MOST, description="At most so many; a page may hold fewer and not be the last."),
]
NextCursor = Annotated[
    str | None, Field(description="`cursor` of the following page; null when this is the last one")
]


async def page(
    uow: UnitOfWork,
    query: Select[Any],
    by: Sequence[NamedColumn[Any]],
    cursor: str | None,
    limit: int,
    *,
    newest_first: bool = False,
) -> tuple[Sequence[RowMapping], str | None]:
    """One page, and the cursor of the next. Raises Malformed.

    `by` is the order: selected, never null, and its last column unique.
    """
    if cursor is not None:
        place = read(cursor, [_kind(each) for each in by])
        at = tuple_(*(literal(each, column.type) for column, each in zip(by, place, strict=True)))
        query = query.where(tuple_(*by) < at if newest_first else tuple_(*by) > at)
    query = query.order_by(*(each.desc() if newest_first else each for each in by))
    rows = (await uow.connection.execute(query.limit(limit + 1))).mappings().all()
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], written([rows[limit - 1][each.name] for each in by])


def written(place: Sequence[Any]) -> str:
    """Opaque to callers: they hand it back as it is."""
    plain = [each if isinstance(each, int | str) else _text(each) for each in place]
    said = json.dumps(plain, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def read(cursor: str, kinds: Sequence[Callable[[Any], Any]]) -> list[Any]:
    """The place that a cursor names; raises Malformed for whatever was not written here."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        said = json.loads(base64.b64decode(padded, b"-_", validate=True))
        if not isinstance(said, list):
            raise TypeError
        return [kind(each) for kind, each in zip(kinds, said, strict=True)]
    except (ValueError, TypeError, OverflowError):
        raise Malformed(
            "This is not a cursor of this list: take `next_cursor` of the page before.",
            field="cursor",
        ) from None


def words(said: Any) -> str:
    """Nothing that a database could not keep, such as NUL or half a character."""
    if not isinstance(said, str) or not said.isprintable():
        raise ValueError
    return said


def number(said: Any, bits: int = 63) -> int:
    if type(said) is not int or not -(2**bits) <= said < 2**bits:
        raise ValueError
    return said


def _instant(said: Any) -> datetime:
    at = datetime.fromisoformat(said)
    if at.tzinfo is None:
        raise ValueError
    return at.astimezone(UTC)


def _small_number(said: Any) -> int:
    return number(said, bits=31)


_KINDS: Mapping[type, Callable[[Any], Any]] = {
    str: words,
    int: _small_number,
    datetime: _instant,
    date: date.fromisoformat,
    UUID: lambda said: UUID(words(said)),
}


def _kind(column: NamedColumn[Any]) -> Callable[[Any], Any]:
    return number if isinstance(column.type, BigInteger) else _KINDS[column.type.python_type]


def _text(said: date | UUID) -> str:
    return said.isoformat() if isinstance(said, date) else str(said)
