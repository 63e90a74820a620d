"""Every announcement reaches the people it concerns, each once; what reaches nobody is a finding."""

from uuid import UUID

from contracts.events.cases import ClosurePassedToStandIn, ClosureRequested
from contracts.events.deadlines import DeadlineEscalated, DeadlineMet, DeadlineOpened
from contracts.events.notifications import NotificationRequested
from contracts.events.referrals import ReferralExhausted, ReferralRejected, ReferralRequested
from contracts.events.reviews import ReviewChairMissing, ReviewConvened
from domain.reference import compose
from domain.vocabulary import Ground, RejectionReason, Role
from infrastructure.ids import new_id
from tests.services.notifications.conftest import (
    CASE,
    CORA,
    MONA,
    NORTH,
    OPAL,
    SOUTH,
    about_a_deadline,
    missed,
    registered,
    reminded,
    staff,
    told,
)
from tests.services.served import DAY_0, Served


async def test_a_miss_is_told_to_bearer_and_supervisor_once_each(notifications: Served) -> None:
    await notifications.hear(missed(), missed())
    assert await told(notifications) == ["cora", "sami"]
    requested = await notifications.said(NotificationRequested)
    assert [(each["staff_id"], each["kind"], each["step"]) for each in requested] == [
        ("cora", "missed", "initial-assessment"),
        ("sami", "missed", "initial-assessment"),
    ]


async def test_each_announcement_of_a_deadline_has_its_kind(notifications: Served) -> None:
    await notifications.hear(
        reminded(),
        about_a_deadline(DeadlineOpened, Role.CASEWORKER, moment="opened"),
        about_a_deadline(DeadlineEscalated, Role.MANAGER, rung=1, moment="rung-1"),
    )
    rows = await notifications.rows("SELECT kind, staff_id FROM notifications ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [
        ("reminder", "cora"),
        ("opened", "cora"),
        ("escalated", "mona"),
    ]


async def test_a_rung_that_nobody_holds_falls_to_the_next_and_then_is_a_finding(
    notifications: Served,
) -> None:
    await notifications.hear(staff("mona", Role.MANAGER, active=False))
    await notifications.hear(missed(Role.MANAGER))
    assert await told(notifications) == []
    listed = (await notifications.get(OPAL, "/findings")).json()["items"]
    assert [(each["role"], each["step"]) for each in listed] == [("manager", "initial-assessment")]
    assert (await notifications.get(MONA, "/findings")).json()["items"] == listed
    assert (await notifications.get(CORA, "/findings")).status_code == 404

    await notifications.hear(staff("hilde", Role.AGENCY_HEAD))
    await notifications.hear(missed(Role.MANAGER, moment="rung-1"))
    assert await told(notifications) == ["hilde"]


async def test_a_review_invites_its_chair_and_participants(notifications: Served) -> None:
    convened = ReviewConvened(
        case_ref=CASE,
        at=DAY_0,
        review_id=new_id(),
        chair_id="rena",
        participants=("cora", "sami"),
        meeting_at=DAY_0,
    )
    await notifications.hear(convened)
    assert await told(notifications) == ["rena", "cora", "sami"]
    [row] = await notifications.rows(
        "SELECT agency_id, role, kind, step_title FROM notifications WHERE staff_id = 'rena'"
    )
    assert row == {
        "agency_id": SOUTH,
        "role": "review-chair",
        "kind": "invitation",
        "step_title": "Periodic review meeting",
    }


async def test_the_supervisor_hears_that_nobody_can_chair(notifications: Served) -> None:
    await notifications.hear(ReviewChairMissing(case_ref=CASE, at=DAY_0, review_id=new_id()))
    assert await told(notifications) == ["sami"]


async def test_a_referral_concerns_the_provider_then_the_cases_people(
    notifications: Served,
) -> None:
    referral = new_id()
    asked = ReferralRequested(
        case_ref=CASE,
        at=DAY_0,
        referral_id=referral,
        attempt=1,
        from_agency_id=NORTH,
        to_agency_id=SOUTH,
        offer_id="family-support",
        need="financial-help",
        urgent=False,
        requested_by="cora",
    )
    rejected = ReferralRejected(
        case_ref=CASE,
        at=DAY_0,
        referral_id=referral,
        attempt=1,
        reason=RejectionReason.NO_CAPACITY,
    )
    exhausted = ReferralExhausted(
        case_ref=CASE, at=DAY_0, referral_id=referral, need="financial-help", attempts=1
    )
    await notifications.hear(asked)
    assert await told(notifications) == ["pia"]
    await notifications.hear(rejected)
    assert await told(notifications) == ["pia", "cora"]
    await notifications.hear(exhausted)
    assert await told(notifications) == ["pia", "cora", "cora", "sami"]


async def test_a_closure_awaits_its_approver_then_a_stand_in(notifications: Served) -> None:
    closure = new_id()
    requested = ClosureRequested(
        case_ref=CASE,
        at=DAY_0,
        closure_id=closure,
        ground=Ground.GOALS_ACHIEVED,
        requested_by="cora",
        approver_id="sami",
    )
    passed = ClosurePassedToStandIn(case_ref=CASE, at=DAY_0, closure_id=closure)
    await notifications.hear(requested, passed)
    assert await told(notifications) == ["sami", "mona"]


async def test_what_is_done_shows_as_settled_in_the_list(notifications: Served) -> None:
    await notifications.hear(
        missed(),
        DeadlineMet(
            **{
                name: value
                for name, value in missed().model_dump().items()
                if name not in {"moment", "tell", "skipped", "rung"}
            },
            met_at=DAY_0,
            late=True,
        ),
    )
    [found] = (await notifications.get(CORA, "/inbox")).json()["items"]
    assert found["settled_at"] == "2027-03-01T08:00:00Z"
    assert UUID(found["deadline_id"]) == UUID(int=7)


async def test_an_announcement_that_overtakes_its_case_waits_for_it(
    notifications: Served,
) -> None:
    other = compose(lambda _: "9")
    early = missed(case_ref=other, person_id=None)
    await notifications.hear(early, early)
    assert await told(notifications) == []
    assert (await notifications.get(OPAL, "/findings")).json()["awaiting_case"] == 1
    case = registered().model_copy(update={"case_ref": other, "caseworker_id": "carl"})
    await notifications.hear(case, early)
    assert await told(notifications) == ["carl", "sami"]
    assert (await notifications.get(OPAL, "/findings")).json()["awaiting_case"] == 0
