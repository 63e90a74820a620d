"""What changes from one policy pack to another, in sentences, with what gets shorter and what longer.

Limits of different units are compared by what they come to: from every day of a year, each in its own calendar.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from domain.calendars import WorkCalendar
from domain.pack_words import (
    DAYS,
    Chapter,
    Passage,
    either,
    facts,
    free_days,
    ladder_words,
    length,
    limit_words,
    listed,
    name,
    person,
    quorum_words,
    reminder_words,
    rounds_words,
    rungs,
    span,
    step_words,
)
from domain.policy import Limit, Pack, Rung, StepRule, Unit
from domain.vocabulary import Risk

_RISKS = tuple(reversed(Risk))
_YEAR = 2027  # any year serves, as no clock is asked: this one has no leap day


def differences(before: Pack, after: Pack) -> tuple[Chapter, ...]:
    """Chapters with a passage for everything that differs; none at all when nothing does."""
    chapters = (
        Chapter("Calendar", _passages([("Calendar", _calendar(before.calendar, after.calendar))])),
        Chapter("Criteria", _passages(_criteria(before, after))),
        Chapter("Steps", _passages(_steps(before, after))),
        Chapter("Ladders", _passages(_ladders(before, after))),
        Chapter("Rhythms", _passages(_rhythms(before, after))),
        Chapter("Periods", _passages(_periods(before, after))),
        Chapter("Figures", _passages(_figures(before, after))),
        Chapter("Quorums", _passages(_quorums(before, after))),
    )
    return tuple(chapter for chapter in chapters if chapter.passages)


def _passages(found: Iterable[tuple[str, Sequence[str]]]) -> tuple[Passage, ...]:
    return tuple(Passage(heading, tuple(said)) for heading, said in found if said)


def _calendar(before: WorkCalendar, after: WorkCalendar) -> list[str]:
    said = []
    if before.zone != after.zone:
        said.append(f"Times of day are those of {after.zone} instead of {before.zone}.")
    if before.weekend != after.weekend:
        said.append(f"The weekend is {_weekend(after)} instead of {_weekend(before)}.")
    if before.holidays != after.holidays:
        said.append(f"Now {free_days(after)}; formerly {free_days(before)}.")
    if before.version != after.version:
        said.append(f"The dates come from {after.version} instead of {before.version}.")
    return said


def _weekend(work: WorkCalendar) -> str:
    return listed([DAYS[day] for day in sorted(work.weekend)]) or "no day"


def _criteria(before: Pack, after: Pack) -> Iterable[tuple[str, list[str]]]:
    for key in _keys(before.criteria, after.criteria):
        if key not in before.criteria:
            new = after.criteria[key]
            yield (
                new.title,
                [f"New reason to register; the risk presumed is {new.presumed_risk}."],
            )
        elif key not in after.criteria:
            yield before.criteria[key].title, ["No longer a reason to register."]
        else:
            was, becomes = before.criteria[key], after.criteria[key]
            said = _title(was.title, becomes.title)
            if was.presumed_risk != becomes.presumed_risk:
                said.append(
                    f"The risk presumed is {becomes.presumed_risk} instead of {was.presumed_risk}."
                )
            yield becomes.title, said


def _steps(before: Pack, after: Pack) -> Iterable[tuple[str, list[str]]]:
    for key in _keys(before.steps, after.steps):
        if key not in before.steps:
            yield after.steps[key].title, ["New duty.", *step_words(after.steps[key])]
        elif key not in after.steps:
            yield before.steps[key].title, ["Nobody owes this any more."]
        else:
            was, becomes = before.steps[key], after.steps[key]
            yield becomes.title, _step(was, becomes, before.calendar, after.calendar)


def _step(was: StepRule, becomes: StepRule, before: WorkCalendar, after: WorkCalendar) -> list[str]:
    said = _title(was.title, becomes.title)
    if was.responsible != becomes.responsible:
        said.append(
            f"{person(becomes.responsible.value).capitalize()} owes it instead of "
            f"{person(was.responsible.value)}."
        )
    said += _limits(was.limits, becomes.limits, before, after)
    if was.first_rounds != becomes.first_rounds:
        said.append(f"{_rounds(becomes)} instead of: {_rounds(was)}.")
    said += _facts("It is counted from", was.anchors, becomes.anchors)
    if was.unless != becomes.unless:
        said.append(
            f"Grounds of closure after which it is not owed: {either(becomes.unless) or 'none'}."
        )
    said += _facts("It is done with", was.met_by, becomes.met_by)
    said += _facts("It is dropped with", was.cancelled_by, becomes.cancelled_by)
    said += _facts("It is reckoned anew with", was.moved_by, becomes.moved_by)
    if was.opens != becomes.opens:
        said.append(f"It may be done {_from(becomes.opens)} instead of {_from(was.opens)}.")
    if was.pause_limit != becomes.pause_limit:
        said.append(f"It may be paused {_paused(becomes)} instead of {_paused(was)}.")
    if was.reminders != becomes.reminders:
        reminded = [reminder_words(each.reminders) or "never" for each in (becomes, was)]
        said.append(f"Reminders come {reminded[0]} instead of {reminded[1]}.")
    return said


def _ladders(before: Pack, after: Pack) -> Iterable[tuple[str, list[str]]]:
    """One passage for all duties whose ladder changes alike."""
    alike: dict[tuple[Sequence[Rung], Sequence[Rung]], list[str]] = {}
    shared = [key for key in before.steps if key in after.steps]
    for key in shared:
        ladders = before.steps[key].ladder, after.steps[key].ladder
        alike.setdefault(ladders, []).append(after.steps[key].title)
    for (was, becomes), titles in alike.items():
        if was != becomes:
            whom = "Every duty" if len(titles) == len(shared) else "; ".join(titles)
            yield whom, [ladder_words(becomes), f"Formerly: {rungs(was)}."]


def _limits(
    was: Mapping[Risk, Limit],
    becomes: Mapping[Risk, Limit],
    before: WorkCalendar,
    after: WorkCalendar,
) -> list[str]:
    """One sentence for all risks whose limits change alike."""
    groups: dict[tuple[Limit, Limit], list[str]] = {}
    for risk in _RISKS:
        groups.setdefault((was[risk], becomes[risk]), []).append(risk.value)
    said = []
    for (old, new), risks in groups.items():
        effect = _effect(old, new, before, after)
        if old == new and not effect:
            continue
        when = "" if len(groups) == 1 else f" when the risk is {either(risks)}"
        change = f"still {length(new)}" if old == new else f"{length(new)} instead of {length(old)}"
        said.append(f"Due {change}{when}{f': {effect}' if effect else ''}.")
    return said


def _effect(old: Limit, new: Limit, before: WorkCalendar, after: WorkCalendar) -> str:
    """`shorter by 12 hours`, `longer by 1 day to 3 days, by the day it starts`; empty: nothing."""
    if Unit.AS_AGREED in (old.unit, new.unit):
        return ""
    least, most = _gain(old, new, before, after)
    none = timedelta()
    if least == most:
        return f"{_direction(least)} by {span(least)}" if least else ""
    if least < none < most:
        return (
            f"shorter by up to {span(least)} or longer by up to {span(most)}, by the day it starts"
        )
    small, great = sorted((abs(least), abs(most)))
    how_much = f"{span(small)} to {span(great)}" if small else f"up to {span(great)}, or the same"
    return f"{_direction(least or most)} by {how_much}, by the day it starts"


def _direction(gain: timedelta) -> str:
    return "shorter" if gain.days < 0 else "longer"


@lru_cache(maxsize=512)
def _gain(
    old: Limit, new: Limit, before: WorkCalendar, after: WorkCalendar
) -> tuple[timedelta, timedelta]:
    """The least and the most time that the new limit gives beyond the old, over a year of starts."""
    # In UTC, so that the two hours a year by which clocks change do not blur what the limits say.
    before, after = replace(before, zone="UTC"), replace(after, zone="UTC")
    first = datetime(_YEAR, 1, 1, tzinfo=UTC)
    starts = (first + timedelta(days=day) for day in range(365))
    gains = [new.after(start, after) - old.after(start, before) for start in starts]
    return min(gains), max(gains)


def _rhythms(before: Pack, after: Pack) -> Iterable[tuple[str, list[str]]]:
    for key in _keys(before.rhythms, after.rhythms):
        if key not in before.rhythms:
            yield name(key), [f"New: repeated {limit_words(after.rhythms[key])}."]
        elif key not in after.rhythms:
            yield name(key), ["No longer named."]
        else:
            was, becomes = before.rhythms[key], after.rhythms[key]
            yield name(key), _oftener(was, becomes, before.calendar, after.calendar)


def _oftener(
    was: Mapping[Risk, Limit],
    becomes: Mapping[Risk, Limit],
    before: WorkCalendar,
    after: WorkCalendar,
) -> list[str]:
    said = []
    for risk in _RISKS:
        old, new = was[risk], becomes[risk]
        if old == new:
            continue
        often = _often(_effect(old, new, before, after))
        said.append(f"Every {new} instead of every {old} when the risk is {risk}{often}.")
    return said


def _often(effect: str) -> str:
    """What comes sooner comes more often; over a weekend it may be now the one, now the other."""
    if not effect:
        return ""
    often = "more often" if effect.startswith("shorter") else "less often"
    return ": now more often, now less" if " or longer by " in effect else f": {often}"


def _periods(before: Pack, after: Pack) -> Iterable[tuple[str, list[str]]]:
    for key in _keys(before.periods, after.periods):
        was, becomes = before.periods.get(key), after.periods.get(key)
        if was is None:
            yield name(key), [f"New: {becomes}."]
        elif becomes is None:
            yield name(key), ["No longer named."]
        elif was != becomes:
            effect = _effect(was, becomes, before.calendar, after.calendar)
            yield name(key), [f"{becomes} instead of {was}{f': {effect}' if effect else ''}."]


def _figures(before: Pack, after: Pack) -> Iterable[tuple[str, list[str]]]:
    for key in _keys(before.figures, after.figures):
        was, becomes = before.figures.get(key), after.figures.get(key)
        if was is None:
            yield name(key), [f"New: {becomes}."]
        elif becomes is None:
            yield name(key), ["No longer named."]
        elif was != becomes:
            yield name(key), [f"{becomes} instead of {was}."]


def _quorums(before: Pack, after: Pack) -> Iterable[tuple[str, list[str]]]:
    for key in _keys(before.quorums, after.quorums):
        was, becomes = before.quorums.get(key), after.quorums.get(key)
        if becomes is None:
            yield name(key), ["No longer named: any outcome counts."]
        elif was != becomes:
            yield name(key), list(quorum_words(becomes))


def _rounds(rule: StepRule) -> str:
    return rounds_words(rule.first_rounds) if rule.first_rounds else "Each is due alike"


def _facts(what: str, was: Sequence[str], becomes: Sequence[str]) -> list[str]:
    added = [each for each in becomes if each not in was]
    gone = [each for each in was if each not in becomes]
    said = []
    if added:
        said.append(f"{what} {facts(added)} too." if was else f"{what} {facts(added)}.")
    if gone:
        said.append(f"{what} {facts(gone)} no longer.")
    return said


def _title(was: str, becomes: str) -> list[str]:
    return [] if was == becomes else [f"Called so instead of “{was}”."]


def _paused(rule: StepRule) -> str:
    return f"for {rule.pause_limit} at most" if rule.pause_limit else "never"


def _from(opens: Limit | None) -> str:
    return f"from {opens} after the start" if opens else "from the start"


def _keys(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return list(dict.fromkeys([*before, *after]))
