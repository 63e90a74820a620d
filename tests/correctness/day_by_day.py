"""The oracle: when a length of time ends, by walking the calendar a day at a time.

It shares no arithmetic with domain.calendars: it only asks what a zone's wall clock shows at an instant, and
finds every instant by trying. Source: practice.md, section 4; the reading of skipped and doubled times of day
is the one that domain.calendars promises.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from domain.calendars import WorkCalendar
from domain.policy import Limit, StepRule, Unit

_A_DAY, _AN_HOUR = timedelta(days=1), timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
Span = tuple[datetime, datetime]
_STEPS = (
    timedelta(days=30), _A_DAY, _AN_HOUR, timedelta(minutes=1), timedelta(seconds=1),
    timedelta(milliseconds=10), timedelta(microseconds=100), _TICK,
)  # fmt: skip
_AROUND = [
    timedelta(hours=hour) for hour in range(-48, 49, 6)
]  # no zone changes twice in six hours


def shown(instant: datetime, zone: ZoneInfo) -> datetime:
    """What a clock on the wall shows."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def first_showing(wanted: datetime, zone: ZoneInfo) -> datetime:
    """Of all instants around, by the offsets that the zone has had near, the first that shows `wanted`.

    When none does, the clock jumped over it: as late after the jump as `wanted` was after where it began.
    """
    around = wanted.replace(tzinfo=UTC)
    offsets = {(around + each).astimezone(zone).utcoffset() or timedelta() for each in _AROUND}
    candidates = sorted(around - offset for offset in offsets)
    exact = [each for each in candidates if shown(each, zone) == wanted]
    return exact[0] if exact else max(candidates)


def end_of(limit: Limit, start: datetime, work: WorkCalendar, *, back: bool = False) -> datetime:
    """Where `limit` ends that begins at `start`; `back`: where it began that ends there."""
    if limit.count == 0:
        return start
    if limit.unit is Unit.HOURS:
        return _ticked(start, -limit.count if back else limit.count)
    zone = ZoneInfo(work.zone)
    begun = shown(start, zone)
    day = _last_day(limit, begun.date(), work, -_A_DAY if back else _A_DAY)
    return first_showing(datetime.combine(day, begun.time()), zone)


def moments_of(
    rule: StepRule, anchored_at: datetime, due_at: datetime, work: WorkCalendar
) -> list[tuple[str, datetime]]:
    """Every moment of a duty, as packs promise: reminders inside its time, the breach, each later rung."""
    remind = {_reminder(each.lead, anchored_at, due_at, work) for each in rule.reminders}
    inside = sorted(each for each in remind if anchored_at < each < due_at)
    before = [(f"reminder-{number + 1}", at) for number, at in enumerate(inside)]
    if rule.opens is not None:
        opened = ("opened", end_of(rule.opens, anchored_at, work))
        before.insert(sum(at < opened[1] for _, at in before), opened)
    told = sorted(end_of(rung.after, due_at, work) for rung in rule.ladder)
    later = told[1:] if told and told[0] == due_at else told
    return [
        *before,
        ("due", due_at),
        *((f"rung-{number + 1}", at) for number, at in enumerate(later)),
    ]


def goes_on_until(begun: datetime, due_at: datetime, stands: Sequence[Span]) -> datetime:
    """When as much time has gone by outside of `stands` as lies between `begun` and `due_at`.

    Ever smaller steps are taken for as long as they fit; what ends as a pause begins goes on to the pause's end.
    """
    left, at = due_at - begun, begun
    for step in _STEPS:
        while (goes := step - _standing(at, at + step, stands)) <= left:
            at, left = at + step, left - goes
    return at


def _standing(begun: datetime, end: datetime, stands: Sequence[Span]) -> timedelta:
    found = timedelta()
    for first, last in stands:
        if first < end and begun < last:
            found += min(end, last) - max(begun, first)
    return found


def _reminder(
    lead: Limit | None, anchored_at: datetime, due_at: datetime, work: WorkCalendar
) -> datetime:
    if lead is not None:
        return end_of(lead, due_at, work, back=True)
    half = Fraction((anchored_at - _EPOCH) // _TICK + (due_at - _EPOCH) // _TICK, 2)
    whole = (anchored_at - _EPOCH) // _TICK
    return _EPOCH + _TICK * (whole + round(half - whole))


def _ticked(start: datetime, hours: int) -> datetime:
    """Hour after hour passes on a clock that is never changed."""
    for _ in range(abs(hours)):
        start = start + _AN_HOUR if hours > 0 else start - _AN_HOUR
    return start


def _last_day(limit: Limit, first: date, work: WorkCalendar, step: timedelta) -> date:
    match limit.unit:
        case Unit.DAYS:
            counted = _nth(_walk(first, step), limit.count)
        case Unit.WEEKS:
            weekday = first.weekday()
            counted = _nth((d for d in _walk(first, step) if d.weekday() == weekday), limit.count)
        case Unit.WORKING_DAYS:
            counted = _nth((d for d in _walk(first, step) if _works(work, d)), limit.count)
        case _:
            counted = _same_day_of_month(first, limit.count, step)
    return counted


def _walk(day: date, step: timedelta) -> Iterator[date]:
    while True:
        day += step
        yield day


def _nth(days: Iterator[date], count: int) -> date:
    for _ in range(count - 1):
        next(days)
    return next(days)


def _works(work: WorkCalendar, day: date) -> bool:
    return all(day.weekday() != off for off in work.weekend) and day not in work.holidays


def _same_day_of_month(first: date, months: int, step: timedelta) -> date:
    day = first
    while months:  # into the month that many months away, whichever end of it comes first
        following = day + step
        months -= following.month != day.month
        day = following
    while day.day < first.day and (day + _A_DAY).month == day.month:
        day += _A_DAY
    while day.day > first.day:
        day -= _A_DAY
    return day
