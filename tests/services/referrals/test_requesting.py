"""Who may ask a provider for help, for which case, on whose consent, and what is owed from then on."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2

from contracts.events.cases import CaseReopened
from contracts.events.referrals import ReferralRequested
from domain.disclosure import Viewer
from domain.referral import Consent
from domain.vocabulary import Person as Relative
from domain.vocabulary import Risk, Role
from services.referrals.commands import sending
from tests.services.referrals.cast import (
    AMAL,
    BELA,
    BRIDGE,
    CASE,
    CONSENT,
    HARBOUR,
    JONAS,
    SECRET,
    SUMMARY,
    Somebody,
    a_request,
    closed,
    consented,
    duties,
    duties_set,
    get,
    instant,
    offer,
    post,
    registered,
    requested,
    said,
    withdrawn,
)
from tests.services.served import DAY_0, Served


async def test_the_first_provider_of_the_pathway_is_asked(referrals: Served) -> None:
    view = await post(referrals, AMAL, "/referrals", a_request(), expect=201)
    assert (view["state"], view["attempt"], view["provider_agency_id"]) == (
        "requested",
        1,
        "harbour-help",
    )
    (event,) = await referrals.said(ReferralRequested)
    assert (event["requested_by"], event["offer_id"]) == ("amal-h", "talks")


async def test_the_provider_owes_an_acknowledgement_and_an_answer(referrals: Served) -> None:
    await requested(referrals)
    owed = await duties_set(referrals)
    assert set(owed) == {"referral-acknowledgement", "referral-answer"}
    answer = owed["referral-answer"]
    bearer = (answer["agency_id"], answer["responsible"], answer["person_id"])
    assert bearer == ("harbour-help", "provider", None)
    # three working days from a Monday
    assert instant(answer["due_at"]) == DAY_0 + timedelta(days=3)


async def test_an_urgent_referral_is_acknowledged_within_three_hours(referrals: Served) -> None:
    await requested(referrals, urgent=True)
    owed = await duties_set(referrals)
    due = instant(owed["urgent-referral-acknowledgement"]["due_at"])
    assert due == DAY_0 + timedelta(hours=3)
    assert "referral-acknowledgement" not in owed


async def test_the_supervisor_of_the_case_may_ask_too(referrals: Served) -> None:
    await post(referrals, JONAS, "/referrals", a_request(), expect=201)


async def test_a_case_of_somebody_else_answers_like_one_that_is_not_known(
    referrals: Served,
) -> None:
    unknown = await post(
        referrals, AMAL, "/referrals", a_request(case_ref="TL-0000-0000-0"), expect=409
    )
    foreign = await post(referrals, BELA, "/referrals", a_request(), expect=409)
    assert unknown == foreign
    assert unknown["code"] == "case-not-known-yet"
    audited = await referrals.rows("select staff_id, outcome from audit where outcome = 'hidden'")
    assert [row["staff_id"] for row in audited] == ["bela-c"]


async def test_who_records_on_no_case_finds_nothing(referrals: Served) -> None:
    await post(referrals, HARBOUR, "/referrals", a_request(), expect=404)


async def test_no_pathway_names_those_there_are(referrals: Served) -> None:
    answer = await post(referrals, AMAL, "/referrals", a_request(need="housing"), expect=409)
    assert answer["code"] == "no-pathway"
    assert answer["errors"][0]["allowed"] == ["family-support/city"]
    assert await said(referrals) == []


async def test_a_provider_without_places_is_passed_by(referrals: Served) -> None:
    await referrals.hear(offer("talks", "harbour-help", capacity=0))
    view = await post(referrals, AMAL, "/referrals", a_request(), expect=201)
    assert view["provider_agency_id"] == "bridge-families"


async def test_a_need_without_any_place_is_an_unmet_need_at_once(referrals: Served) -> None:
    await referrals.hear(
        offer("talks", "harbour-help", capacity=0), offer("circle", "bridge-families", capacity=0)
    )
    view = await post(referrals, AMAL, "/referrals", a_request(), expect=201)
    assert (view["state"], view["attempt"]) == ("failed", None)
    assert await said(referrals) == ["referral.exhausted.v1"]
    assert await duties(referrals, view["referral_id"]) == {("unmet-need", "agency-case"): "open"}


async def test_a_closed_case_sends_no_referrals_until_it_is_reopened(referrals: Served) -> None:
    await referrals.hear(closed(referrals))
    answer = await post(referrals, AMAL, "/referrals", a_request(), expect=409)
    assert answer["code"] == "case-is-closed"
    await referrals.hear(
        CaseReopened(
            case_ref=CASE,
            at=DAY_0,
            agency_id="agency-case",
            risk=Risk.HIGH,
            policy="default@1",
            times=1,
        )
    )
    await post(referrals, AMAL, "/referrals", a_request(), expect=201)


async def test_consent_named_by_its_id_must_stand_on_the_record(referrals: Served) -> None:
    consent = {**a_request()["consent"], "consent_id": str(CONSENT)}
    answer = await post(referrals, AMAL, "/referrals", a_request(consent=consent), expect=409)
    assert answer["code"] == "consent-does-not-stand"
    await referrals.hear(consented())
    await post(referrals, AMAL, "/referrals", a_request(consent=consent), expect=201)


async def test_withdrawn_consent_carries_no_new_referral(referrals: Served) -> None:
    await referrals.hear(consented(), withdrawn(referrals))
    named = {**a_request()["consent"], "consent_id": str(CONSENT)}
    for consent in (named, a_request()["consent"]):
        answer = await post(referrals, AMAL, "/referrals", a_request(consent=consent), expect=409)
        assert answer["code"] == "consent-does-not-stand"


async def test_a_new_caseworker_takes_over_with_the_case(referrals: Served) -> None:
    await referrals.hear(registered(caseworker="bela-c"))
    await post(referrals, AMAL, "/referrals", a_request(), expect=409)
    await post(referrals, BELA, "/referrals", a_request(), expect=201)


async def test_the_provider_sees_only_what_was_chosen_for_it(referrals: Served) -> None:
    view = await get(referrals, HARBOUR, f"/referrals/{await requested(referrals)}")
    assert view["summary"] == SUMMARY
    assert view["shared"] == {"name": "Noor", "location": SECRET}
    assert (view["consent"], view["attempts"], view["notes"]) == (None, None, None)
    assert {each["agency_id"] for each in view["deadlines"]} == {"harbour-help"}


async def test_everybody_else_finds_the_same_nothing(referrals: Served) -> None:
    referral_id, none = await requested(referrals), "01940000-0000-7000-8000-00000000ffff"
    for who in (BELA, BRIDGE, Somebody("olga-o", "agency-case", Role.OPERATIONS)):
        hidden = await get(referrals, who, f"/referrals/{referral_id}", expect=404)
        missing = await get(referrals, who, f"/referrals/{none}", expect=404)
        assert hidden == missing


async def test_texts_are_nowhere_in_the_tables_or_on_the_bus(referrals: Served) -> None:
    await requested(referrals)
    for table in ("referrals", "attempts", "texts", "outbox", "audit", "deadlines"):
        for row in await referrals.rows(f"select t::text as line from {table} t"):
            for text in ("Noor", SECRET, SUMMARY):
                assert text not in row["line"]
                assert text.encode().hex() not in row["line"]


async def test_the_same_key_asks_once(referrals: Served) -> None:
    async def ask(body: dict[str, Any]) -> httpx2.Response:
        key = {"Idempotency-Key": "referral-1"}
        return await referrals.ask(AMAL.token, "POST", "/referrals", body, **key)

    first, again = await ask(a_request()), await ask(a_request())
    assert (first.status_code, again.json()) == (201, first.json())
    other = await ask(a_request(urgent=True))
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
    assert len(await referrals.said(ReferralRequested)) == 1


BAD: list[tuple[dict[str, Any], str]] = [
    ({"case_ref": "Noor"}, "case_ref"),
    ({"summary": "  "}, "summary"),
    ({"need": "Family Support"}, "need"),
    ({"shared": {"shoe-size": "38"}}, "shared.shoe-size.[key]"),
    ({"consent": {"given_by": "neighbour", "recorded_at": DAY_0.isoformat()}}, "consent.given_by"),
    ({"consent": {"given_by": "mother", "recorded_at": "2027-03-02T09:00:00"}}, "consent.recorded_at"),
    ({"consent": {"given_by": "mother", "recorded_at": "2028-01-01T00:00:00Z"}}, "consent.recorded_at"),
    ({"urgency": "very"}, "urgency"),
]  # fmt: skip


async def test_a_wrong_request_is_refused_by_its_field(referrals: Served) -> None:
    for changed, named in BAD:
        answer = await post(referrals, AMAL, "/referrals", a_request(**changed), expect=422)
        assert answer["errors"][0]["field"] == named
    assert await referrals.said() == []


async def test_a_request_without_consent_is_refused(referrals: Served) -> None:
    body = a_request()
    del body["consent"]
    answer = await post(referrals, AMAL, "/referrals", body, expect=422)
    assert answer["errors"][0]["field"] == "consent"


async def test_a_closure_that_arrives_meanwhile_finds_the_new_referral(referrals: Served) -> None:
    """The closure waits for the request's commit, and the request is not left open on a closed case."""
    viewer = Viewer(AMAL.staff_id, AMAL.agency_id, "team-one", frozenset({AMAL.role}))
    async with referrals.db.transaction(viewer) as uow:
        wish = sending.Wish(
            need="family-support",
            area="city",
            urgent=False,
            summary=SUMMARY,
            consent=Consent(Relative.MOTHER, "referral", DAY_0),
        )
        referral_id = await sending.request(uow, CASE, wish)
        closing = asyncio.create_task(referrals.hear(closed(referrals)))
        await lock_is_waited_for(referrals)
    await closing
    view = await get(referrals, AMAL, f"/referrals/{referral_id}")
    assert (view["state"], view["ended_because"]) == ("cancelled", "case-closed")


async def lock_is_waited_for(served: Served) -> None:
    async with asyncio.timeout(10):
        while not await served.rows("select 1 from pg_locks where not granted"):  # noqa: ASYNC110 - Postgres tells nobody
            await asyncio.sleep(0.02)
