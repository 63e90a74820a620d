"""What must be true after every process was killed; each breach is named.

Source: design.md, When something is down.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from contracts.events.deadlines import (
    DeadlineCancelled,
    DeadlineEscalated,
    DeadlineMet,
    DeadlineMissed,
    DeadlineOpened,
    DeadlineReminded,
)
from tests.faults.ledger import Fate, Ledger
from tests.faults.record import Record, Row, by_stream

ANNOUNCING = (DeadlineOpened, DeadlineReminded, DeadlineMissed, DeadlineEscalated)
AT_REST = ("refused", "archived")  # nobody owes such a case a step
ENDED = ("completed", "failed", "cancelled", "entered-in-error")  # nor such a referral
# What a command leaves on the record: a line of the case's chronology, or a kind of narrative.
FACTS = {
    "registration": "case.registered", "registration at once": "case.registered",
    "initial assessment": "initial-assessment.recorded",
    "comprehensive assessment": "comprehensive-assessment.recorded", "plan": "plan.agreed",
    "action completed": "action.completed", "follow-up": "follow-up.recorded",
    "goals achieved": "goals.achieved", "closure request": "closure.requested",
    "closure approval": "case.closed", "look back": "look-back.recorded", "archive": "case.archived",
}  # fmt: skip
EVENTS = {
    "referral acknowledged": "referral.acknowledged.v1", "referral accepted": "referral.accepted.v1",
    "referral declined": "referral.rejected.v1", "service given": "referral.service-given.v1",
    "help confirmed": "referral.completed.v1", "appointment": "referral.appointment-booked.v1",
    "referral cancelled": "referral.cancelled.v1",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing that must be true: how many were looked at, and every breach as a sentence."""

    what: str
    looked_at: int
    breaches: tuple[str, ...]


Check = Callable[[Record, Ledger], Iterator[str | int]]


def findings(record: Record, ledger: Ledger) -> list[Finding]:
    found = []
    for what, check in CHECKS.items():
        said = list(check(record, ledger))
        breaches = tuple(each for each in said if isinstance(each, str))
        looked_at = sum(each for each in said if isinstance(each, int))
        found.append(Finding(what, looked_at, breaches))
    return found


def commands_once(record: Record, ledger: Ledger) -> Iterator[str | int]:
    """A check yields how many it looked at, and a sentence for each breach."""
    facts = Counter((row["name"], row["case_ref"]) for row in record.facts)
    kinds = Counter((row["kind"], row["case_ref"]) for row in record.narratives)
    events = Counter(
        (each.type, str(getattr(each.event, "referral_id", "")))
        for each in record.said
        if getattr(each.event, "reason", "") != "silence"
    )
    requests = Counter(
        each.event.key
        for each in record.said
        if each.type == "referral.requested.v1" and getattr(each.event, "attempt", 0) == 1
    )
    for name in sorted(ledger.names()):
        yield from _compared(name, FACTS.get(name), facts, ledger)
        yield from _compared(name, EVENTS.get(name), events, ledger)
        yield from _compared(name, "risk-change" if name == "risk" else None, kinds, ledger)
    yield from _compared("referral", "", Counter({("", k): n for k, n in requests.items()}), ledger)
    yield from _consents(facts, ledger)
    yield from _identified(facts, ledger)
    yield from _taken_up(record, ledger)


def _compared(
    name: str, said_as: str | None, found: Counter[tuple[str, str]], ledger: Ledger
) -> Iterator[str | int]:
    """As often on the record as acknowledged; those given up on may be there as well."""
    if said_as is None:
        return
    acknowledged, unknown = (
        ledger.count(Fate.ACKNOWLEDGED, name),
        ledger.count(Fate.UNKNOWN, name),
    )
    yield acknowledged.total()
    for about, times in acknowledged.items():
        there = found[said_as, about]
        if not times <= there <= times + unknown[about]:
            yield f"{name} of {about}: acknowledged {times} times, on the record {there} times"


def _consents(facts: Counter[tuple[str, str]], ledger: Ledger) -> Iterator[str | int]:
    """Each registration records two, beside those given later."""
    given, unknown = (
        ledger.count(Fate.ACKNOWLEDGED, "consent"),
        ledger.count(Fate.UNKNOWN, "consent"),
    )
    yield given.total()
    for about, times in given.items():
        there = facts["consent.recorded", about] - 2 * facts["case.registered", about]
        if not times <= there <= times + unknown[about]:
            yield f"consents of {about}: acknowledged {times}, on the record {there}"


def _identified(facts: Counter[tuple[str, str]], ledger: Ledger) -> Iterator[str | int]:
    names = ("intake", "registration at once")
    acknowledged = sum((ledger.count(Fate.ACKNOWLEDGED, name) for name in names), Counter[str]())
    unknown = sum(ledger.count(Fate.UNKNOWN, name).total() for name in names)
    cases = {ref for name, ref in facts if name in ("case.identified", "case.registered")}
    yield len(cases)
    for ref, times in acknowledged.items():
        if ref not in cases or times > 1:
            yield f"case {ref}: acknowledged {times} times, on the record {int(ref in cases)} times"
    if len(cases) > len(acknowledged) + unknown:
        yield f"{len(cases)} cases on the record, {len(acknowledged)} were acknowledged"


def _taken_up(record: Record, ledger: Ledger) -> Iterator[str | int]:
    taken = Counter(
        str(row["deadline_id"]) for row in record.changes if row["change"] == "acknowledged"
    )
    rows = {str(row["id"]): row for row in record.deadlines}
    acknowledged = ledger.count(Fate.ACKNOWLEDGED, "deadline taken up")
    yield acknowledged.total()
    for about in acknowledged:
        settled = rows[about]["state"] != "open" and rows[about]["acknowledged_by"] is None
        if taken[about] != 1 and not settled:
            yield f"deadline {about}: taken up {taken[about]} times on the record"


def announced_once(record: Record, _: Ledger) -> Iterator[str | int]:
    """On the bus at most once for each moment, and exactly as the owner's table says."""
    said = [each for each in record.said if isinstance(each.event, ANNOUNCING)]
    yield len(said)
    times = Counter(
        (each.event.owner, each.event.deadline_id, each.event.version, each.event.moment)  # type: ignore[attr-defined]
        for each in said
    )
    yield from (f"announced {n} times: {_name(*key)}" for key, n in times.items() if n > 1)
    missed = Counter(key[:3] for key in _missed(record))
    yield from (f"missed {n} times: {_name(*key)}" for key, n in missed.items() if n > 1)
    on_record = {row["event_id"]: row for row in record.announced if row["outcome"] == "announced"}
    on_bus = {each.id for each in said}
    for event_id, row in on_record.items():
        if event_id not in on_bus:
            yield f"on the record and not on the bus: {_of(row)}"
    yield from (f"on the bus and not on the record: {each}" for each in on_bus - set(on_record))


def none_early(record: Record, _: Ledger) -> Iterator[str | int]:
    rows = record.by_owner()
    yield len(record.announced)
    for row in record.announced:
        moments = {
            each["name"]: each["at"] for each in _moments(rows[row["owner"], row["deadline_id"]])
        }
        if row["at"].isoformat() < moments[row["moment"]]:
            yield f"announced early, at {row['at']} instead of {moments[row['moment']]}: {_of(row)}"


def none_missed_in_time(record: Record, _: Ledger) -> Iterator[str | int]:
    """Nothing is announced of a settled deadline, and no miss of one that was on record as met in time."""
    settled: set[Any] = set()
    for each in record.said:
        event = each.event
        if isinstance(event, DeadlineMet | DeadlineCancelled):
            settled.add(event.deadline_id)
        elif isinstance(event, ANNOUNCING) and event.deadline_id in settled:
            yield f"announced after it was settled: {_name(event.owner, event.deadline_id, event.moment)}"
    missed = {key[:2] for key in _missed(record)}
    met = [row for row in record.deadlines if row["state"] == "met"]
    recorded = _recorded_at(record)
    yield len(met)
    for row in met:
        # Who notes afterwards that it was done in time was rightly reminded that nothing was noted.
        in_time = recorded.get(row["id"], row["settled_at"]) <= row["due_at"]
        if in_time and (row["owner"], row["id"]) in missed:
            yield f"reported missed and met in time: {row['owner']} {row['step']} {row['id']}"


def each_miss_announced(record: Record, _: Ledger) -> Iterator[str | int]:
    """Still open and past due: missed, once. (Settled before its owner heard of the moment: nothing.)"""
    missed = Counter(key[:2] for key in _missed(record))
    late = [
        row for row in record.deadlines if row["state"] == "open" and row["due_at"] < record.now
    ]
    yield len(late)
    for row in late:
        if missed[row["owner"], row["id"]] != 1:
            times = missed[row["owner"], row["id"]]
            yield f"past due {row['due_at']} and announced {times} times: {row['owner']} {row['step']} {row['id']}"


def ladder_climbed(record: Record, _: Ledger) -> Iterator[str | int]:
    """Every moment behind an open deadline is announced or noted as passed over; none is forgotten."""
    noted = {(row["owner"], row["deadline_id"], row["moment"]) for row in record.announced}
    for row in record.deadlines:
        if row["state"] != "open":
            continue
        for moment in _moments(row):
            if moment["at"] >= record.now.isoformat():
                continue
            yield 1
            rung = moment["name"].startswith("rung-")
            # Once somebody has taken it up, the watch no longer tells of rungs.
            if (row["owner"], row["id"], moment["name"]) not in noted and not (
                rung and row["acknowledged_by"]
            ):
                name = _name(row["owner"], row["step"], row["id"], moment["name"], moment["at"])
                yield f"passed in silence: {name}"


def operations_equal(record: Record, _: Ledger) -> Iterator[str | int]:
    theirs = {row["deadline_id"]: row for row in record.duties}
    yield len(record.deadlines)
    for row in record.deadlines:
        copy = theirs.pop(row["id"], None)
        if copy is None:
            yield f"not known to operations: {row['owner']} {row['step']} {row['id']}"
            continue
        for field in (
            "owner",
            "case_ref",
            "step",
            "state",
            "due_at",
            "settled_at",
            "acknowledged_by",
        ):
            if copy[field] != row[field]:
                yield f"{row['id']} {field}: {row['owner']} has {row[field]}, operations {copy[field]}"
    yield from (f"known to operations alone: {each}" for each in theirs)


def cases_owed(record: Record, _: Ledger) -> Iterator[str | int]:
    owed = {row["case_ref"] for row in record.deadlines if row["state"] == "open"}
    active = [row["ref"] for row in record.cases if row["status"] not in AT_REST]
    yield len(active)
    yield from (f"nobody owes {ref} a step" for ref in active if ref not in owed)


def referrals_owed(record: Record, _: Ledger) -> Iterator[str | int]:
    """Ended, or somebody owes it a step: none is stuck."""
    owed = {
        row["subject_id"]
        for row in record.deadlines
        if row["owner"] == "referrals" and row["state"] == "open"
    }
    done = {
        row["subject_id"]
        for row in record.deadlines
        if row["step"] == "unmet-need" and row["state"] in ("met", "met-late")
    }
    yield len(record.referrals)
    for row in record.referrals:
        if row["state"] not in ENDED and str(row["id"]) not in owed | done:
            yield f"nobody owes referral {row['id']} ({row['state']}) a step"


def streams_whole(record: Record, _: Ledger) -> Iterator[str | int]:
    """Every event of every case reached the bus, first said in order."""
    heard = by_stream(record.said)
    for row in record.streams:
        numbers = heard[row["service"], row["subject"]]
        yield row["sequence"]
        if numbers != list(range(1, row["sequence"] + 1)):
            yield f"{row['service']} {row['subject']}: 1 to {row['sequence']} were said, heard {numbers}"


def outboxes_empty(record: Record, _: Ledger) -> Iterator[str | int]:
    yield 0
    yield from record.unsent


def nothing_parked(record: Record, _: Ledger) -> Iterator[str | int]:
    yield 0
    yield from record.parked


def no_problem(record: Record, _: Ledger) -> Iterator[str | int]:
    yield 0
    yield from (f"{row['kind']} {row['subject']}: {row['code']}" for row in record.problems)


def no_faulty_answer(_: Record, ledger: Ledger) -> Iterator[str | int]:
    yield len(ledger.commands)
    yield from ledger.faulty


CHECKS: dict[str, Check] = {
    "an acknowledged command is on the record once": commands_once,
    "no client was answered with a fault of ours": no_faulty_answer,
    "every event reached the bus, in order": streams_whole,
    "a moment is announced once, as its owner noted": announced_once,
    "nothing is announced early": none_early,
    "what was met in time is not reported missed": none_missed_in_time,
    "what is past due is announced as missed, once": each_miss_announced,
    "every moment of an open deadline is accounted for": ladder_climbed,
    "operations' copy equals the owners' tables": operations_equal,
    "no case under way without an open deadline": cases_owed,
    "no referral under way without an open deadline": referrals_owed,
    "nothing is parked": nothing_parked,
    "every outbox is empty": outboxes_empty,
    "no workflow reported a problem": no_problem,
}


def _missed(record: Record) -> list[tuple[Any, ...]]:
    return [
        (each.event.owner, each.event.deadline_id, each.event.version)
        for each in record.said
        if isinstance(each.event, DeadlineMissed)
    ]


def _recorded_at(record: Record) -> dict[Any, Any]:
    """When the fact that settled a deadline of a case was entered, which may be after it happened."""
    entered = {
        (row["case_ref"], row["name"], row["at"]): row["recorded_at"] for row in record.facts
    }
    rows = record.by_owner()
    settled: dict[Any, Any] = {}
    for change in record.changes:
        row = rows[change["owner"], change["deadline_id"]]
        key = (row["case_ref"], change["because"], change["at"])
        if key in entered:
            settled[row["id"]] = entered[key]
    return settled


def _moments(row: Row) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(row["moments"])
    return found


def _of(row: Row) -> str:
    return _name(row["owner"], row["deadline_id"], row["moment"])


def _name(*parts: Any) -> str:
    return " ".join(str(each) for each in parts)
