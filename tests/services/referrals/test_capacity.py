"""Capacity asked first, for nobody named; offers that do not suit are passed by with a reason."""

from datetime import date, timedelta
from typing import Any

from contracts.events import Event
from contracts.events.agencies import OfferTermsPublished
from contracts.events.referrals import CapacityAnswered, CapacityAsked
from domain.vocabulary import Role
from tests.services.referrals.cast import (
    AMAL,
    BRIDGE,
    CASE,
    HARBOUR,
    JONAS,
    LEAD,
    Somebody,
    a_request,
    fallback,
    get,
    instant,
    offer,
    post,
)
from tests.services.served import DAY_0, Served

QUESTION = {"need": "family-support", "area": "city", "age_band": "5-9", "language": "ar"}
OTHERS = Somebody("cora-x", "agency-other", Role.CASEWORKER)


def terms(offer_id: str, agency_id: str, **changed: Any) -> Event:
    said = {
        "areas": ("city",), "languages": (), "youngest": None, "oldest": None,
        "waiting_days": None, "paused": False,
    }  # fmt: skip
    return OfferTermsPublished(
        agency_id=agency_id, at=DAY_0, offer_id=offer_id, **{**said, **changed}
    )


async def asked(served: Served, **changed: Any) -> dict[str, Any]:
    return await post(served, AMAL, "/capacity-enquiries", {**QUESTION, **changed}, expect=201)


async def test_everybody_who_suits_is_asked_and_nobody_learns_for_whom(referrals: Served) -> None:
    view = await asked(referrals)
    assert [(each["offer_id"], each["answer"]) for each in view["asked"]] == [
        ("circle", None), ("talks", None),
    ]  # fmt: skip
    assert instant(view["answer_by"]) == DAY_0 + timedelta(days=2)  # working days, from a Monday
    events = await referrals.said(CapacityAsked)
    assert {each["agency_id"] for each in events} == {"harbour-help", "bridge-families"}
    seen = await get(referrals, HARBOUR, f"/capacity-enquiries/{view['enquiry_id']}")
    assert [each["offer_id"] for each in seen["asked"]] == ["talks"]  # its own part
    assert seen["not_asked"] is None
    for table in ("enquiries", "enquiry_offers", "outbox"):
        for row in await referrals.rows(f"select t::text as line from {table} t"):
            assert CASE not in row["line"]


async def test_offers_that_do_not_suit_are_named_with_the_reason(referrals: Served) -> None:
    await referrals.hear(
        terms("talks", "harbour-help", youngest=12), terms("circle", "bridge-families", paused=True)
    )
    view = await asked(referrals)
    assert view["asked"] == []
    assert {each["offer_id"]: each["because"] for each in view["not_asked"]} == {
        "talks": "other-age", "circle": "paused",
    }  # fmt: skip


async def test_answers_count_until_their_time_is_over(referrals: Served) -> None:
    view = await asked(referrals, urgent=True)
    path = f"/capacity-enquiries/{view['enquiry_id']}"
    said = {"answer": "has-capacity", "places": 2, "from": "2027-04-01"}
    await post(referrals, BRIDGE, f"{path}/answers", {"answer": "waiting-list"})
    await post(referrals, BRIDGE, f"{path}/answers", said)  # the last word counts
    for who in (LEAD, OTHERS):
        await post(referrals, who, f"{path}/answers", said, expect=404)
    referrals.clock.forward(hours=4)
    late = await post(referrals, HARBOUR, f"{path}/answers", said, expect=409)
    assert late["code"] == "enquiry-over"
    found = {each["offer_id"]: each for each in (await get(referrals, JONAS, path))["asked"]}
    assert (found["circle"]["places"], found["circle"]["free_from"]) == (2, str(date(2027, 4, 1)))
    assert (found["talks"]["overdue"], found["circle"]["overdue"]) == (True, False)
    assert [each["answer"] for each in await referrals.said(CapacityAnswered)] == [
        "waiting-list", "has-capacity",
    ]  # fmt: skip


async def test_an_enquiry_is_its_agencys_own(referrals: Served) -> None:
    path = f"/capacity-enquiries/{(await asked(referrals))['enquiry_id']}"
    await get(referrals, OTHERS, path, expect=404)
    await post(referrals, HARBOUR, "/capacity-enquiries", QUESTION, expect=404)
    assert len((await get(referrals, HARBOUR, "/capacity-enquiries"))["items"]) == 1
    assert len((await get(referrals, JONAS, "/capacity-enquiries?tray=out"))["items"]) == 1
    assert (await get(referrals, OTHERS, "/capacity-enquiries"))["items"] == []
    unknown = await post(
        referrals, AMAL, "/capacity-enquiries", {**QUESTION, "need": "housing"}, expect=409
    )
    assert unknown["code"] == "no-pathway"


async def test_who_said_yes_is_asked_first_and_who_said_no_is_not(referrals: Served) -> None:
    view = await asked(referrals)
    path = f"/capacity-enquiries/{view['enquiry_id']}/answers"
    await post(referrals, BRIDGE, path, {"answer": "has-capacity"})
    await post(referrals, HARBOUR, path, {"answer": "no-capacity"})
    wrong = await post(
        referrals, AMAL, "/referrals", a_request(enquiry_id="01940000-0000-7000-8000-0000000000ff"), expect=409
    )  # fmt: skip
    assert wrong["code"] == "enquiry-for-another-need"
    body = a_request(enquiry_id=view["enquiry_id"])
    referral = await post(referrals, AMAL, "/referrals", body, expect=201)
    assert (referral["provider_agency_id"], referral["skipped"]) == ("bridge-families", [])
    rejection = f"/referrals/{referral['referral_id']}/rejection"
    await post(referrals, BRIDGE, rejection, {"reason": "not-eligible"})
    await referrals.hear(fallback(referrals, referral["referral_id"], 1, "rejected"))
    left = await get(referrals, AMAL, f"/referrals/{referral['referral_id']}")
    assert (left["state"], left["skipped"][0]["because"]) == ("failed", "said-no-capacity")


async def test_offers_passed_by_stay_on_the_record_with_the_reason(referrals: Served) -> None:
    await referrals.hear(
        terms("talks", "harbour-help", languages=("fr",)),
        offer("circle", "bridge-families", capacity=0),
    )
    body = a_request(language="ar", age=9)
    view = await post(referrals, AMAL, "/referrals", body, expect=201)
    assert view["state"] == "failed"
    assert {each["offer_id"]: each["because"] for each in view["skipped"]} == {
        "talks": "other-language", "circle": "no-place",
    }  # fmt: skip
