"""When somebody works, or a service is open: spans of a week in local time, written as `mon.0900-1700`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from domain.errors import Malformed

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN_PATTERN = r"^(mon|tue|wed|thu|fri|sat|sun)\.([01][0-9]|2[0-3])[0-5][0-9]-(([01][0-9]|2[0-3])[0-5][0-9]|2400)$"
_SPAN = re.compile(r"^(\w{3})\.(\d{2})(\d{2})-(\d{2})(\d{2})$")
_ALLOWED = ("mon.0900-1700", "sat.1000-2400")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`day` counts from Monday, 0; times are minutes after midnight, the end not included, 1440 at most."""

    day: int
    begins: int
    ends: int

    @property
    def code(self) -> str:
        return f"{DAYS[self.day]}.{clock_time(self.begins)}-{clock_time(self.ends)}"


def clock_time(minutes: int, between: str = "") -> str:
    return f"{minutes // 60:02d}{between}{minutes % 60:02d}"


def span(code: str, field: str = "spans") -> Span:
    """Raises Malformed. What goes on past midnight is two spans."""
    if not re.match(SPAN_PATTERN, code):
        raise Malformed("Not a span of a week.", field=field, allowed=_ALLOWED)
    found = _SPAN.match(code)
    assert found  # noqa: S101  the pattern above is the narrower one
    day, *figures = found.groups()
    hour, minute, to_hour, to_minute = map(int, figures)
    read = Span(DAYS.index(day), hour * 60 + minute, to_hour * 60 + to_minute)
    if read.ends <= read.begins:
        raise Malformed(
            "A span ends after it begins; past midnight another one begins.",
            field=field,
            allowed=_ALLOWED,
        )
    return read


def week(codes: Iterable[str], field: str = "spans") -> tuple[str, ...]:
    """The spans in the order of the week; raises Malformed when two of them meet."""
    spans = sorted(span(code, field) for code in codes)
    for one, other in pairwise(spans):
        if one.day == other.day and other.begins < one.ends:
            raise Malformed("Two spans overlap.", field=field)
    return tuple(each.code for each in spans)
