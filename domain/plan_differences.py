"""What changed between two versions of a case plan: in structure, and in a sentence each.

An action is the same when its title is the same, or when nothing but its title changed. Source: practice.md,
step 4 (versions: the old one stays readable).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from domain.policy import Limit

T = TypeVar("T")


class Part(StrEnum):
    """Which part of a plan differs."""

    GOAL = "goal"
    MEASURE = "measure"
    NEED = "need"
    ACTION = "action"
    FOLLOW_UP = "follow-up"
    UNMET_NEED = "unmet-need"
    STRENGTH = "strength"
    AGREED_WITH = "agreed-with"


class Change(StrEnum):
    """What became of it."""

    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"
    DONE = "done"  # left out, as it was completed
    MET = "met"  # left out, as a service was found
    STILL_UNMET = "still-unmet"  # left out, and no service was found


@dataclass(frozen=True, slots=True)
class ActionText:
    """`due` and `done_at` are UTC; `answers` are needs, risks and causes in their words."""

    title: str
    responsible: str
    due: datetime
    answers: tuple[str, ...] = ()
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FollowUpText:
    """`rhythm` in words, such as `every 2 weeks until 2026-05-16`; empty: as the policy pack says."""

    with_whom: str
    method: str
    rhythm: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanText:
    """One version of a plan as it was agreed, in its words."""

    version: int
    goal: Mapping[str, str]
    measures: tuple[str, ...]
    actions: tuple[ActionText, ...]
    follow_ups: tuple[FollowUpText, ...]
    unmet_needs: tuple[str, ...] = ()
    strengths: tuple[str, ...] = ()
    agreed_with: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """What its actions answer, each once."""
        return tuple(dict.fromkeys(key for each in self.actions for key in each.answers))


@dataclass(frozen=True, slots=True)
class Difference:
    """`before` and `after` hold only what differs; empty where there is nothing on that side."""

    part: Part
    change: Change
    what: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    sentence: str


def rhythm_told(every: str, until: str | None) -> str:
    """`every month` and `every 2 weeks until 2026-05-16` for `1 months` and `2 weeks`."""
    limit = Limit.parse(every)
    often = limit.unit if limit.count == 1 else limit
    return f"every {often} until {until}" if until else f"every {often}"


def differences(
    before: PlanText,
    after: PlanText,
    zone: str,
    noted: Mapping[str, datetime | None] | None = None,
) -> tuple[Difference, ...]:
    """In the order of a plan's parts; days and hours in the agency's zone.

    `noted`: each unmet need on record, and when (UTC) a service was found for it; None: not yet.
    """
    done = {key for each in before.actions if each.done_at for key in each.answers}
    return (
        *_goal(before.goal, after.goal),
        *_lists(Part.MEASURE, "The measure", before.measures, after.measures),
        *_needs(before.needs, after.needs, done),
        *_actions(before.actions, after.actions, ZoneInfo(zone)),
        *_follow_ups(before.follow_ups, after.follow_ups),
        *_unmet_needs(before.unmet_needs, after.unmet_needs, noted or {}, ZoneInfo(zone)),
        *_lists(Part.STRENGTH, "The strength", before.strengths, after.strengths),
        *_lists(Part.AGREED_WITH, "Agreement of", before.agreed_with, after.agreed_with),
    )


def _goal(before: Mapping[str, str], after: Mapping[str, str]) -> Iterable[Difference]:
    for name in dict.fromkeys((*before, *after)):
        was, becomes = before.get(name, ""), after.get(name, "")
        if was != becomes:
            sentence = f"The goal's “{_said(name)}” is “{becomes}” instead of “{was}”."
            yield Difference(
                Part.GOAL, Change.CHANGED, name, {name: was}, {name: becomes}, sentence
            )


def _lists(
    part: Part,
    called: str,
    before: Sequence[str],
    after: Sequence[str],
    kept: Collection[str] = (),
) -> Iterable[Difference]:
    for each in _without(before, (*after, *kept)):
        yield Difference(
            part, Change.DROPPED, each, {"text": each}, {}, f"{called} “{each}” is dropped."
        )
    for each in _without(after, before):
        yield Difference(part, Change.ADDED, each, {}, {"text": each}, f"{called} “{each}” is new.")


def _needs(
    before: Sequence[str], after: Sequence[str], done: Collection[str]
) -> Iterable[Difference]:
    """A need whose action is completed is not dropped: something was done about it."""
    called = "What is answered:"
    for each in _without(before, after):
        if each in done:
            sentence = f"{called} “{each}” by an action that is done."
            yield Difference(Part.NEED, Change.DONE, each, {"text": each}, {}, sentence)
    yield from _lists(Part.NEED, called, before, after, done)


def _unmet_needs(
    before: Sequence[str],
    after: Sequence[str],
    noted: Mapping[str, datetime | None],
    zone: ZoneInfo,
) -> Iterable[Difference]:
    """By going unsaid a need is neither met nor dropped: its own record says what became of it."""
    called = "The unmet need"
    for each in _without(before, after):
        if each not in noted:
            continue
        text, met_at = {"text": each}, noted[each]
        if met_at is None:
            sentence = f"{called} “{each}” is not said again and is still unmet."
            yield Difference(Part.UNMET_NEED, Change.STILL_UNMET, each, text, text, sentence)
        else:
            met = {"met": _local(met_at, zone)}
            sentence = f"{called} “{each}” has been met, on {met['met']}."
            yield Difference(Part.UNMET_NEED, Change.MET, each, text, met, sentence)
    yield from _lists(Part.UNMET_NEED, called, before, after, noted)


def _actions(
    before: Sequence[ActionText], after: Sequence[ActionText], zone: ZoneInfo
) -> Iterable[Difference]:
    pairs, dropped, added = _paired(before, after, lambda each: each.title.casefold())
    done = [(each, each.done_at) for each in dropped if each.done_at]
    renamed, dropped, added = _paired(
        [each for each in dropped if not each.done_at],
        added,
        lambda each: (each.responsible, each.due, each.answers),
    )
    for was, becomes in (*pairs, *renamed):
        yield from _changed(
            Part.ACTION,
            f"The action “{was.title}”",
            was.title,
            _action(was, zone),
            _action(becomes, zone),
        )
    for each, done_at in done:
        told = _action(each, zone) | {"done": _local(done_at, zone)}
        sentence = f"The action “{each.title}” is done, since {told['done']}."
        yield Difference(Part.ACTION, Change.DONE, each.title, told, {}, sentence)
    for each in dropped:
        told = _action(each, zone)
        sentence = f"The action “{each.title}” is dropped; it was due {told['due']}."
        yield Difference(Part.ACTION, Change.DROPPED, each.title, told, {}, sentence)
    for each in added:
        told = _action(each, zone)
        sentence = f"The action “{each.title}” is new: {told['responsible']}, due {told['due']}."
        yield Difference(Part.ACTION, Change.ADDED, each.title, {}, told, sentence)


def _follow_ups(
    before: Sequence[FollowUpText], after: Sequence[FollowUpText]
) -> Iterable[Difference]:
    pairs, dropped, added = _paired(before, after, lambda each: (each.with_whom, each.method))
    others, dropped, added = _paired(dropped, added, lambda each: each.with_whom)
    for was, becomes in (*pairs, *others):
        yield from _changed(
            Part.FOLLOW_UP,
            f"Follow-up with {was.with_whom}",
            was.with_whom,
            _follow_up(was),
            _follow_up(becomes),
        )
    for each in dropped:
        told = _follow_up(each)
        sentence = f"Follow-up with {each.with_whom} ({_said(each.method)}) is dropped."
        yield Difference(Part.FOLLOW_UP, Change.DROPPED, each.with_whom, told, {}, sentence)
    for each in added:
        told = _follow_up(each)
        sentence = (
            f"Follow-up with {each.with_whom} ({_said(each.method)}) is new: {told['rhythm']}."
        )
        yield Difference(Part.FOLLOW_UP, Change.ADDED, each.with_whom, {}, told, sentence)


def _changed(
    part: Part, called: str, what: str, was: Mapping[str, str], becomes: Mapping[str, str]
) -> Iterable[Difference]:
    """One difference for all that changed in it; none when nothing did."""
    names = [name for name in was if was[name] != becomes[name]]
    if names:
        told = "; ".join(f"{_said(name)} {becomes[name]} instead of {was[name]}" for name in names)
        yield Difference(
            part,
            Change.CHANGED,
            what,
            {name: was[name] for name in names},
            {name: becomes[name] for name in names},
            f"{called} changes: {told}.",
        )


def _paired(
    before: Sequence[T], after: Sequence[T], key: Callable[[T], object]
) -> tuple[list[tuple[T, T]], list[T], list[T]]:
    """Those alike by the key, then what is left of either side; each is paired once, in order."""
    left, pairs, gone = list(after), [], []
    for was in before:
        alike = next((each for each in left if key(each) == key(was)), None)
        if alike is None:
            gone.append(was)
        else:
            left.remove(alike)
            pairs.append((was, alike))
    return pairs, gone, left


def _action(each: ActionText, zone: ZoneInfo) -> dict[str, str]:
    return {
        "title": each.title,
        "responsible": each.responsible,
        "due": _local(each.due, zone),
        "answers": ", ".join(sorted(each.answers)),
    }


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _follow_up(each: FollowUpText) -> dict[str, str]:
    return {
        "method": each.method,
        "rhythm": ", then ".join(each.rhythm) or "as the policy pack says",
    }


def _without(some: Iterable[str], others: Iterable[str]) -> list[str]:
    known = set(others)
    return [each for each in dict.fromkeys(some) if each not in known]


def _said(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")
