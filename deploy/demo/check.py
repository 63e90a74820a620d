"""Planned against actual: every expected announcement at its moment, no other, every duty ended as told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from deploy.demo.listener import Heard
from deploy.demo.story import Story
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
    names = {identity: name for name, identity in kept.items()}
    spoken = [item for item in heard if item.type in _SPOKEN]
    rows, used = [], set()
    for bring in story.clock:
        subject = kept.get(bring.about or "")
        fits = [
            item
            for item in spoken
            if item.id not in used
            and _SPOKEN[item.type] == bring.brings
            and item.body["step"] == bring.step
            and subject in (None, item.body["subject_id"])
        ]
        found = min(fits, key=lambda item: abs(item.time - bring.at), default=None)
        if found is None:
            rows.append(
                Row(
                    bring.brings,
                    bring.step,
                    bring.about or "",
                    bring.at,
                    None,
                    None,
                    False,
                    "never came",
                )
            )
            continue
        used.add(found.id)
        late = found.wall - plan.wall_at(found.time)
        note = _difference(found.time - bring.at, late)
        rows.append(
            Row(
                bring.brings,
                bring.step,
                bring.about or "",
                bring.at,
                found.time,
                late,
                not note,
                note,
            )
        )
    rows += [
        Row(
            _SPOKEN[item.type],
            item.body["step"],
            names.get(item.body["subject_id"], ""),
            None,
            item.time,
            None,
            False,
            "not in the story",
        )
        for item in spoken
        if item.id not in used
    ]
    return sorted(rows, key=lambda row: row.planned or row.actual or story.begins)


def duty_rows(story: Story, heard: list[Heard], kept: Mapping[str, str]) -> list[Row]:
    """A row for each duty of the story: due when planned, and ended as planned."""
    ended = {item.body["deadline_id"]: item for item in heard if item.type in _ENDED}
    standing = [item for item in heard if item.type == "deadline.set.v1"]
    rows, used = [], set()
    for owed in story.owed:
        subject = kept.get(owed.about or "")
        found = next(
            (
                item
                for item in standing
                if item.body["deadline_id"] not in used
                and item.body["step"] == owed.step
                and subject in (None, item.body["subject_id"])
                and timedelta(0) <= _due(item) - owed.due < MINUTE
            ),
            None,
        )
        if found is None:
            rows.append(
                Row(
                    owed.ends, owed.step, owed.about or "", owed.due, None, None, False, "never set"
                )
            )
            continue
        used.add(found.body["deadline_id"])
        end = ended.get(found.body["deadline_id"])
        word = _ending(end)
        rows.append(
            Row(
                owed.ends,
                owed.step,
                owed.about or "",
                owed.due,
                end.time if end else None,
                None,
                word == owed.ends,
                "" if word == owed.ends else f"ended as {word}",
            )
        )
    rows += [
        Row(
            _ending(ended.get(item.body["deadline_id"])),
            item.body["step"],
            "",
            _due(item),
            None,
            None,
            False,
            "not in the story",
        )
        for item in standing
        if item.body["deadline_id"] not in used
    ]
    return rows


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
