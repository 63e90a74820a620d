"""Questions for the oracle: duties of every kind, most of them where calendars are awkward.

All chance comes from the `Random` given, so that Hypothesis can shrink a question and a long run can repeat one.
"""

import warnings
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.calendars import WorkCalendar
from domain.deadlines import Fact, consequences
from domain.extending import Kind
from domain.policy import Limit, Pack, Reminder, Rung, StepRule, Unit
from domain.vocabulary import Risk, Role, SubjectType
from infrastructure.work_calendars import work_calendar
from tests.correctness import day_by_day
from tests.correctness.more_time import Answer, WalkedDuty, Wish, answered

# Half-hour and quarter-hour offsets, changes at midnight, by half an hour and by 20 minutes of the past,
# Ramadan's pauses, a day left out, both hemispheres, both ends of the day, none at all.
ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "Africa/Kampala", "America/Asuncion", "America/Havana",
    "America/New_York", "America/Nuuk", "America/Santiago", "America/Sao_Paulo", "America/St_Johns",
    "Antarctica/Troll", "Asia/Amman", "Asia/Beirut", "Asia/Dhaka", "Asia/Gaza", "Asia/Kabul",
    "Asia/Kathmandu", "Asia/Tehran", "Atlantic/Azores", "Australia/Lord_Howe", "Europe/Berlin",
    "Europe/Dublin", "Europe/Istanbul", "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati",
    "Pacific/Norfolk", "UTC",
)  # fmt: skip
# Weekends as they are kept: Sat-Sun, Fri-Sat, Thu-Fri, Friday, Sunday, Saturday, none, all but one day.
WEEKENDS = ((5, 6), (4, 5), (3, 4), (4,), (6,), (5,), (), (0, 1, 2, 3, 5, 6))
COUNTRIES = ("none", "none", "DE-BE", "EG", "IN", "IR", "JP", "KE", "NP", "BR", "US")
_LONGEST = {
    Unit.HOURS: 200,
    Unit.DAYS: 400,
    Unit.WEEKS: 60,
    Unit.MONTHS: 40,
    Unit.WORKING_DAYS: 40,
}
_LEADS = (Unit.HOURS, Unit.DAYS, Unit.WEEKS)
_ROLES = (Role.SUPERVISOR, Role.MANAGER, Role.AGENCY_HEAD)


@dataclass(frozen=True)
class Question:
    """A duty of one row of a pack, set by a fact at `start` (UTC)."""

    rule: StepRule
    start: datetime
    work: WorkCalendar
    wishes: tuple[Wish, ...] = ()

    def ours(self) -> list[Answer]:
        """What the platform says: the due instant and every moment, at first and after every wish."""
        pack = Pack("asked", 1, "Asked", self.work, {}, {self.rule.key: self.rule})
        fact = Fact(UUID(int=1), "asked", self.start, "TL-7K2M-9QXA-Y", "north", pack.id)
        (deadline,) = consequences(pack, self.rule.owner, (), fact).set
        first = deadline.due_at, [(each.name, each.at) for each in deadline.moments]
        return [first, *answered(deadline, pack, self.wishes)]

    def oracles(self) -> list[Answer]:
        due_at = day_by_day.end_of(self.rule.limit(Risk.UNKNOWN), self.start, self.work)
        first = due_at, day_by_day.moments_of(self.rule, self.start, due_at, self.work)
        duty = WalkedDuty.set_at(self.rule, self.start, due_at, self.work)
        return [first, *(duty.answer(wish) for wish in self.wishes)]


def a_question(chance: Random) -> Question:
    work = _a_calendar(chance)
    limit = _a_limit(chance, tuple(_LONGEST))
    rule = StepRule(
        key="duty",
        title="Duty",
        owner="cases",
        subject=SubjectType.CASE,
        anchors=("asked",),
        met_by=("done",),
        cancelled_by=(),
        moved_by=(),
        responsible=Role.CASEWORKER,
        limits=dict.fromkeys(Risk, limit),
        opens=_a_limit(chance, tuple(_LONGEST)) if chance.random() < 0.1 else None,
        reminders=_reminders(chance),
        ladder=_a_ladder(chance),
        source="chance",
        pause_limit=_a_limit(chance, tuple(_LONGEST)) if chance.random() < 0.9 else None,
    )
    start = _a_start(chance, limit, work.zone)
    return Question(rule, start, work, _wishes(chance, start, limit, work.zone))


def _a_limit(chance: Random, units: tuple[Unit, ...]) -> Limit:
    unit = chance.choice(units)
    longest = _LONGEST[unit]
    return Limit(chance.randint(0, longest if chance.random() < 0.5 else min(longest, 5)), unit)


def _reminders(chance: Random) -> tuple[Reminder, ...]:
    found = [Reminder(None)] if chance.random() < 0.5 else []
    if chance.random() < 0.5:
        found.append(Reminder(_a_limit(chance, _LEADS)))
    return tuple(found)


def _a_ladder(chance: Random) -> tuple[Rung, ...]:
    rungs = []
    for role in _ROLES[: chance.randint(0, 3)]:
        unit = chance.choice(tuple(_LONGEST))
        rungs.append(Rung(role, Limit(chance.randint(0, 6), unit)))
    return tuple(rungs)


def _a_calendar(chance: Random) -> WorkCalendar:
    weekend, country = chance.choice(WEEKENDS), chance.choice(COUNTRIES)
    return a_calendar(chance.choice(ZONES), weekend, country, chance.randint(0, 3))


@cache
def a_calendar(zone: str, weekend: tuple[int, ...], country: str, closed: int) -> WorkCalendar:
    """With `closed` fortnights a year in which the agency is shut, one of them over the new year."""
    return WorkCalendar(zone, frozenset(weekend), _public(country) | _shut(closed), "asked")


@cache
def _public(country: str) -> frozenset[date]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some countries' holidays are known for fewer years
        return work_calendar("UTC", (), country).holidays


@cache
def _shut(closed: int) -> frozenset[date]:
    return frozenset(
        date(year, month, day) + timedelta(days=each)
        for month, day in ((12, 22), (3, 25), (10, 20))[:closed]
        for year in range(1990, 2056)
        for each in range(14)
    )


def _a_start(chance: Random, limit: Limit, zone: str) -> datetime:
    """Where the end will be near a change of the clocks, near a month's end, or anywhere."""
    kind = chance.random()
    if kind < 0.4:
        changes = _changes(zone, chance.randint(1996, 2045))
        if changes:
            near = chance.choice(changes) + timedelta(seconds=chance.randint(-3 * 3600, 3 * 3600))
            return near - _about(limit) if chance.random() < 0.7 else near
    if kind < 0.7:
        first = datetime(chance.randint(1996, 2045), chance.randint(1, 12), 1, tzinfo=UTC)
        return first + timedelta(seconds=chance.randint(-3 * 86_400, 86_400))
    return datetime(1995, 1, 1, tzinfo=UTC) + timedelta(
        seconds=chance.randint(0, 50 * 365 * 86_400), microseconds=chance.randint(0, 999_999)
    )


def _wishes(chance: Random, start: datetime, limit: Limit, zone: str) -> tuple[Wish, ...]:
    """None for most duties; else up to four, one after the other, the first of them before the end."""
    if chance.random() < 0.6:
        return ()
    found: list[Wish] = []
    at, due_at = start, start + _about(limit)
    for _ in range(chance.randint(1, 4)):
        left = due_at - at if due_at > at else timedelta(days=1)
        at += left * chance.choice((0, 0.1, 0.4, 0.6, 0.8, 1, 1.02))
        kind = chance.choice((Kind.PAUSE, Kind.PAUSE, Kind.PAUSE, Kind.EXTENSION, None))
        begun = due_at if kind is Kind.EXTENSION and chance.random() < 0.9 else at
        until = begun + _a_while(chance, begun, zone)
        found.append(Wish(kind, at, until))
        due_at = until if kind is Kind.EXTENSION else due_at + (until - at)
        if (
            kind is Kind.PAUSE and until > at and chance.random() < 0.5
        ):  # inside it, or at its very end
            at += (until - at) * chance.choice((0.2, 0.6, 1))
            found.append(Wish(chance.choice((None, None, Kind.PAUSE)), at, until))
    return tuple(found)


def _a_while(chance: Random, begun: datetime, zone: str) -> timedelta:
    """Hours or days, to next to a change of the clocks, to a month's end."""
    kind = chance.random()
    if kind < 0.2:
        return timedelta(hours=chance.randint(0, 100))
    if kind < 0.6:
        return timedelta(days=chance.randint(0, 40), seconds=chance.randint(0, 86_400))
    later = [each for each in _changes(zone, begun.year) if each > begun]
    if kind < 0.8 and later:
        return later[0] - begun + timedelta(seconds=chance.randint(-3 * 3600, 3 * 3600))
    month = datetime(begun.year + begun.month // 12, begun.month % 12 + 1, 1, tzinfo=UTC)
    return month - begun + timedelta(seconds=chance.randint(-86_400, 86_400))


def _about(limit: Limit) -> timedelta:
    match limit.unit:
        case Unit.HOURS:
            return timedelta(hours=limit.count)
        case Unit.WEEKS:
            return timedelta(weeks=limit.count)
        case Unit.MONTHS:
            return timedelta(days=limit.count * 365.25 // 12)
        case _:
            return timedelta(days=limit.count)


@cache
def _changes(zone: str, year: int) -> tuple[datetime, ...]:
    """Every change of the zone's clocks in a year, to the hour before it (UTC)."""
    place, first = ZoneInfo(zone), datetime(year, 1, 1, tzinfo=UTC)
    hours = [first + timedelta(hours=hour) for hour in range(0, 366 * 24, 12)]
    found = []
    for one, following in pairwise(hours):
        if one.astimezone(place).utcoffset() != following.astimezone(place).utcoffset():
            inside = [one + timedelta(hours=hour) for hour in range(13)]
            found += [
                early
                for early, late in pairwise(inside)
                if early.astimezone(place).utcoffset() != late.astimezone(place).utcoffset()
            ]
    return tuple(found)
