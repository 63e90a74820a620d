"""What referrals and reviews owe and have under way on a case: in its handover, and on the family's statement."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.events.base import Event
from contracts.events.deadlines import (
    DeadlineCancelled,
    DeadlineMet,
    DeadlineSet,
    DeadlineWaived,
)
from contracts.events.referrals import (
    ReferralAccepted,
    ReferralAppointmentBooked,
    ReferralAppointmentMissed,
    ReferralCompleted,
    ReferralPutOnHold,
    ReferralRejected,
    ReferralRequested,
    ReferralResumed,
    ReferralServiceGiven,
)
from contracts.events.reviews import (
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    ReviewCancelled,
    ReviewConvened,
    ReviewHeld,
    ReviewPostponed,
    ReviewScheduled,
)
from domain.vocabulary import RejectionReason, ReviewOutcome, Role, SubjectType
from infrastructure.ids import derived_id
from tests.services.cases.conftest import (
    CARL,
    CORA,
    MONA,
    NORTH,
    SAMI,
    SOUTH,
    agency,
    an_active_case,
    done,
    staff,
)
from tests.services.cases.test_statement import a_link, opened
from tests.services.served import Served

REFERRAL, REVIEW, MEETING = UUID(int=11), UUID(int=12), UUID(int=13)


class Elsewhere:
    """Says of one case what referrals and reviews would say."""

    def __init__(self, served: Served, ref: str) -> None:
        self.served, self.ref = served, ref

    @property
    def now(self) -> datetime:
        return self.served.clock.at

    async def hear(self, event: type[Event], /, **fields: Any) -> None:
        await self.served.hear(event(case_ref=self.ref, at=self.now, **fields))

    def duty(self, step: str, due: timedelta, role: Role = Role.PROVIDER) -> dict[str, Any]:
        of_review = step == "review"
        return {
            "deadline_id": derived_id(self.ref, step),
            "version": 1,
            "owner": "reviews" if of_review else "referrals",
            "subject_type": SubjectType.REVIEW if of_review else SubjectType.REFERRAL,
            "subject_id": str(REVIEW if of_review else REFERRAL),
            "step": step,
            "agency_id": "harbour-help" if role is Role.PROVIDER else NORTH,
            "responsible": role,
            "person_id": None,
            "due_at": self.now + due,
        }

    async def owes(self, step: str, days: int, role: Role = Role.PROVIDER) -> dict[str, Any]:
        fields = self.duty(step, timedelta(days=days), role)
        await self.hear(
            DeadlineSet,
            **fields,
            anchor="referral.requested",
            anchored_at=self.now,
            policy="default@1",
            moments=(),
        )
        return fields

    async def refers(self) -> None:
        await self.hear(
            ReferralRequested,
            referral_id=REFERRAL,
            attempt=1,
            from_agency_id=NORTH,
            to_agency_id="harbour-help",
            offer_id="talks",
            need="family-support",
            urgent=False,
            requested_by="cora",
        )

    async def reviews(self) -> None:
        await self.hear(
            ReviewScheduled,
            review_id=REVIEW,
            number=1,
            due_at=self.now + timedelta(days=92),
            convene_at=self.now + timedelta(days=70),
        )

    async def convenes(self) -> None:
        meeting = {"chair_id": "rena", "participants": ("cora",)}
        at = self.now + timedelta(days=80)
        await self.hear(ReviewConvened, review_id=REVIEW, meeting_at=at, **meeting)

    async def under_way(self) -> list[tuple[str, str]]:
        rows = await self.served.rows(
            "SELECT kind, state FROM under_way_elsewhere WHERE ended_at IS NULL ORDER BY since, id"
        )
        return [(row["kind"], row["state"]) for row in rows]


@pytest.fixture
async def known(cases: Served) -> Served:
    await cases.hear(
        agency(),
        agency(SOUTH),
        *(staff(name, Role.CASEWORKER) for name in ("cora", "carl")),
        staff("sami", Role.SUPERVISOR),
    )
    return cases


async def test_caseload_goes_over_with_what_others_owe_and_what_goes_on(known: Served) -> None:
    ref, _ = await an_active_case(known)
    others = Elsewhere(known, ref)
    await others.refers()
    await others.owes("referral-answer", 3)
    await others.reviews()
    await others.convenes()
    await others.owes("review", 92, Role.SUPERVISOR)
    manifest = await done(known, SAMI, "/caseloads/cora/handover", {"everything_to": "carl"})
    (case,) = manifest["cases"]
    owed = {duty["step"]: duty for duty in case["duties"]}
    assert (owed["referral-answer"]["owner"], owed["referral-answer"]["agency_id"]) == (
        "referrals",
        "harbour-help",
    )
    assert owed["review"]["owner"] == "reviews"
    assert owed["plan-action"]["owner"] == "cases"
    assert manifest["open_duties"] == len(case["duties"])
    assert [(each["kind"], each["state"], each["need"]) for each in case["under_way"]] == [
        ("referral", "requested", "family-support"),
        ("review", "convened", None),
    ]
    assert case["under_way"][1]["meets_at"]
    assert (await known.get(MONA, "/caseloads/cora/handover")).json() == manifest


async def test_case_file_tells_of_referrals_reviews_and_meetings(known: Served) -> None:
    ref, _ = await an_active_case(known)
    others = Elsewhere(known, ref)
    empty = (await known.get(CORA, f"/cases/{ref}/file.json")).json()
    assert empty["elsewhere"] == {"kept": [], "duties": []}
    assert "Nothing is recorded." in (await known.get(CORA, f"/cases/{ref}/file.html")).text
    await others.refers()
    await others.owes("referral-answer", 3)
    meeting = {"meeting_id": MEETING, "kind": "conference"}
    known.clock.forward(days=1)
    before = known.clock.at
    await others.hear(MeetingCalled, **meeting, called_by="cora", chair_id="rena",
                      participants=("cora",), meeting_at=others.now)  # fmt: skip
    known.clock.forward(days=1)
    await others.hear(MeetingHeld, **meeting, held_at=before, decisions=1, child_took_part=True)
    told = (await known.get(CORA, f"/cases/{ref}/file.json")).json()["elsewhere"]
    assert [(each["kind"], each["state"], each.get("need")) for each in told["kept"]] == [
        ("referral", "requested", "family-support"),
        ("conference", "held", None),
    ]
    assert told["kept"][1]["ended_at"] == told["kept"][1]["meets_at"]
    assert [(each["step"], each["title"]) for each in told["duties"]] == [
        ("referral-answer", "Referral accepted or declined by the provider"),
    ]
    page = (await known.get(CORA, f"/cases/{ref}/file.html?language=fr")).text
    for words in (
        "Orientations, revues et réunions",
        "Réunion de concertation",
        "tenue",
        ">Organisme<",
    ):
        assert words in page
    assert "harbour-help" in page
    then = f"/cases/{ref}/file.html?as_of={before.isoformat().replace('+', '%2B')}"
    assert "Referrals, reviews and meetings" not in (await known.get(CORA, then)).text
    assert "elsewhere" not in (await known.get(CARL, f"/cases/{ref}/file.json")).json()


async def test_transfer_lists_what_others_owe_and_what_goes_on(known: Served) -> None:
    ref, _ = await an_active_case(known)
    others = Elsewhere(known, ref)
    await others.refers()
    await others.owes("referral-answer", 3)
    await others.hear(MeetingCalled, meeting_id=MEETING, kind="conference", called_by="cora",
                      chair_id="sami", participants=("cora",), meeting_at=others.now)  # fmt: skip
    body = {
        "to_agency_id": SOUTH,
        "reason": "family-moved",
        "without_consent_because": "She is in danger",
    }
    asked = await done(known, CORA, f"/cases/{ref}/transfers", body)
    listed = {(each["kind"], each["what"]) for each in asked["handover"]}
    assert {
        ("duty", "referral-answer"),
        ("referral", "family-support"),
        ("review", "conference"),
        ("duty", "plan-action"),
    } <= listed


async def test_statement_says_what_a_provider_owes_and_which_reviews_come(known: Served) -> None:
    ref, _ = await an_active_case(known)
    others = Elsewhere(known, ref)
    await others.refers()
    answer = await others.owes("referral-answer", 3)
    acknowledged = await others.owes("referral-acknowledgement", 1)
    service = await others.owes("referral-first-service", 14)
    await others.owes("review", 92, Role.SUPERVISOR)
    await others.reviews()
    await others.convenes()
    link = await a_link(known, ref)
    page = await opened(known, link)
    assert "A service tells us whether it can help" in page
    assert "(harbour-help)" in page
    assert "We meet and look together" in page
    assert "acknowledge" not in page.split("</style>")[1].lower()  # among staff
    assert "Meetings to come" in page
    known.clock.forward(days=1)
    await others.hear(DeadlineMet, **answer, met_at=others.now, late=False)
    await others.hear(DeadlineMet, **acknowledged, met_at=others.now, late=True)
    await others.hear(ReferralAccepted, referral_id=REFERRAL, attempt=1)
    dropped = {"reason": "referral.appointment-booked", "successor_id": None}
    await others.hear(DeadlineCancelled, **service, **dropped)
    appointment = others.now + timedelta(days=5)
    await others.hear(ReferralAppointmentBooked, referral_id=REFERRAL, appointment_at=appointment)
    await others.owes("referral-appointment", 5)
    page = await opened(known, link)
    owed, kept = page.split("What became of earlier promises")
    assert "A service tells us whether it can help" in kept
    assert "Your appointment with the service" in owed
    assert "helps for the first time" not in page  # overtaken by the appointment
    known.clock.forward(days=6)
    page = await opened(known, link)
    assert "Late: it should have been done by now" in page.split("Your appointment")[1][:400]
    known.clock.forward(days=75)
    assert "Meetings to come" not in await opened(known, await a_link(known, ref))


async def test_referral_is_withheld_from_whom_it_would_endanger(known: Served) -> None:
    ref, _ = await an_active_case(known)
    others = Elsewhere(known, ref)
    await others.refers()
    await others.owes("referral-answer", 3)
    await others.reviews()
    await others.convenes()
    page = await opened(known, await a_link(known, ref, withheld=[str(REFERRAL), str(REVIEW)]))
    assert "A service tells us" not in page
    assert "harbour-help" not in page
    assert "Meetings to come" not in page


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
async def test_statement_is_told_in_every_language(known: Served, language: str) -> None:
    ref, _ = await an_active_case(known)
    others = Elsewhere(known, ref)
    await others.owes("referral-answer", 3)
    await others.reviews()
    await others.convenes()
    page = await opened(known, await a_link(known, ref, language=language))
    assert "harbour-help" in page
    assert ('dir="rtl"' in page) is (language == "ar")


async def test_course_of_a_referral_is_followed_to_its_end(known: Served) -> None:
    ref, _ = await an_active_case(known)
    others = Elsewhere(known, ref)
    await others.refers()
    missed = {"appointment_at": others.now, "because": "child-absent"}
    for kind, fields, state in [
        (ReferralRejected, {"attempt": 1, "reason": RejectionReason.SILENCE}, "rejected"),
        (ReferralAccepted, {"attempt": 2}, "accepted"),
        (ReferralAppointmentBooked, {"appointment_at": others.now}, "appointment-booked"),
        (ReferralAppointmentMissed, missed, "appointment-missed"),
        (ReferralPutOnHold, {"reason": "other", "until": others.now}, "on-hold"),
        (ReferralResumed, {}, "resumed"),
        (ReferralServiceGiven, {"given_at": others.now}, "service-given"),
    ]:  # fmt: skip
        await others.hear(kind, referral_id=REFERRAL, **fields)
        assert await others.under_way() == [("referral", state)]
    await others.hear(ReferralCompleted, referral_id=REFERRAL, confirmed=True)
    assert await others.under_way() == []
    (row,) = await known.rows("SELECT state FROM under_way_elsewhere")
    assert row["state"] == "completed"


async def test_course_of_reviews_and_meetings_is_followed_to_its_end(known: Served) -> None:
    ref, _ = await an_active_case(known)
    others = Elsewhere(known, ref)
    await others.reviews()
    await others.convenes()
    soon = others.now + timedelta(days=90)
    await others.hear(ReviewPostponed, review_id=REVIEW, reason="family-ill", before=others.now,
                      after=soon, times=1)  # fmt: skip
    assert await others.under_way() == [("review", "postponed")]
    await others.hear(ReviewHeld, review_id=REVIEW, outcome=ReviewOutcome.NO_CHANGE,
                      held_at=others.now, child_took_part=True)  # fmt: skip
    people = {"chair_id": "sami", "participants": ("cora",), "meeting_at": soon}
    await others.hear(
        MeetingCalled, meeting_id=MEETING, kind="planning", called_by="cora", **people
    )
    await others.hear(MeetingMoved, meeting_id=MEETING, kind="planning", reason="x", **people)
    assert await others.under_way() == [("planning", "moved")]
    await others.hear(MeetingHeld, meeting_id=MEETING, kind="planning", held_at=others.now,
                      decisions=1, child_took_part=True)  # fmt: skip
    assert await others.under_way() == []
    await others.hear(ReviewCancelled, review_id=REVIEW)
    await others.hear(MeetingCancelled, meeting_id=MEETING, kind="planning", reason="x")
    assert await others.under_way() == []


async def test_duty_said_again_names_its_bearer_and_keeps_what_became_of_it(known: Served) -> None:
    ref, _ = await an_active_case(known)
    others = Elsewhere(known, ref)
    fields = await others.owes("referral-answer", 3)
    waived = {"reason": "other", "successor_id": None, "approved_by": "mona"}
    await others.hear(DeadlineWaived, **fields, **waived)
    await others.hear(
        DeadlineSet,
        **fields | {"person_id": "pia"},
        anchor="referral.requested",
        anchored_at=others.now,
        policy="default@1",
        moments=(),
        restated=True,
    )
    (row,) = await known.rows("SELECT state, person_id FROM duties_elsewhere")
    assert row == {"state": "waived", "person_id": "pia"}
