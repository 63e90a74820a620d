"""The reviews service, served; its people and a case."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.events import Event
from contracts.events.agencies import StaffRegistered
from contracts.events.cases import CaseClosed, CaseRegistered, PlanAgreed
from contracts.events.referrals import ReferralAccepted, ReferralRequested
from contracts.events.timekeeping import ReviewConveningDue
from domain.reference import compose
from domain.vocabulary import Ground, Risk, Role, Source
from infrastructure.ids import new_id
from services.reviews.app import service
from tests.services.served import DAY_0, Served, a_token, serve
from tests.stack.databases import TestDatabase

NORTH = "agency-north"
NOTHING = {"items": [], "next_cursor": None}  # a list without anything
CASE = compose(lambda _: "7")
CORA = a_token("cora", NORTH, Role.CASEWORKER, team="team-a")
SAMI = a_token("sami", NORTH, Role.SUPERVISOR, team="team-a")
MONA = a_token("mona", NORTH, Role.MANAGER)
RENA = a_token("rena", NORTH, Role.REVIEW_CHAIR, team="team-b")
RAVI = a_token("ravi", "agency-south", Role.REVIEW_CHAIR)
OPAL = a_token("opal", "throughline", Role.OPERATIONS)
CARL = a_token("carl", NORTH, Role.CASEWORKER, team="team-a")


@pytest.fixture
async def reviews(
    service_database: Callable[..., TestDatabase], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    async with serve(service, service_database("reviews"), monkeypatch) as served:
        yield served


def staff(
    staff_id: str,
    *roles: Role,
    agency: str = NORTH,
    team: str | None = None,
    active: bool = True,
    at: Any = DAY_0,
) -> StaffRegistered:
    return StaffRegistered(
        agency_id=agency, at=at, staff_id=staff_id, team_id=team, roles=roles, active=active
    )


def people() -> list[StaffRegistered]:
    return [
        staff("cora", Role.CASEWORKER, team="team-a"),
        staff("sami", Role.SUPERVISOR, team="team-a"),
        staff("rena", Role.REVIEW_CHAIR, team="team-b"),
        staff("ravi", Role.REVIEW_CHAIR, agency="agency-south"),
        staff("nora", Role.REVIEW_CHAIR, team="team-a"),
    ]


def registered(**changes: Any) -> CaseRegistered:
    return CaseRegistered(**(_CASE | {"source": Source.SCHOOL} | changes))


def plan_agreed(version: int = 1, **changes: Any) -> PlanAgreed:
    return PlanAgreed(**(_CASE | {"plan_version": version, "actions": 4} | changes))


def closed(at: Any, case_ref: str = CASE) -> CaseClosed:
    return CaseClosed(
        case_ref=case_ref,
        at=at,
        closure_id=new_id(),
        ground=Ground.GOALS_ACHIEVED,
        approved_by="sami",
    )


def convening_due(review_id: UUID | str, at: Any = DAY_0) -> ReviewConveningDue:
    return ReviewConveningDue(case_ref=CASE, at=at, review_id=UUID(str(review_id)))


_CASE: dict[str, Any] = {
    "case_ref": CASE,
    "at": DAY_0,
    "agency_id": NORTH,
    "team_id": "team-a",
    "caseworker_id": "cora",
    "supervisor_id": "sami",
    "risk": Risk.MEDIUM,
    "policy": "default@1",
}


async def a_scheduled_review(reviews: Served) -> str:
    """Everybody is known and the first plan agreed; its review's id."""
    await reviews.hear(*people(), registered(), plan_agreed())
    return str((await reviews.rows("SELECT id FROM reviews"))[0]["id"])


async def a_convened_review(reviews: Served) -> str:
    """Its convening is due, and Rena chairs it."""
    review_id = await a_scheduled_review(reviews)
    reviews.clock.forward(days=78)
    await reviews.hear(convening_due(review_id))
    return review_id


def an_outcome(served: Served, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "outcome": "adjust",
        "held_at": served.clock.at.isoformat(),
        "child_took_part": True,
        "minutes": "Noor said she sleeps again.",
        "decisions": [
            {"text": "Ask the school for a tutor", "owner": "caseworker", "due": "2027-07-01"}
        ],
    }
    return body | changes


HARBOUR = "harbour-help"
PAULA = a_token("paula", HARBOUR, Role.PROVIDER)
PETE = a_token("pete", "other-help", Role.PROVIDER)
HUGO = a_token("hugo", HARBOUR, Role.REVIEW_CHAIR)
REFERRAL = UUID("01950000-0000-7000-8000-00000000000a")


def more_people() -> list[StaffRegistered]:
    return [
        staff("paula", Role.PROVIDER, agency=HARBOUR),
        staff("pete", Role.PROVIDER, agency="other-help"),
        staff("hugo", Role.REVIEW_CHAIR, agency=HARBOUR),
        staff("mona", Role.MANAGER),
    ]


def asked_to_help(agency: str = HARBOUR, by: str = "cora") -> ReferralRequested:
    return ReferralRequested(
        case_ref=CASE,
        at=DAY_0,
        referral_id=REFERRAL,
        attempt=1,
        from_agency_id=NORTH,
        to_agency_id=agency,
        offer_id="harbour-counselling",
        need="family-support",
        urgent=False,
        requested_by=by,
    )


def helping() -> list[Event]:
    """Harbour is asked, and accepts."""
    accepted = ReferralAccepted(case_ref=CASE, at=DAY_0, referral_id=REFERRAL, attempt=1)
    return [asked_to_help(), accepted]


async def a_case_with_help(reviews: Served, policy: str = "default@1") -> None:
    await reviews.hear(*people(), *more_people(), registered(policy=policy), *helping())


def a_conference(reviews: Served, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "case_ref": CASE,
        "kind": "conference",
        "purpose": "What keeps her from school.",
        "participants": ["cora", "sami", "paula"],
        "meeting_at": (reviews.clock.at + timedelta(days=10)).isoformat(),
    }
    return body | changes


def some_minutes(reviews: Served, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "held_at": reviews.clock.at.isoformat(),
        "attendance": ["rena", "cora", "paula"],
        "child_took_part": True,
        "child_participation": "by-trusted-person",
        "minutes": "Her aunt spoke for her.",
        "decisions": [
            {"text": "A lift to school", "owner": "provider", "owner_id": "paula", "due": "2027-04-01"},
        ],
    }  # fmt: skip
    return body | changes


async def a_called_conference(reviews: Served) -> str:
    await a_case_with_help(reviews)
    answer = await reviews.post(CORA, "/meetings", a_conference(reviews))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["meeting_id"])
