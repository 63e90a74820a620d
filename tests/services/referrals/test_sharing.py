"""What is shared: frozen when sent, seen by whom and when, changed by sending anew, stopped with its consent."""

from datetime import timedelta
from typing import Any

from contracts.events.referrals import ReferralCancelled, ReferralSharedAnew, ReferralSharingStopped
from tests.services.referrals.cast import (
    AMAL,
    BELA,
    BRIDGE,
    CONSENT,
    HARBOUR,
    JONAS,
    RUTH,
    SECRET,
    SUMMARY,
    a_request,
    consented,
    duties,
    duties_set,
    get,
    instant,
    post,
    requested,
    said,
    withdrawn,
)
from tests.services.served import DAY_0, Served

ON_RECORD = {"given_by": "mother", "recorded_at": DAY_0.isoformat(), "consent_id": str(CONSENT)}
BECAUSE = {"reason": "He would be beaten for talking to anybody."}


def without_consent(**changed: Any) -> dict[str, Any]:
    return {**a_request(without_consent=BECAUSE, **changed), "consent": None}


async def test_a_draft_asks_nobody_and_is_changed_until_it_is_sent(referrals: Served) -> None:
    body = {**a_request(draft=True), "consent": None}
    draft = await post(referrals, AMAL, "/referrals", body, expect=201)
    path = f"/referrals/{draft['referral_id']}"
    assert (draft["state"], draft["summary"], draft["shared_version"]) == ("draft", SUMMARY, 0)
    assert await referrals.said() == []
    for who in (HARBOUR, BELA):
        await get(referrals, who, path, expect=404)
    refused = await post(referrals, AMAL, f"{path}/sending", expect=422)
    assert refused["errors"][0]["field"] == "consent"
    changed = a_request(summary="Shorter.", shared={"age": "9"}, urgent=True)
    del changed["case_ref"]
    answer = await referrals.ask(AMAL.token, "PUT", f"{path}/draft", changed)
    assert answer.status_code == 200, answer.text
    referrals.clock.forward(hours=3)
    sent = await post(referrals, AMAL, f"{path}/sending")
    assert (sent["state"], sent["urgent"], sent["summary"], sent["shared"]) == (
        "requested", True, "Shorter.", {"age": "9"},
    )  # fmt: skip
    assert instant(sent["requested_at"]) == DAY_0 + timedelta(hours=3)
    assert [each["what"] for each in sent["history"]] == ["drafted", "draft-changed", "requested"]
    assert (await get(referrals, HARBOUR, path))["summary"] == "Shorter."
    again = await referrals.ask(AMAL.token, "PUT", f"{path}/draft", changed)
    assert (again.status_code, again.json()["code"]) == (409, "referral-not-in-state")


async def test_a_draft_is_thrown_away_by_taking_it_back(referrals: Served) -> None:
    draft = await post(referrals, AMAL, "/referrals", a_request(draft=True), expect=201)
    path = f"/referrals/{draft['referral_id']}/cancellation"
    done = await post(referrals, AMAL, path, {"reason": "no-longer-needed"})
    assert done["state"] == "cancelled"


async def test_what_was_sent_is_frozen_and_changed_only_by_sending_anew(referrals: Served) -> None:
    path = f"/referrals/{await requested(referrals)}"
    first = await get(referrals, HARBOUR, path)
    refused = await post(referrals, AMAL, f"{path}/shared", {"summary": "More."}, expect=422)
    assert refused["errors"][0]["field"] == "consent"
    referrals.clock.forward(hours=1)
    more = {
        "summary": "More.",
        "shared": {"safety": "Never call the house."},
        "consent": {"given_by": "mother", "recorded_at": referrals.clock.now().isoformat()},
    }
    await post(referrals, HARBOUR, f"{path}/shared", more, expect=404)
    view = await post(referrals, AMAL, f"{path}/shared", more)
    second = await get(referrals, HARBOUR, path)
    assert (second["summary"], second["shared"]) == ("More.", {"safety": "Never call the house."})
    assert second["content_hash"] != first["content_hash"]
    versions = view["sharing"]["versions"]
    assert [each["content_hash"] for each in versions] == [
        first["content_hash"], second["content_hash"],
    ]  # fmt: skip
    assert versions[0]["shared"] == {"name": "Noor", "location": SECRET}  # still there to be read
    (event,) = await referrals.said(ReferralSharedAnew)
    assert (event["version"], event["fields"]) == (2, ["safety", "summary"])


async def test_who_was_shown_it_first_and_last_is_on_the_record(referrals: Served) -> None:
    path = f"/referrals/{await requested(referrals)}"
    assert (await get(referrals, AMAL, path))["sharing"]["seen"] == []
    for _ in range(2):
        referrals.clock.forward(hours=1)
        await get(referrals, HARBOUR, path)
    (seen,) = (await get(referrals, AMAL, path))["sharing"]["seen"]
    assert (seen["agency_id"], seen["version"]) == ("harbour-help", 1)
    assert [instant(seen[each]) for each in ("first_at", "last_at")] == [
        DAY_0 + timedelta(hours=1), DAY_0 + timedelta(hours=2),
    ]  # fmt: skip
    assert (await get(referrals, HARBOUR, path))["sharing"] is None


async def test_withdrawn_consent_says_what_had_been_shared_and_shows_nothing_more(
    referrals: Served,
) -> None:
    await referrals.hear(consented())
    path = f"/referrals/{await requested(referrals, consent=ON_RECORD)}"
    await post(referrals, HARBOUR, f"{path}/acceptance")
    await referrals.hear(withdrawn(referrals))
    (event,) = await referrals.said(ReferralSharingStopped)
    assert (event["to_agency_id"], event["shared"]) == (
        "harbour-help", ["location", "name", "summary"],
    )  # fmt: skip
    (cancelled,) = await referrals.said(ReferralCancelled)
    assert cancelled["reason"] == "consent-withdrawn"
    seen = await get(referrals, HARBOUR, path)
    assert (seen["state"], seen["summary"], seen["shared"]) == ("cancelled", None, None)
    own = await get(referrals, AMAL, path)
    assert instant(own["sharing"]["stopped_at"]) == DAY_0
    assert own["sharing"]["versions"][0]["shared"]["name"] == "Noor"
    assert set((await duties(referrals, path.rpartition("/")[2])).values()) <= {"met", "cancelled"}


async def test_consent_withdrawn_before_anybody_looked_shared_nothing(referrals: Served) -> None:
    await referrals.hear(consented())
    await requested(referrals, consent=ON_RECORD)
    await referrals.hear(withdrawn(referrals))
    (event,) = await referrals.said(ReferralSharingStopped)
    assert (event["to_agency_id"], event["shared"]) == ("harbour-help", [])


async def test_help_that_was_given_is_still_to_be_confirmed(referrals: Served) -> None:
    await referrals.hear(consented())
    path = f"/referrals/{await requested(referrals, consent=ON_RECORD)}"
    await post(referrals, HARBOUR, f"{path}/acceptance")
    await post(referrals, HARBOUR, f"{path}/service-given")
    await referrals.hear(withdrawn(referrals))
    assert (await get(referrals, HARBOUR, path))["summary"] is None
    assert await referrals.said(ReferralCancelled) == []
    more = {"summary": "More.", "consent": {"given_by": "child", "recorded_at": DAY_0.isoformat()}}
    refused = await post(referrals, AMAL, f"{path}/shared", more, expect=409)
    assert refused["code"] == "sharing-has-stopped"
    done = await post(referrals, AMAL, f"{path}/confirmation", {"confirmed": True, "by": "child"})
    assert done["state"] == "completed"


async def test_sharing_without_consent_is_looked_at_by_somebody_else(referrals: Served) -> None:
    both = await post(referrals, AMAL, "/referrals", a_request(without_consent=BECAUSE), expect=422)
    assert both["errors"][0]["field"] == "consent"
    view = await post(referrals, AMAL, "/referrals", without_consent(), expect=201)
    referral_id, path = view["referral_id"], f"/referrals/{view['referral_id']}"
    assert view["sharing"]["versions"][0]["without_consent"] == BECAUSE["reason"]
    assert (await get(referrals, HARBOUR, path))["notes"] is None
    duty = (await duties_set(referrals))["sharing-reviewed"]
    assert (duty["responsible"], duty["person_id"]) == ("supervisor", "jonas-w")
    finding = {"justified": True, "note": "Nobody else could be asked."}
    own = await post(referrals, AMAL, f"{path}/sharing-review", finding, expect=409)
    assert own["code"] == "sharing-reviewed-by-another"
    await post(referrals, HARBOUR, f"{path}/sharing-review", finding, expect=404)
    seen = await post(referrals, JONAS, f"{path}/sharing-review", finding)
    assert seen["sharing"]["versions"][0]["reviewed_by"] == "jonas-w"
    assert (await duties(referrals, referral_id))["sharing-reviewed", "agency-case"] == "met"
    again = await post(referrals, RUTH, f"{path}/sharing-review", finding, expect=409)
    assert again["code"] == "sharing-reviewed-before"


async def test_what_a_supervisor_shared_without_consent_her_manager_looks_at(
    referrals: Served,
) -> None:
    view = await post(referrals, JONAS, "/referrals", without_consent(), expect=201)
    path = f"/referrals/{view['referral_id']}/sharing-review"
    finding = {"justified": False, "note": "The mother could have been asked."}
    assert (await post(referrals, JONAS, path, finding, expect=409))["code"] == (
        "sharing-reviewed-by-another"
    )
    await post(referrals, RUTH, path, finding)
    rows = await referrals.rows("select reviewed_by, justified from shared_versions")
    assert rows == [{"reviewed_by": "ruth-o", "justified": False}]


async def test_the_next_provider_sees_what_is_shared_now(referrals: Served) -> None:
    path = f"/referrals/{await requested(referrals)}"
    await post(referrals, HARBOUR, f"{path}/rejection", {"reason": "no-capacity"})
    await get(referrals, BRIDGE, path, expect=404)
    assert (await get(referrals, HARBOUR, path))["summary"] is None


async def test_fields_to_choose_from_say_what_they_are_for(referrals: Served) -> None:
    fields = (await get(referrals, AMAL, "/shareable-fields"))["items"]
    assert {"safety", "school", "contact"} <= {each["field"] for each in fields}
    assert all(each["meaning"] for each in fields)
    assert await said(referrals) == []
