"""When the digest of what is to be taken up is due.

One a recipient a day at most. Something new, or more overdue than last time, is told the same day; a backlog
that has not changed is counted again after growing pauses, so that it does not mail every morning.
"""

from dataclasses import dataclass
from datetime import date

# Days until an unchanged backlog is counted again; the last one stays.
SPACING = (1, 2, 4, 7, 14, 28)


@dataclass(frozen=True, slots=True)
class Backlog:
    """`fresh` was not told by any channel yet; `open` is all to take up, `overdue` the part past due."""

    fresh: int
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class LastDigest:
    day: date
    overdue: int
    spacing: int


def spacing(backlog: Backlog, last: LastDigest | None, today: date) -> int | None:
    """Days until an unchanged backlog may be told again, when a digest is due today; None: it is not."""
    if last is not None and last.day >= today:
        return None
    if backlog.fresh > 0:
        return SPACING[0]
    if backlog.open == 0:
        return None
    if last is None or backlog.overdue > last.overdue:
        return SPACING[0]
    if (today - last.day).days < _longer(last.spacing):
        return None
    return _longer(last.spacing)


def _longer(days: int) -> int:
    return next((each for each in SPACING if each > days), SPACING[-1])
