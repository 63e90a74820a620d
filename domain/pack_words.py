"""A policy pack in sentences that a manager can read: the description of the practice.

Every figure and name comes from the pack; only the words around them are here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.calendars import WorkCalendar
from domain.policy import Limit, Pack, Quorum, Reminder, Rung, StepRule, Unit
from domain.vocabulary import Risk

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
AS_AGREED = "by the date agreed with those concerned"
_RISKS = (Risk.IMMINENT, Risk.HIGH, Risk.MEDIUM, Risk.LOW, Risk.UNKNOWN)
# Words that keep their hyphen when a fact's name is read out.
_KEPT = ("follow-up", "look-back", "re-assessment", "stand-in")


@dataclass(frozen=True, slots=True)
class Passage:
    """A few sentences under a heading, and where they come from."""

    heading: str
    sentences: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the practice."""

    title: str
    passages: tuple[Passage, ...]


def describe(pack: Pack) -> tuple[Chapter, ...]:
    """The whole pack, in the order in which somebody new would read it."""
    chapters = (
        Chapter("When the agency works", (Passage("Calendar", calendar_words(pack.calendar)),)),
        Chapter("Whom the agency registers", tuple(_criteria(pack))),
        Chapter(
            "What is owed, by whom and by when",
            tuple(
                Passage(rule.title, step_words(rule), rule.source) for rule in pack.steps.values()
            ),
        ),
        Chapter("How often things are repeated", tuple(_rhythms(pack))),
        Chapter("Who must be at a meeting", tuple(_quorums(pack))),
        Chapter("Other lengths of time", tuple(_periods(pack))),
        Chapter("Other figures", tuple(_figures(pack))),
    )
    return tuple(chapter for chapter in chapters if chapter.passages)


def calendar_words(work: WorkCalendar) -> tuple[str, ...]:
    days = [day for number, day in enumerate(DAYS) if number not in work.weekend]
    return (
        f"Working days are {listed(days)}; {free_days(work)}.",
        f"Times of day are those of {work.zone}. The dates come from {work.version}.",
    )


def free_days(work: WorkCalendar) -> str:
    if not work.holidays:
        return "no public holidays are counted"
    years = {day.year for day in work.holidays}
    return (
        f"about {round(len(work.holidays) / len(years))} days a year are public holidays or closed"
    )


def step_words(rule: StepRule) -> tuple[str, ...]:
    """Who owes it, by when, from when, what ends it, and who is told."""
    bearer = person(rule.responsible.value)
    sentences = [
        f"{bearer.capitalize()} does this {limit_words(rule.limits)}, counted from {facts(rule.anchors)}.",
        f"It is done with {facts(rule.met_by)}.",
    ]
    if rule.first_rounds:
        sentences.append(f"{rounds_words(rule.first_rounds)}.")
    if rule.opens:
        sentences.append(f"It may be done from {rule.opens} after the start.")
    if rule.unless:
        sentences.append(f"It is not owed after a closure as {facts(rule.unless)}.")
    if rule.moved_by:
        sentences.append(f"It is reckoned anew with {facts(rule.moved_by)}.")
    if rule.cancelled_by:
        sentences.append(f"It is dropped with {facts(rule.cancelled_by)}.")
    if rule.pause_limit:
        sentences.append(f"Its clock may be paused, for {rule.pause_limit} in all at most.")
    if rule.reminders:
        sentences.append(f"{bearer.capitalize()} is reminded {reminder_words(rule.reminders)}.")
    sentences.append(ladder_words(rule.ladder))
    return tuple(sentences)


def limit_words(limits: Mapping[Risk, Limit]) -> str:
    """`within 24 hours when the risk is imminent or high, and within 48 hours when it is low`."""
    groups: dict[Limit, list[str]] = {}
    for risk in _RISKS:
        groups.setdefault(limits[risk], []).append(risk.value)
    if len(groups) == 1:
        return length(next(iter(groups)))
    return listed(
        [f"{length(limit)} when the risk is {either(risks)}" for limit, risks in groups.items()]
    )


def rounds_words(rounds: Sequence[Limit]) -> str:
    """`The first is due within 2 weeks, the next within 3 weeks`."""
    said = [length(limit) for limit in rounds]
    return f"The first is due {', the next '.join(said)}"


def quorum_words(quorum: Quorum) -> tuple[str, ...]:
    who = ["the chair"] if quorum.chair else []
    if quorum.of_case:
        who.append(f"{quorum.of_case} of caseworker and supervisor")
    if quorum.agencies:
        who.append(
            f"people of {quorum.agencies} {'agency' if quorum.agencies == 1 else 'agencies'}"
        )
    recorded = "always" if quorum.attendance_needed else "as far as it is known"
    return (
        f"An outcome counts with {listed(who) or 'anybody'} present.",
        f"Who was there is recorded {recorded}.",
    )


def reminder_words(reminders: Sequence[Reminder]) -> str:
    return listed(
        [f"{each.lead} before" if each.lead else "at half of the time" for each in reminders]
    )


def ladder_words(ladder: Sequence[Rung]) -> str:
    return f"If it is missed, these are told until somebody acknowledges it: {rungs(ladder)}."


def rungs(ladder: Sequence[Rung]) -> str:
    return listed(
        [
            f"{person(rung.role.value)} {f'{rung.after} later' if rung.after.count else 'at once'}"
            for rung in ladder
        ]
    )


def length(limit: Limit) -> str:
    return AS_AGREED if limit.unit is Unit.AS_AGREED else f"within {limit}"


def person(role: str) -> str:
    return f"the {role.replace('-', ' ')}"


def facts(names: Sequence[str]) -> str:
    """`case.registered` as people say it."""
    return either([f"“{fact(name)}”" for name in names])


def fact(name: str) -> str:
    words = name.replace(".", " ")
    for place, kept in enumerate(_KEPT):
        words = words.replace(kept, f"\0{place}")
    words = words.replace("-", " ")
    for place, kept in enumerate(_KEPT):
        words = words.replace(f"\0{place}", kept)
    return words


def listed(parts: Sequence[str], last: str = "and") -> str:
    """`one`, `one and two`, `one, two and three`."""
    if len(parts) < 2:  # noqa: PLR2004 - one needs no conjunction
        return parts[0] if parts else ""
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def either(parts: Sequence[str]) -> str:
    return listed(parts, "or")


def span(length_of_time: timedelta) -> str:
    """A difference as people say it: `3 hours`, `1 day`, `2 days and 5 hours`."""
    minutes = round(abs(length_of_time).total_seconds() / 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    counts = ((days, "day"), (hours, "hour"), (minutes if not days else 0, "minute"))
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in counts if count]
    return listed(said) or "no time"


def _criteria(pack: Pack) -> list[Passage]:
    return [
        Passage(each.title, (f"The risk is presumed to be {each.presumed_risk}.",), each.source)
        for each in pack.criteria.values()
    ]


def _rhythms(pack: Pack) -> list[Passage]:
    return [
        Passage(name(key), (f"Repeated {limit_words(limits)}, unless a plan says otherwise.",))
        for key, limits in pack.rhythms.items()
    ]


def _periods(pack: Pack) -> list[Passage]:
    return [Passage(name(key), (f"{limit}.",)) for key, limit in pack.periods.items()]


def _figures(pack: Pack) -> list[Passage]:
    return [Passage(name(key), (f"{count}.",)) for key, count in pack.figures.items()]


def _quorums(pack: Pack) -> list[Passage]:
    return [Passage(name(key), quorum_words(quorum)) for key, quorum in pack.quorums.items()]


def name(key: str) -> str:
    """A key as a heading."""
    return fact(key).capitalize()
