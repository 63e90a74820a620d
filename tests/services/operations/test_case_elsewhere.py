"""Operations' copy of a case that another agency takes over."""

from datetime import timedelta
from uuid import uuid4

from contracts.events.cases import CaseAssigned
from tests.services.open_service import BEGIN, Person, Served
from tests.services.operations.test_operations import REF, hear, ops, overdue, registered, was_set

__all__ = ["ops"]  # the fixture
HERE = Person("sam", "agency-a", ("supervisor",))
THERE = Person("sal", "agency-south", ("supervisor",))


async def test_overdue_duty_is_seen_by_the_agency_that_owes_it_now(ops: Served) -> None:
    duty = uuid4()
    due = BEGIN + timedelta(hours=1)
    await hear(ops, registered(), was_set(duty, due))
    moved = CaseAssigned(
        case_ref=REF, at=BEGIN, agency_id="agency-south", team_id=None,
        caseworker_id="sara", supervisor_id="sal",
    )  # fmt: skip
    restated = {"agency_id": "agency-south", "person_id": "sara", "restated": True}
    await hear(ops, moved, was_set(duty, due, **restated))
    ops.clock.advance(hours=2)
    (row,) = (await overdue(ops, who=THERE))["items"]
    assert (row["agency_id"], row["person_id"]) == ("agency-south", "sara")
    assert (await overdue(ops, who=HERE))["items"] == []
    (followed,) = await ops.rows("SELECT agency_id FROM cases_followed")
    assert followed["agency_id"] == "agency-south"
