"""Help that waits, is missed, or fails after all; somebody who goes with the child."""

from datetime import timedelta
from typing import Any

from contracts.events.referrals import (
    ReferralAppointmentMissed,
    ReferralFailed,
    ReferralPutOnHold,
)
from tests.services.referrals.cast import (
    AMAL,
    HARBOUR,
    JONAS,
    RUTH,
    Somebody,
    a_request,
    duties,
    duties_set,
    get,
    instant,
    post,
    requested,
    said,
)
from tests.services.referrals.test_help_arrives import accepted, helped
from tests.services.served import DAY_0, Served

DAY = timedelta(days=1)
FIRST_SERVICE, HOLD = ("referral-first-service", "harbour-help"), ("referral-hold", "harbour-help")
REBOOKING = ("referral-rebooking", "harbour-help")
OFTEN, UNMET = ("missed-appointments", "agency-case"), ("unmet-need", "agency-case")
UNWELL = {"reason": "child-unwell", "until": (DAY_0 + 7 * DAY).isoformat(), "note": "Fever."}


async def booked(served: Served, path: str, at: Any) -> None:
    await post(served, HARBOUR, f"{path}/appointment", {"at": at.isoformat()})


async def missed(
    served: Served, path: str, at: Any, because: str, who: Somebody = HARBOUR
) -> dict[str, Any]:
    body = {"appointment_at": at.isoformat(), "because": because}
    return await post(served, who, f"{path}/missed-appointment", body)


async def test_a_hold_takes_the_place_of_the_chase_until_help_goes_on(referrals: Served) -> None:
    referral_id = await accepted(referrals)
    path = f"/referrals/{referral_id}"
    held = await post(referrals, HARBOUR, f"{path}/hold", UNWELL)
    assert (held["state"], instant(held["hold_until"])) == ("on-hold", DAY_0 + 7 * DAY)
    found = await duties(referrals, referral_id)
    assert (found[FIRST_SERVICE], found[HOLD]) == ("cancelled", "open")
    assert instant((await duties_set(referrals))["referral-hold"]["due_at"]) == DAY_0 + 7 * DAY
    (event,) = await referrals.said(ReferralPutOnHold)
    assert event["reason"] == "child-unwell"
    refused = await post(referrals, HARBOUR, f"{path}/service-given", expect=409)
    assert refused["errors"][0]["allowed"] == ["in-progress"]
    referrals.clock.forward(days=3)
    assert (await post(referrals, HARBOUR, f"{path}/resumption"))["state"] == "in-progress"
    assert (await duties(referrals, referral_id))[HOLD] == "met"
    limit = instant((await duties_set(referrals))["referral-first-service"]["due_at"])
    assert limit == DAY_0 + 17 * DAY  # two weeks from now on
    view = await get(referrals, AMAL, path)
    assert [each["what"] for each in view["history"]] == [
        "requested", "accepted", "on-hold", "resumed",
    ]  # fmt: skip
    assert "Fever." in view["notes"].values()


async def test_a_hold_is_no_longer_than_the_pack_allows(referrals: Served) -> None:
    path = f"/referrals/{await accepted(referrals)}/hold"
    too_long = {**UNWELL, "until": (DAY_0 + 29 * DAY).isoformat()}
    refused = await post(referrals, HARBOUR, path, too_long, expect=422)
    assert refused["errors"][0]["field"] == "until"
    await post(referrals, AMAL, path, UNWELL, expect=404)  # the receiver's to say
    wrong = await post(referrals, HARBOUR, path, {**UNWELL, "reason": "tired"}, expect=422)
    assert wrong["errors"][0]["field"] == "reason"


async def test_a_missed_appointment_is_owed_anew_and_the_second_is_looked_at(
    referrals: Served,
) -> None:
    referral_id = await accepted(referrals)
    path, at = f"/referrals/{referral_id}", DAY_0 + DAY
    await booked(referrals, path, at)
    referrals.clock.forward(days=2)
    once = await missed(referrals, path, at, "child-absent")
    assert (once["detail"], once["missed_appointments"], once["appointment_at"]) == (
        "not-attended", 1, None,
    )  # fmt: skip
    found = await duties(referrals, referral_id)
    assert (found["referral-appointment", "harbour-help"], found[REBOOKING]) == (
        "cancelled",
        "open",
    )
    assert OFTEN not in found
    again = DAY_0 + 5 * DAY
    await booked(referrals, path, again)
    assert (await duties(referrals, referral_id))[REBOOKING] == "met"
    await missed(referrals, path, again, "cancelled", AMAL)  # the case's side may say so too
    assert (await duties(referrals, referral_id))[OFTEN] == "open"
    assert (await duties_set(referrals))["missed-appointments"]["person_id"] == "jonas-w"
    assert [each["because"] for each in await referrals.said(ReferralAppointmentMissed)] == [
        "child-absent", "cancelled",
    ]  # fmt: skip
    await post(referrals, HARBOUR, f"{path}/attendance-review", {"note": "Bus fare."}, expect=404)
    for who in (JONAS, RUTH):
        await post(referrals, who, f"{path}/attendance-review", {"note": "No money for the bus."})
    assert (await duties(referrals, referral_id))[OFTEN] == "met"


async def test_an_appointment_that_is_not_the_one_booked_is_not_missed(referrals: Served) -> None:
    path = f"/referrals/{await accepted(referrals)}"
    await booked(referrals, path, DAY_0 + DAY)
    for at, because, field in (
        (DAY_0 + 2 * DAY, "cancelled", "appointment_at"),
        (DAY_0 + DAY, "child-absent", "because"),  # it has not been yet
    ):
        body = {"appointment_at": at.isoformat(), "because": because}
        refused = await post(referrals, HARBOUR, f"{path}/missed-appointment", body, expect=422)
        assert refused["errors"][0]["field"] == field


async def test_a_provider_that_cannot_help_leaves_an_unmet_need(referrals: Served) -> None:
    referral_id = await accepted(referrals)
    path = f"/referrals/{referral_id}"
    body = {"reason": "needs-other-help", "note": "Speech therapy first."}
    await post(referrals, AMAL, f"{path}/failure", body, expect=404)
    failed = await post(referrals, HARBOUR, f"{path}/failure", body)
    assert (failed["state"], failed["ended_because"]) == ("failed", "needs-other-help")
    found = await duties(referrals, referral_id)
    assert (found[FIRST_SERVICE], found[UNMET]) == ("cancelled", "open")
    types = [str(each["type"]) for each in await referrals.said()]
    assert types[-1] == ReferralFailed.type  # after the duty that it leaves
    await requested(referrals)
    assert (await duties(referrals, referral_id))[UNMET] == "met"


async def test_a_referral_may_be_found_wrong_even_after_its_end(referrals: Served) -> None:
    referral_id = await helped(referrals)
    path = f"/referrals/{referral_id}"
    await post(referrals, AMAL, f"{path}/confirmation", {"confirmed": True, "by": "child"})
    await post(referrals, HARBOUR, f"{path}/entered-in-error", expect=409)
    wrong = await post(referrals, AMAL, f"{path}/entered-in-error")
    assert (wrong["state"], wrong["ended_because"]) == ("entered-in-error", "entered-in-error")
    assert (await said(referrals))[-1] == "referral.entered-in-error.v1"
    assert (await get(referrals, HARBOUR, path))["summary"] is None


async def test_somebody_goes_with_the_child_when_that_is_asked(referrals: Served) -> None:
    due = DAY_0 + 3 * DAY
    along = {"who": "caseworker", "arrange_by": due.isoformat()}
    referral_id = await requested(referrals, accompaniment=along)
    duty = (await duties_set(referrals))["referral-accompaniment"]
    assert (instant(duty["due_at"]), duty["person_id"]) == (due, "amal-h")
    view = await post(referrals, AMAL, f"/referrals/{referral_id}/accompaniment", {"who": "mother"})
    assert (view["accompany"], view["accompanied_by"]) == ("caseworker", "mother")
    assert (await duties(referrals, referral_id))["referral-accompaniment", "agency-case"] == "met"
    past = a_request(accompaniment={**along, "arrange_by": (DAY_0 - DAY).isoformat()})
    refused = await post(referrals, AMAL, "/referrals", past, expect=422)
    assert refused["errors"][0]["field"] == "accompaniment.arrange_by"
