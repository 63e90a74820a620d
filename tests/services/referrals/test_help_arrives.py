"""From the acknowledgement to the help that arrived, with the duties met on the way."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.events.deadlines import DeadlineEscalated, DeadlineMissed
from contracts.events.timekeeping import DeadlineMomentReached
from tests.services.referrals.cast import (
    AMAL,
    BELA,
    BRIDGE,
    CASE,
    HARBOUR,
    JONAS,
    LEAD,
    RUTH,
    Somebody,
    duties,
    duties_set,
    get,
    instant,
    post,
    requested,
    said,
)
from tests.services.served import DAY_0, Served

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST_SERVICE = ("referral-first-service", "harbour-help")
APPOINTMENT = ("referral-appointment", "harbour-help")
CONFIRMATION = ("referral-confirmation", "agency-case")


async def accepted(served: Served) -> str:
    referral_id = await requested(served)
    await post(served, HARBOUR, f"/referrals/{referral_id}/acceptance")
    return referral_id


async def helped(served: Served) -> str:
    referral_id = await accepted(served)
    served.clock.forward(hours=2)
    await post(served, HARBOUR, f"/referrals/{referral_id}/service-given")
    return referral_id


async def test_the_whole_way_of_a_referral(referrals: Served) -> None:
    referral_id = await requested(referrals)
    path = f"/referrals/{referral_id}"
    await post(referrals, HARBOUR, f"{path}/acknowledgement")
    await post(referrals, HARBOUR, f"{path}/acceptance")
    booked = await post(
        referrals, HARBOUR, f"{path}/appointment", {"at": (DAY_0 + DAY).isoformat()}
    )
    assert (booked["state"], booked["detail"]) == ("in-progress", "appointment-booked")
    referrals.clock.forward(hours=25)
    given = await post(referrals, HARBOUR, f"{path}/service-given", {"note": "First talk"})
    assert (given["state"], given["detail"]) == ("in-progress", "event-done")
    done = await post(referrals, AMAL, f"{path}/confirmation", {"confirmed": True, "by": "mother"})
    assert (done["state"], done["confirmed"], done["confirmed_by"]) == ("completed", True, "mother")
    assert done["notes"] == {"service-given": "First talk"}
    assert await said(referrals) == [
        "referral.requested.v1",
        "referral.acknowledged.v1",
        "referral.accepted.v1",
        "referral.appointment-booked.v1",
        "referral.service-given.v1",
        "referral.completed.v1",
    ]
    assert await duties(referrals, referral_id) == {
        ("referral-acknowledgement", "harbour-help"): "met",
        ("referral-answer", "harbour-help"): "met",
        FIRST_SERVICE: "cancelled",
        APPOINTMENT: "met",
        CONFIRMATION: "met",
    }


async def test_an_appointment_replaces_the_limit_for_a_first_service(referrals: Served) -> None:
    referral_id = await accepted(referrals)
    assert (await duties(referrals, referral_id))[FIRST_SERVICE] == "open"
    at = DAY_0 + timedelta(days=20)
    await post(referrals, HARBOUR, f"/referrals/{referral_id}/appointment", {"at": at.isoformat()})
    found = await duties(referrals, referral_id)
    assert (found[FIRST_SERVICE], found[APPOINTMENT]) == ("cancelled", "open")
    due = instant((await duties_set(referrals))["referral-appointment"]["due_at"])
    assert due == at + DAY  # its day to say that it took place


async def test_a_moved_appointment_keeps_one_duty_open(referrals: Served) -> None:
    referral_id = await accepted(referrals)
    for days in (5, 9):
        at = (DAY_0 + timedelta(days=days)).isoformat()
        await post(referrals, HARBOUR, f"/referrals/{referral_id}/appointment", {"at": at})
    view = await get(referrals, AMAL, f"/referrals/{referral_id}")
    duty = [each for each in view["deadlines"] if each["step"] == "referral-appointment"]
    assert [each["state"] for each in duty] == ["cancelled", "open"]
    assert instant(duty[1]["due_at"]) == DAY_0 + timedelta(days=10)


async def test_service_without_an_appointment_meets_the_limit(referrals: Served) -> None:
    found = await duties(referrals, await helped(referrals))
    assert (found[FIRST_SERVICE], found[CONFIRMATION]) == ("met", "open")


async def test_help_given_in_time_and_written_down_late_is_met(referrals: Served) -> None:
    referral_id = await accepted(referrals)
    referrals.clock.forward(days=20)
    given_at = (DAY_0 + timedelta(days=3)).isoformat()
    await post(
        referrals, HARBOUR, f"/referrals/{referral_id}/service-given", {"given_at": given_at}
    )
    assert (await duties(referrals, referral_id))[FIRST_SERVICE] == "met"


async def test_the_confirmation_is_owed_by_the_cases_own_caseworker(referrals: Served) -> None:
    await helped(referrals)
    owed = (await duties_set(referrals))["referral-confirmation"]
    assert (owed["agency_id"], owed["person_id"]) == ("agency-case", "amal-h")


async def test_without_confirmation_a_reason_ends_it(referrals: Served) -> None:
    path = f"/referrals/{await helped(referrals)}/confirmation"
    refused = await post(referrals, AMAL, path, {"confirmed": False}, expect=422)
    assert refused["errors"][0]["field"] == "reason"
    done = await post(referrals, AMAL, path, {"confirmed": False, "reason": "Moved, no number"})
    assert (done["state"], done["confirmed"]) == ("completed", False)
    assert done["notes"]["no-confirmation"] == "Moved, no number"


async def test_nothing_ends_before_the_providers_word(referrals: Served) -> None:
    path = f"/referrals/{await accepted(referrals)}/confirmation"
    refused = await post(referrals, AMAL, path, {"confirmed": True, "by": "child"}, expect=409)
    assert refused["code"] == "service-not-given"


WRONG_HANDS: list[tuple[Somebody, str, Any]] = [
    (AMAL, "acknowledgement", {}),  # the sender does not answer for the receiver
    (AMAL, "acceptance", {}),
    (AMAL, "rejection", {"reason": "no-capacity"}),
    (BRIDGE, "acceptance", {}),  # not asked
    (LEAD, "acceptance", {}),  # leads the provider, does not receive
    (HARBOUR, "confirmation", {"confirmed": True, "by": "child"}),  # not for the receiver to say
    (HARBOUR, "unmet-need", {"note": "none"}),
    (BELA, "cancellation", {"reason": "no-longer-needed"}),  # not her case
    (RUTH, "cancellation", {"reason": "no-longer-needed"}),  # sees it, does not record on it
]


async def test_in_the_wrong_hands_there_is_no_such_referral(referrals: Served) -> None:
    path = f"/referrals/{await requested(referrals)}"
    before = await said(referrals)
    for who, what, body in WRONG_HANDS:
        answer = await post(referrals, who, f"{path}/{what}", body, expect=404)
        assert answer["code"] == "not-found"
    assert await said(referrals) == before
    rows = await referrals.rows(
        "select staff_id from audit where outcome = 'hidden' order by sequence"
    )
    assert [row["staff_id"] for row in rows] == [who.staff_id for who, _, _ in WRONG_HANDS]


WRONG_TIME: list[tuple[Somebody, str, Any, int, str]] = [
    (HARBOUR, "service-given", {}, 409, "referral-not-in-state"),  # not accepted yet
    (HARBOUR, "appointment", {"at": "2027-04-01T10:00:00Z"}, 409, "referral-not-in-state"),
    (AMAL, "unmet-need", {"note": "none"}, 409, "referral-not-in-state"),
    (HARBOUR, "rejection", {"reason": "silence"}, 422, "malformed"),
    (HARBOUR, "rejection", {"reason": "no time"}, 422, "malformed"),
    (HARBOUR, "rejection", {}, 422, "malformed"),
    (AMAL, "cancellation", {"reason": "case-closed"}, 422, "malformed"),  # the platform's word
]


async def test_what_cannot_be_done_now_says_why(referrals: Served) -> None:
    path = f"/referrals/{await requested(referrals)}"
    for who, what, body, status, code in WRONG_TIME:
        answer = await post(referrals, who, f"{path}/{what}", body, expect=status)
        assert answer["code"] == code
        assert answer["errors"][0]["field"] in ("state", "reason")


async def test_impossible_times_are_refused(referrals: Served) -> None:
    path = f"/referrals/{await accepted(referrals)}"
    impossible = [
        ("appointment", {"at": "2027-02-28T10:00:00Z"}, "at"),  # past
        ("appointment", {"at": "2027-04-01T10:00:00"}, "at"),  # no zone
        ("service-given", {"given_at": "2027-03-03T10:00:00Z"}, "given_at"),  # not yet
        ("service-given", {"given_at": "2027-02-03T10:00:00Z"}, "given_at"),  # before the request
    ]
    for what, body, named in impossible:
        answer = await post(referrals, HARBOUR, f"{path}/{what}", body, expect=422)
        assert answer["errors"][0]["field"] == named


@pytest.mark.parametrize("who", [AMAL, JONAS, HARBOUR])
async def test_either_side_may_cancel_and_the_duties_go(referrals: Served, who: Somebody) -> None:
    referral_id = await requested(referrals)
    path = f"/referrals/{referral_id}"
    view = await post(referrals, who, f"{path}/cancellation", {"reason": "family-declines"})
    assert (view["state"], view["ended_because"]) == ("cancelled", "family-declines")
    assert set((await duties(referrals, referral_id)).values()) == {"cancelled"}
    assert (await get(referrals, HARBOUR, path))["summary"] is None


async def test_an_error_of_entry_is_the_senders_to_find(referrals: Served) -> None:
    path = f"/referrals/{await requested(referrals)}/cancellation"
    wrong = {"reason": "entered-in-error"}
    await post(referrals, HARBOUR, path, wrong, expect=409)
    assert (await post(referrals, AMAL, path, wrong))["state"] == "entered-in-error"


async def reached(served: Served, moment: str) -> DeadlineMomentReached:
    rows = await served.rows(
        "select id, due_at from deadlines where step = 'referral-acknowledgement'"
    )
    return DeadlineMomentReached(
        case_ref=CASE,
        at=served.clock.now(),
        deadline_id=rows[0]["id"],
        version=1,
        owner="referrals",
        moment=moment,
    )


async def test_a_missed_acknowledgement_is_announced_until_somebody_takes_it_up(
    referrals: Served,
) -> None:
    await requested(referrals)
    referrals.clock.forward(hours=24)
    event = await reached(referrals, "due")
    await referrals.hear(event)
    (missed,) = await referrals.said(DeadlineMissed)
    assert missed["agency_id"] == "harbour-help"
    path = f"/deadlines/{event.deadline_id}/acknowledgement"
    for other in (AMAL, BRIDGE):  # the duty is not theirs
        await post(referrals, other, path, expect=404)
    taken = await post(referrals, LEAD, path)
    assert taken["acknowledged_by"] == "lead-h"
    referrals.clock.forward(hours=24)
    await referrals.hear(await reached(referrals, "rung-1"))
    assert await referrals.said(DeadlineEscalated) == []
