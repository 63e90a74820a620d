"""Planned against actual: every expected announcement at its moment, no other, every duty ended as told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from deploy.demo.listener import Heard
from deploy.demo.story import Bring, Owed, Story
from infrastructure.clock import ClockPlan

PATIENCE = timedelta(seconds=5)  # wall time an announcement may take from its moment
MINUTE = timedelta(minutes=1)  # case time within which something happens at its minute
_SPOKEN = {f"deadline.{word}.v1": word for word in ("opened", "reminded", "missed", "escalated")}
_ENDED = {"deadline.met.v1", "deadline.cancelled.v1"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; instants are UTC, `late` in wall time, `ok` whether it is as planned."""

    what: str
    step: str
    about: str
    planned: datetime | None
    actual: datetime | None
    late: timedelta | None
    ok: bool
    note: str = ""


def clock_rows(
    story: Story, heard: list[Heard], kept: Mapping[str, str], plan: ClockPlan
) -> list[Row]:
    """A row for each announcement that was expected, and for each that was not."""
    left = [item for item in heard if item.type in _SPOKEN]
    rows = []
    for bring in story.clock:
        fits = [
            item
            for item in left
            if _SPOKEN[item.type] == bring.brings and _is_about(item, bring.step, bring.about, kept)
        ]
        found = min(fits, key=lambda item: abs(item.time - bring.at), default=None)
        if found is not None:
            left.remove(found)
        rows.append(_clock_row(bring, found, plan))
    names = {identity: name for name, identity in kept.items()}
    rows += [_unexpected(_SPOKEN[item.type], item, names, at=item.time) for item in left]
    return sorted(rows, key=lambda row: row.planned or row.actual or story.begins)


def _clock_row(bring: Bring, found: Heard | None, plan: ClockPlan) -> Row:
    about = bring.about or ""
    if found is None:
        return Row(bring.brings, bring.step, about, bring.at, None, None, False, "never came")
    late = found.wall - plan.wall_at(found.time)
    note = _difference(found.time - bring.at, late)
    return Row(bring.brings, bring.step, about, bring.at, found.time, late, not note, note)


def duty_rows(story: Story, heard: list[Heard], kept: Mapping[str, str]) -> list[Row]:
    """A row for each duty of the story: due when planned, and ended as planned."""
    ended = {item.body["deadline_id"]: item for item in heard if item.type in _ENDED}
    # One that is said again, such as when it changes hands, is the same duty.
    left = [
        item for item in heard if item.type == "deadline.set.v1" and not item.body.get("restated")
    ]
    rows = []
    for owed in story.owed:
        fits = (
            item
            for item in left
            if _is_about(item, owed.step, owed.about, kept)
            and timedelta(0) <= _due(item) - owed.due < MINUTE
        )
        found = next(fits, None)
        if found is not None:
            left.remove(found)
        rows.append(_duty_row(owed, found, ended))
    names = {identity: name for name, identity in kept.items()}
    for item in left:
        ending = _ending(ended.get(item.body["deadline_id"]))
        rows.append(_unexpected(ending, item, names, at=_due(item)))
    return rows


def _duty_row(owed: Owed, found: Heard | None, ended: Mapping[str, Heard]) -> Row:
    about = owed.about or ""
    if found is None:
        return Row(owed.ends, owed.step, about, owed.due, None, None, False, "never set")
    end = ended.get(found.body["deadline_id"])
    word = _ending(end)
    note = "" if word == owed.ends else f"ended as {word}"
    return Row(
        owed.ends, owed.step, about, owed.due, end.time if end else None, None, not note, note
    )


def _unexpected(what: str, item: Heard, names: Mapping[str, str], at: datetime) -> Row:
    about = names.get(item.body["subject_id"], "")
    return Row(what, item.body["step"], about, None, at, None, False, "not in the story")


def _is_about(item: Heard, step: str, about: str | None, kept: Mapping[str, str]) -> bool:
    subject = kept.get(about or "")
    return item.body["step"] == step and subject in (None, item.body["subject_id"])


def missing_facts(story: Story, heard: list[Heard]) -> list[str]:
    """Event types of the story that were not announced in its order."""
    left = list(story.facts)
    for item in sorted(heard, key=lambda each: each.time):
        if left and item.type == f"{left[0]}.v1":
            left.pop(0)
    return left


def doubled(heard: Iterable[Heard]) -> list[str]:
    """Moments that were announced twice; there must be none."""
    seen: set[tuple[str, str]] = set()
    found = []
    for item in heard:
        if item.type not in _SPOKEN:
            continue
        moment = (item.body["deadline_id"], item.body["moment"])
        if moment in seen:
            found.append(f"{item.body['step']} {item.body['moment']}")
        seen.add(moment)
    return found


def leaked(story: Story, texts: Mapping[str, bytes]) -> list[str]:
    """Where a word that must stay in the records was found."""
    return [
        f"{word!r} in {place}"
        for place, text in texts.items()
        for word in story.secrets
        if word.encode() in text
    ]


def _difference(off: timedelta, late: timedelta) -> str:
    """What differs from the plan: its minute, or how long the announcement took (wall time)."""
    if not timedelta(0) <= off < MINUTE:
        return f"not at its minute ({off})"
    if late < timedelta(0):
        return "announced before its moment"
    return f"announced {late.total_seconds():.1f} s after its moment" if late > PATIENCE else ""


def _due(item: Heard) -> datetime:
    return datetime.fromisoformat(item.body["due_at"])


def _ending(end: Heard | None) -> str:
    if end is None:
        return "open"
    if end.type == "deadline.cancelled.v1":
        return "cancelled"
    return "met-late" if end.body["late"] else "met"
