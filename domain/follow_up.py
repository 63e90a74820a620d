"""How often child and family are seen, and what a visit that finds things worse leads to.

The plan's own rhythm comes first, piece by piece; without one the pack's rhythm for the risk holds. The next
one counts from the last that was made. Source: practice.md, step 6 and section 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import Malformed, Refusal
from domain.policy import Limit, Pack, Unit
from domain.recording import demand_past
from domain.vocabulary import Finding, Method, Person, Risk

RHYTHM = "follow-up"
QUICKENED = "follow-up.quickened"  # the fact by which a higher risk brings one forward
_STEADY = frozenset({Unit.DAYS, Unit.WEEKS, Unit.MONTHS})


class RhythmBroken(Malformed):
    """A rhythm goes on without end: each piece ends after the one before it, and the last has no end."""

    code = "rhythm-broken"


class FollowUpOver(Refusal):
    """This follow-up belongs to a plan that was replaced."""

    code = "follow-up-over"


class BeforeAgreed(Malformed):
    """A follow-up is made after it was agreed on."""

    code = "before-agreed"


@dataclass(frozen=True, slots=True)
class Piece:
    """`every` so long, for what falls due not after the day `until` (None: from then on)."""

    every: Limit
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """One line of follow-ups in a plan; `rhythm` empty: the pack's, by risk. Instants are UTC."""

    id: UUID
    with_whom: Person
    method: Method
    agreed_at: datetime
    next_due: datetime
    rhythm: tuple[Piece, ...] = ()
    last_at: datetime | None = None
    replaced: bool = False


def read_rhythm(pieces: Sequence[tuple[str, date | None]], field: str) -> tuple[Piece, ...]:
    """From `every` and `until` as people write them; raises Malformed, RhythmBroken."""
    read = tuple(
        Piece(_steady(every, f"{field}.{number}.every"), until)
        for number, (every, until) in enumerate(pieces)
    )
    ends = [piece.until for piece in read]
    if read and ends[-1] is not None:
        raise RhythmBroken("The last piece has no end.", field=f"{field}.{len(read) - 1}.until")
    for number, (end, following) in enumerate(pairwise(ends)):
        if end is None or (following is not None and following <= end):
            raise RhythmBroken(field=f"{field}.{number}.until")
    return read


def next_due(
    rhythm: Sequence[Piece], pack: Pack, risk: Risk, start: datetime, zone: str
) -> datetime:
    """When the next one falls due, counted from `start` (UTC); past its end a piece gives way."""
    work = replace(pack.calendar, zone=zone)
    for piece in rhythm:
        due = piece.every.after(start, work)
        if piece.until is None or due.astimezone(ZoneInfo(zone)).date() <= piece.until:
            return due
    return pack.rhythm(RHYTHM, risk).after(start, work)


def record(
    track: Track, occurred_at: datetime, pack: Pack, risk: Risk, now: datetime, zone: str
) -> Track:
    """The track as it goes on; one that is entered late, behind a newer one, moves nothing."""
    if track.replaced:
        raise FollowUpOver
    demand_past(occurred_at, now, "occurred_at")
    if occurred_at < track.agreed_at:
        raise BeforeAgreed(field="occurred_at")
    if not is_newest(track, occurred_at):
        return track
    following = next_due(track.rhythm, pack, risk, occurred_at, zone)
    return replace(track, last_at=occurred_at, next_due=following)


def dated_by(rhythm: Sequence[Piece]) -> dict[str, str]:
    """The rhythm of the pack that proposes the next date, as a code; none where the plan has its own."""
    return {} if rhythm else {"rhythm": RHYTHM}


def is_newest(track: Track, occurred_at: datetime) -> bool:
    return track.last_at is None or occurred_at > track.last_at


def quicken(track: Track, pack: Pack, risk: Risk, now: datetime, zone: str) -> Track:
    """At a higher risk the pack's rhythm is quicker; what the plan set itself stays as agreed."""
    if track.rhythm or track.replaced:
        return track
    following = min(track.next_due, next_due((), pack, risk, now, zone))
    return replace(track, next_due=following)


def calls_for_reassessment(finding: Finding) -> bool:
    return finding is Finding.WORSE


def _steady(text: str, field: str) -> Limit:
    forms = ("N days", "N weeks", "N months")
    try:
        limit = Limit.parse(text)
    except Malformed:
        raise Malformed("This is not a rhythm.", field=field, allowed=forms) from None
    if limit.unit not in _STEADY or limit.count == 0:
        raise Malformed("This is not a rhythm.", field=field, allowed=forms)
    return limit
