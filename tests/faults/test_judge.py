"""The judge of a faults run names each breach that is planted in an otherwise faultless record."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.envelope import Envelope
from contracts.events.deadlines import DeadlineMet, DeadlineMissed
from domain.vocabulary import Role, SubjectType
from tests.faults import judge
from tests.faults.ledger import Command, Fate, Ledger
from tests.faults.record import Record

REF = "TL-7K2M-9QXA-0"
DEADLINE, MISS = UUID(int=1), UUID(int=2)
DUE = datetime(2026, 3, 4, 8, tzinfo=UTC)
NOW = DUE + timedelta(hours=1)


def said(kind: type[Any], number: int, event_id: UUID, **more: Any) -> Envelope:
    facts = {
        "case_ref": REF, "at": DUE, "deadline_id": DEADLINE, "version": 1, "owner": "cases",
        "subject_type": SubjectType.CASE, "subject_id": REF, "step": "initial-assessment",
        "agency_id": "agency-a", "responsible": Role.CASEWORKER, "person_id": "kim", "due_at": DUE,
    }  # fmt: skip
    event = kind(**facts, **more)
    return Envelope(event_id, event.type, "/throughline/cases", REF, DUE, number, event)


def a_miss(number: int = 1, event_id: UUID = MISS) -> Envelope:
    return said(DeadlineMissed, number, event_id, moment="due", tell=(Role.CASEWORKER,), rung=0)


def a_record() -> Record:
    """One case whose assessment is late, and was announced as missed."""
    deadline = {
        "owner": "cases", "id": DEADLINE, "case_ref": REF, "step": "initial-assessment", "state": "open",
        "due_at": DUE, "settled_at": None, "acknowledged_by": None,
        "moments": json.dumps([{"name": "due", "at": DUE.isoformat()}]),
    }  # fmt: skip
    announced = {
        "owner": "cases", "deadline_id": DEADLINE, "version": 1, "moment": "due",
        "outcome": "announced", "event_id": MISS, "at": DUE + timedelta(seconds=2),
    }  # fmt: skip
    fact = {
        "case_ref": REF,
        "name": "case.registered",
        "at": DUE,
        "recorded_at": DUE,
        "subject_id": REF,
    }
    return Record(
        now=NOW, cases=[{"ref": REF, "status": "registered"}], facts=[fact], narratives=[], referrals=[],
        deadlines=[deadline], announced=[announced], changes=[],
        duties=[{**deadline, "deadline_id": DEADLINE}], problems=[],
        streams=[{"service": "cases", "subject": REF, "sequence": 1}], unsent=[], parked=[],
        said=[a_miss()],
    )  # fmt: skip


def a_ledger(times: int = 1) -> Ledger:
    command = Command("registration at once", "cases", REF, NOW, Fate.ACKNOWLEDGED, NOW, 1)
    return Ledger(commands=[command] * times)


def lose_the_fact(record: Record) -> None:
    record.facts.clear()


def lose_an_event(record: Record) -> None:
    record.streams[0] = {**record.streams[0], "sequence": 2}


def announce_twice(record: Record) -> None:
    record.said.append(a_miss(2, uuid4()))


def announce_nothing(record: Record) -> None:
    record.said.clear()
    record.announced.clear()


def announce_early(record: Record) -> None:
    record.announced[0] = {**record.announced[0], "at": DUE - timedelta(seconds=1)}


def meet_in_time(record: Record) -> None:
    settled = {"state": "met", "settled_at": DUE - timedelta(hours=1)}
    record.deadlines[0] = {**record.deadlines[0], **settled}


def announce_after_it_was_met(record: Record) -> None:
    met = said(DeadlineMet, 1, uuid4(), met_at=DUE, late=False)
    record.said[:] = [met, a_miss(2)]


def change_the_copy(record: Record) -> None:
    record.duties[0] = {**record.duties[0], "due_at": NOW}


def owe_nothing(record: Record) -> None:
    record.deadlines.clear()
    record.announced.clear()


def park_an_event(record: Record) -> None:
    record.parked.append("operations: handler-failed")


def forget_a_referral(record: Record) -> None:
    record.referrals.append({"id": uuid4(), "case_ref": REF, "state": "requested"})


def leave_an_event(record: Record) -> None:
    record.unsent.append("cases: an event")


# what is planted -> what is said to be breached
PLANTED: dict[Callable[[Record], None], str] = {
    lose_the_fact: "an acknowledged command is on the record once",
    lose_an_event: "every event reached the bus, in order",
    announce_twice: "a moment is announced once, as its owner noted",
    announce_nothing: "what is past due is announced as missed, once",
    announce_early: "nothing is announced early",
    meet_in_time: "what was met in time is not reported missed",
    announce_after_it_was_met: "what was met in time is not reported missed",
    change_the_copy: "operations' copy equals the owners' tables",
    owe_nothing: "no case under way without an open deadline",
    forget_a_referral: "no referral under way without an open deadline",
    park_an_event: "nothing is parked",
    leave_an_event: "every outbox is empty",
}


def breached(record: Record, ledger: Ledger) -> set[str]:
    return {each.what for each in judge.findings(record, ledger) if each.breaches}


def test_a_faultless_record_has_no_breach() -> None:
    assert breached(a_record(), a_ledger()) == set()


@pytest.mark.parametrize(
    ("plant", "named"), PLANTED.items(), ids=lambda each: getattr(each, "__name__", "")
)
def test_what_is_planted_is_named(plant: Callable[[Record], None], named: str) -> None:
    record = a_record()
    plant(record)
    assert named in breached(record, a_ledger())


def test_a_command_acknowledged_twice_and_recorded_once_is_named() -> None:
    assert breached(a_record(), a_ledger(times=2)) == {
        "an acknowledged command is on the record once"
    }
