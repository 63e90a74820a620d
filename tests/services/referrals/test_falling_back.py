"""When a provider declines or keeps silent: the next one is asked, until none is left."""

from contracts.events.referrals import ReferralRejected, ReferralRequested
from tests.services.referrals.cast import (
    AMAL,
    BRIDGE,
    HARBOUR,
    JONAS,
    a_request,
    closed,
    consented,
    duties,
    duties_set,
    fallback,
    get,
    post,
    requested,
    said,
    withdrawn,
)
from tests.services.served import Served

NO_CAPACITY = {"reason": "no-capacity", "note": "Full until May"}


async def declined(served: Served) -> str:
    referral_id = await requested(served)
    await post(served, HARBOUR, f"/referrals/{referral_id}/rejection", NO_CAPACITY)
    return referral_id


async def passed_on(served: Served) -> str:
    referral_id = await declined(served)
    await served.hear(fallback(served, referral_id, 1, "rejected"))
    return referral_id


async def exhausted(served: Served) -> str:
    referral_id = await passed_on(served)
    await post(served, BRIDGE, f"/referrals/{referral_id}/rejection", {"reason": "not-eligible"})
    await served.hear(fallback(served, referral_id, 2, "rejected"))
    return referral_id


async def test_the_next_provider_is_asked_after_a_rejection(referrals: Served) -> None:
    referral_id = await passed_on(referrals)
    view = await get(referrals, AMAL, f"/referrals/{referral_id}")
    assert (view["state"], view["attempt"], view["provider_agency_id"]) == (
        "requested",
        2,
        "bridge-families",
    )
    assert [each["note"] for each in view["attempts"]] == ["Full until May", None]
    assert await said(referrals) == [
        "referral.requested.v1",
        "referral.rejected.v1",
        "referral.requested.v1",
    ]
    found = await duties(referrals, referral_id)
    assert found["referral-answer", "harbour-help"] == "met"
    assert found["referral-answer", "bridge-families"] == "open"


async def test_the_same_word_of_the_clock_asks_nobody_twice(referrals: Served) -> None:
    referral_id = await passed_on(referrals)
    await referrals.hear(fallback(referrals, referral_id, 1, "rejected"))
    assert len(await referrals.said(ReferralRequested)) == 2


async def test_an_accepted_referral_stays_where_it_is(referrals: Served) -> None:
    referral_id = await requested(referrals)
    await post(referrals, HARBOUR, f"/referrals/{referral_id}/acceptance")
    referrals.clock.forward(days=10)
    await referrals.hear(fallback(referrals, referral_id, 1, "silence"))
    view = await get(referrals, AMAL, f"/referrals/{referral_id}")
    assert (view["state"], view["attempt"]) == ("accepted", 1)


async def test_silence_counts_as_declined_once_an_answer_is_overdue(referrals: Served) -> None:
    referral_id = await requested(referrals)
    referrals.clock.forward(days=3)
    await referrals.hear(fallback(referrals, referral_id, 1, "silence"))
    (rejected,) = await referrals.said(ReferralRejected)
    assert rejected["reason"] == "silence"
    view = await get(referrals, AMAL, f"/referrals/{referral_id}")
    assert (view["attempt"], view["provider_agency_id"]) == (2, "bridge-families")
    # What was never done is not called met.
    found = await duties(referrals, referral_id)
    assert found["referral-acknowledgement", "harbour-help"] == "cancelled"
    assert found["referral-answer", "harbour-help"] == "cancelled"


async def test_silence_one_minute_early_changes_nothing(referrals: Served) -> None:
    referral_id = await requested(referrals)
    await post(referrals, HARBOUR, f"/referrals/{referral_id}/acknowledgement")
    referrals.clock.forward(days=3, minutes=-1)
    await referrals.hear(fallback(referrals, referral_id, 1, "silence"))
    assert (await get(referrals, AMAL, f"/referrals/{referral_id}"))["attempt"] == 1
    referrals.clock.forward(minutes=1)
    await referrals.hear(fallback(referrals, referral_id, 1, "silence"))
    assert (await get(referrals, AMAL, f"/referrals/{referral_id}"))["attempt"] == 2


async def test_a_provider_passed_over_sees_only_its_own_answer(referrals: Served) -> None:
    referral_id = await passed_on(referrals)
    await post(referrals, BRIDGE, f"/referrals/{referral_id}/acceptance")
    view = await get(referrals, HARBOUR, f"/referrals/{referral_id}")
    assert (view["state"], view["attempt"], view["rejected_because"]) == (
        "rejected",
        1,
        "no-capacity",
    )
    shown = {name for name, value in view.items() if value not in (None, [])}
    assert shown == {
        "referral_id", "case_ref", "need", "area", "urgent", "state", "attempt", "offer_id",
        "provider_agency_id", "asked_at", "acknowledged_at", "answered_at", "rejected_because",
    }  # fmt: skip
    await post(referrals, HARBOUR, f"/referrals/{referral_id}/acceptance", expect=404)


async def test_without_a_provider_left_the_need_is_unmet(referrals: Served) -> None:
    referral_id = await exhausted(referrals)
    view = await get(referrals, AMAL, f"/referrals/{referral_id}")
    assert (view["state"], view["ended_because"]) == ("failed", "no-provider-left")
    owed = (await duties_set(referrals))["unmet-need"]
    bearer = (owed["agency_id"], owed["responsible"], owed["person_id"])
    assert bearer == ("agency-case", "supervisor", "jonas-w")


async def test_recording_the_unmet_need_meets_the_duty(referrals: Served) -> None:
    referral_id = await exhausted(referrals)
    path = f"/referrals/{referral_id}/unmet-need"
    view = await post(referrals, JONAS, path, {"note": "No place for families in the city"})
    assert view["notes"]["unmet-need"] == "No place for families in the city"
    assert (await duties(referrals, referral_id))["unmet-need", "agency-case"] == "met"
    assert (await said(referrals))[-1] == "unmet-need.recorded.v1"
    again = await post(referrals, JONAS, path, {"note": "again"}, expect=409)
    assert again["code"] == "unmet-need-recorded-before"


async def test_asking_anew_for_the_same_need_meets_it_too(referrals: Served) -> None:
    referral_id = await exhausted(referrals)
    await post(referrals, AMAL, "/referrals", a_request(), expect=201)
    assert (await duties(referrals, referral_id))["unmet-need", "agency-case"] == "met"


async def test_a_closed_case_cancels_what_is_under_way(referrals: Served) -> None:
    referral_id = await passed_on(referrals)
    await post(referrals, BRIDGE, f"/referrals/{referral_id}/acceptance")
    await referrals.hear(closed(referrals))
    view = await get(referrals, AMAL, f"/referrals/{referral_id}")
    assert (view["state"], view["ended_because"]) == ("cancelled", "case-closed")
    assert "open" not in (await duties(referrals, referral_id)).values()


async def test_a_closed_case_settles_the_duty_of_an_unmet_need(referrals: Served) -> None:
    referral_id = await exhausted(referrals)
    await referrals.hear(closed(referrals))
    assert (await get(referrals, AMAL, f"/referrals/{referral_id}"))["state"] == "failed"
    assert "open" not in (await duties(referrals, referral_id)).values()


async def test_withdrawn_consent_stops_what_is_not_shared_yet(referrals: Served) -> None:
    await referrals.hear(consented())
    pending, taken_up = await declined(referrals), await requested(referrals)
    await post(referrals, HARBOUR, f"/referrals/{taken_up}/acceptance")
    await referrals.hear(withdrawn(referrals))
    stopped = await get(referrals, AMAL, f"/referrals/{pending}")
    assert (stopped["state"], stopped["ended_because"]) == ("cancelled", "consent-withdrawn")
    given_up = await get(referrals, AMAL, f"/referrals/{taken_up}")
    assert (given_up["state"], given_up["ended_because"]) == ("cancelled", "consent-withdrawn")
    await referrals.hear(fallback(referrals, pending, 1, "rejected"))
    assert len(await referrals.said(ReferralRequested)) == 2  # nobody further is asked


async def test_consent_to_something_else_may_be_withdrawn(referrals: Served) -> None:
    await referrals.hear(consented("contact-school"))
    referral_id = await requested(referrals)
    await referrals.hear(withdrawn(referrals, "contact-school"))
    assert (await get(referrals, AMAL, f"/referrals/{referral_id}"))["state"] == "requested"
