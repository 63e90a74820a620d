"""Who may ask a provider for help, for which case, on whose consent, and what is owed from then on."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.events.cases import CaseReopened
from contracts.events.deadlines import DeadlineSet
from domain.vocabulary import Risk
from tests.services.open_service import BEGIN, Person, Served
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
    a_request,
    closed,
    consented,
    duties,
    get,
    offer,
    post,
    registered,
    requested,
    said,
    withdrawn,
)


async def test_the_first_provider_of_the_pathway_is_asked(referrals: Served) -> None:
    view = await post(referrals, AMAL, "/referrals", a_request(), expect=201)
    assert (view["state"], view["attempt"], view["provider_agency_id"]) == (
        "requested",
        1,
        "harbour-help",
    )
    (event,) = await referrals.said("referral.requested.v1")
    assert event.model_dump(mode="json")["requested_by"] == "amal-h"
    assert event.model_dump(mode="json")["offer_id"] == "talks"


async def test_the_provider_owes_an_acknowledgement_and_an_answer(referrals: Served) -> None:
    await requested(referrals)
    owed = {each.step: each for each in await referrals.said("deadline.set.v1")}
    assert set(owed) == {"referral-acknowledgement", "referral-answer"}
    answer = owed["referral-answer"]
    assert isinstance(answer, DeadlineSet)
    assert (answer.agency_id, answer.responsible, answer.person_id) == (
        "harbour-help",
        "provider",
        None,
    )
    assert answer.due_at == BEGIN + timedelta(days=3)  # three working days from a Monday


async def test_an_urgent_referral_is_acknowledged_within_three_hours(referrals: Served) -> None:
    await requested(referrals, urgent=True)
    owed = {each.step: each.due_at for each in await referrals.said("deadline.set.v1")}
    assert owed["urgent-referral-acknowledgement"] == BEGIN + timedelta(hours=3)
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
    assert await duties(referrals, view["id"]) == {("unmet-need", "agency-case"): "open"}


async def test_a_closed_case_sends_no_referrals_until_it_is_reopened(referrals: Served) -> None:
    await referrals.hear(closed(referrals))
    answer = await post(referrals, AMAL, "/referrals", a_request(), expect=409)
    assert answer["code"] == "case-is-closed"
    await referrals.hear(
        CaseReopened(
            case_ref=CASE,
            at=BEGIN,
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


@pytest.mark.parametrize("who", [BELA, BRIDGE, Person("olga-o", "agency-case", ("operations",))])
async def test_everybody_else_finds_the_same_nothing(referrals: Served, who: Person) -> None:
    hidden = await get(referrals, who, f"/referrals/{await requested(referrals)}", expect=404)
    missing = await get(
        referrals, who, "/referrals/01940000-0000-7000-8000-00000000ffff", expect=404
    )
    assert hidden == missing


async def test_texts_are_nowhere_in_the_tables_or_on_the_bus(referrals: Served) -> None:
    await requested(referrals)
    for table in ("referrals", "attempts", "texts", "outbox", "audit", "deadlines"):
        for row in await referrals.rows(f"select t::text as line from {table} t"):
            for text in ("Noor", SECRET, SUMMARY):
                assert text not in row["line"]
                assert text.encode().hex() not in row["line"]


async def test_the_same_key_asks_once(referrals: Served) -> None:
    key = {"Idempotency-Key": "referral-1"}
    first = await referrals.ask(AMAL, "POST", "/referrals", a_request(), headers=key)
    again = await referrals.ask(AMAL, "POST", "/referrals", a_request(), headers=key)
    assert (first.status_code, again.json()) == (201, first.json())
    other = await referrals.ask(AMAL, "POST", "/referrals", a_request(urgent=True), headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
    assert len(await referrals.said("referral.requested.v1")) == 1


BAD: list[tuple[dict[str, Any], str]] = [
    ({"case_ref": "Noor"}, "case_ref"),
    ({"summary": "  "}, "summary"),
    ({"need": "Family Support"}, "need"),
    ({"shared": {"shoe-size": "38"}}, "shared.shoe-size.[key]"),
    ({"consent": {"given_by": "neighbour", "recorded_at": BEGIN.isoformat()}}, "consent.given_by"),
    ({"consent": {"given_by": "mother", "recorded_at": "2026-03-02T09:00:00"}}, "consent.recorded_at"),
    ({"consent": {"given_by": "mother", "recorded_at": "2027-01-01T00:00:00Z"}}, "consent.recorded_at"),
    ({"urgency": "very"}, "urgency"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "named"), BAD)
async def test_a_wrong_request_is_refused_by_its_field(
    referrals: Served, changed: dict[str, Any], named: str
) -> None:
    answer = await post(referrals, AMAL, "/referrals", a_request(**changed), expect=422)
    assert answer["errors"][0]["field"] == named
    assert await referrals.said() == []


async def test_a_request_without_consent_is_refused(referrals: Served) -> None:
    body = a_request()
    del body["consent"]
    answer = await post(referrals, AMAL, "/referrals", body, expect=422)
    assert answer["errors"][0]["field"] == "consent"
