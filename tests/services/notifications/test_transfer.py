"""Who hears of a transfer: those who are asked, and those who asked."""

from typing import Any
from uuid import UUID

import pytest

from contracts.events import Event
from contracts.events.cases import (
    CaseAssigned,
    CaseRepinned,
    TransferAccepted,
    TransferDeclined,
    TransferRequested,
    TransferWithdrawn,
)
from domain.vocabulary import NotificationKind, Role
from infrastructure.settings import Settings
from services.notifications.commands.letter import Letters
from services.notifications.store.recipients import Recipient
from tests.services.notifications.conftest import CASE, NORTH, SOUTH, missed, staff, told
from tests.services.notifications.test_mail import a_notification
from tests.services.served import DAY_0, Served

WORDINGS = ["requested", "accepted", "declined", "withdrawn"]


def of_transfer(kind: type[Event], **more: Any) -> Event:
    facts: dict[str, Any] = {
        "case_ref": CASE,
        "at": DAY_0,
        "transfer_id": UUID(int=9),
        "from_agency_id": NORTH,
        "to_agency_id": SOUTH,
        "requested_by": "cora",
    }
    return kind.model_validate(facts | more)


REQUESTED = of_transfer(TransferRequested, to_team_id=None, reason="family-moved", basis="consent")
DECLINED = of_transfer(TransferDeclined, declined_by="mats", reason="no-capacity")
ACCEPTED = of_transfer(TransferAccepted, accepted_by="mats", policy="default@1")
WITHDRAWN = of_transfer(TransferWithdrawn, reason="family-stays")
MOVED = CaseAssigned(
    case_ref=CASE,
    at=DAY_0,
    agency_id=SOUTH,
    team_id=None,
    caseworker_id="sara",
    supervisor_id="sal",
)


@pytest.fixture
async def known(notifications: Served) -> Served:
    await notifications.hear(
        staff("mats", Role.MANAGER, agency=SOUTH),
        staff("sal", Role.SUPERVISOR, agency=SOUTH),
        staff("sara", Role.CASEWORKER, agency=SOUTH),
    )
    return notifications


@pytest.mark.parametrize(
    ("event", "people"),
    [
        (REQUESTED, ["mats", "sal"]),  # whoever may answer, and nobody of the sender
        (WITHDRAWN, ["mats", "sal"]),
        (DECLINED, ["cora", "sami"]),  # the case stays theirs
        (ACCEPTED, ["cora"]),  # whoever asked
    ],
)
async def test_those_concerned_are_told_once(known: Served, event, people) -> None:
    await known.hear(event, event)
    assert sorted(await told(known)) == people


async def test_acceptance_is_told_to_who_asked_though_the_case_is_the_receivers_by_now(
    known: Served,
) -> None:
    await known.hear(MOVED, ACCEPTED)
    assert await told(known) == ["sara", "cora"]  # sara, that the case is hers now


async def test_duty_that_went_over_is_told_to_the_new_owners_and_no_more_to_the_old(
    known: Served,
) -> None:
    await known.hear(MOVED, missed(agency_id=SOUTH, person_id="sara"))
    assert sorted(await told(known)) == ["sal", "sara", "sara"]


async def test_answer_that_is_overdue_goes_up_the_ladder_of_the_agency_that_is_asked(
    known: Served,
) -> None:
    duty = {"step": "transfer-answer", "agency_id": SOUTH, "person_id": None}
    await known.hear(missed(Role.MANAGER, Role.SUPERVISOR, responsible=Role.MANAGER, **duty))
    assert sorted(await told(known)) == ["mats", "sal"]


async def test_repinned_case_names_its_steps_after_the_new_pack(known: Served) -> None:
    said = CaseRepinned(case_ref=CASE, at=DAY_0, before="default@1", policy="strict@1", moved=0)
    await known.hear(said)
    rows = await known.rows("SELECT policy FROM cases_known")
    assert [row["policy"] for row in rows] == ["strict@1"]


@pytest.mark.parametrize("wording", WORDINGS)
def test_every_wording_of_a_transfer_names_nobody(wording: str) -> None:
    notification = a_notification(
        kind=NotificationKind.APPROVAL,
        message=f"transfer-{wording}",
        staff_id="seeded-person",
        agency_id="seeded-agency",
    )
    letters = Letters(Settings(public_url="https://care.example", mail_from="t@care.example"))
    letter = letters.letter(notification, Recipient("x", "a@b.example", "en"), None, DAY_0)
    assert letter["Subject"].startswith(notification.case_ref)
    assert "seeded" not in letter.as_string()
