"""Each ground of closure through the API: what it demands of the record, and what follows from it."""

from typing import Any

import pytest

from contracts.events.cases import SeriousIncidentFlagged
from contracts.events.deadlines import DeadlineSet
from tests.services.cases.conftest import (
    CARL,
    CORA,
    MATS,
    OPAL,
    SAMI,
    SOUTH,
    a_closure_request,
    a_registered_case,
    agency,
    ago,
    ahead,
    an_active_case,
    done,
    fields,
    open_steps,
    refused,
    states,
)

NOTE = {"note": "Agreed"}
PLAN = {
    "housing": "A flat in a shared house",
    "education_or_work": "A place as an apprentice",
    "income": "Wages and an allowance",
    "health": "Her own doctor",
    "contact_person": "Ines, reachable until she is 25",
    "documents": "Passport and certificates are hers",
}
OF_AGE = {"ground": "came-of-age", "came_of_age_on": "2027-03-05", "transition_plan": PLAN}
DIED = {
    "ground": "died",
    "died_on": "2027-03-09",
    "abuse_or_neglect_suspected": True,
    "reasons": "She died in hospital",
    "discussed_with_family": True,
}


async def ask(served, ref: str, **changes: Any) -> dict[str, Any]:
    return await done(served, CORA, f"/cases/{ref}/closure-request", a_closure_request(**changes))


async def refuse(served, ref: str, **changes: Any) -> list[str]:
    """The fields that the refusal names."""
    path = f"/cases/{ref}/closure-request"
    body = a_closure_request(**changes)
    problem = await refused(served, CORA, path, body, 422, "ground-not-shown")
    assert problem["errors"][0]["allowed"]
    return fields(problem)


async def attempt(served, ref: str, days_ago: int, **changes: Any) -> dict[str, Any]:
    body = {"at": ago(served, days=days_ago), "method": "home-visit", "note": "Nobody opened"}
    return await done(served, CORA, f"/cases/{ref}/engagement-attempts", body | changes)


async def test_refusal_of_help_ends_a_case_only_after_serious_engagement(cases) -> None:
    ref, _ = await an_active_case(cases)
    cases.clock.forward(days=40)
    needed = "3 attempts, the last 4 weeks after the first or later"
    assert await refuse(cases, ref, ground="refuses") == ["engagement_attempts"]
    await attempt(cases, ref, 30)
    await attempt(cases, ref, 20, method="letter", by="carl")
    assert await refuse(cases, ref, ground="refuses") == ["engagement_attempts"]
    listed = (await cases.get(CORA, f"/cases/{ref}/engagement-attempts")).json()
    assert (listed["needed"], listed["enough"]) == (needed, False)
    assert [(each["method"], each["by"], each["note"]) for each in listed["items"]] == [
        ("home-visit", "cora", "Nobody opened"),
        ("letter", "carl", "Nobody opened"),
    ]
    await attempt(cases, ref, 1, method="call")
    assert (await cases.get(CORA, f"/cases/{ref}/engagement-attempts")).json()["enough"]
    assert (await ask(cases, ref, ground="refuses"))["status"] == "closing"


async def test_attempts_are_for_those_who_see_the_contacts(cases) -> None:
    ref, _ = await an_active_case(cases)
    path = f"/cases/{ref}/engagement-attempts"
    body = {"at": ahead(cases, hours=1), "method": "call", "note": "x"}
    await refused(cases, CORA, path, body, 422, "occurred-in-future")
    await refused(cases, CARL, path, body | {"at": ago(cases, hours=1)}, 404, "not-found")
    for instant in ("0001-01-01T00:00:00+14:00", "2020-01-01T00:00:00Z"):
        await refused(cases, CORA, path, body | {"at": instant}, 422, "before-registration")
    await refused(cases, CORA, path, body | {"method": "telepathy"}, 422, "malformed")
    for who in (CARL, MATS):
        assert (await cases.get(who, path)).status_code == 404
    await attempt(cases, ref, 0)
    assert "Nobody opened" not in str(await cases.rows("SELECT * FROM facts"))
    assert "Nobody opened" not in str(await cases.said())


async def test_attempts_before_an_earlier_closure_do_not_count(cases) -> None:
    ref, _ = await an_active_case(cases)
    cases.clock.forward(days=40)
    for days in (35, 20, 1):
        await attempt(cases, ref, days)
    await ask(cases, ref, ground="refuses")
    await done(cases, SAMI, f"/cases/{ref}/closure-approval", NOTE)
    cases.clock.forward(days=1)
    await done(cases, CORA, f"/cases/{ref}/reopening", {"reason": "Back", "risk": "low"})
    assert await refuse(cases, ref, ground="refuses") == ["engagement_attempts"]
    assert (await cases.get(CORA, f"/cases/{ref}/engagement-attempts")).json()["items"] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"came_of_age_on": None}, "came_of_age_on"),
        ({"came_of_age_on": "2030-01-01"}, "came_of_age_on"),
        ({"transition_plan": None}, "transition_plan.housing"),
        ({"transition_plan": PLAN | {"documents": " "}}, "transition_plan.documents"),
    ],
)
async def test_coming_of_age_needs_its_day_and_every_part_of_the_plan(
    cases, changes, field
) -> None:
    ref, _ = await an_active_case(cases)
    assert await refuse(cases, ref, **(OF_AGE | changes)) == [field]
    await ask(cases, ref, **OF_AGE)
    view = (await cases.get(SAMI, f"/cases/{ref}")).json()
    told = view["closure"]["narratives"][-1]["content"]
    assert told["transition_plan"] == PLAN
    for table in ("facts", "outbox", "audit", "narratives"):
        assert "apprentice" not in str(await cases.rows(f"SELECT * FROM {table}"))


async def test_moving_away_needs_a_transfer_that_was_answered_or_the_reason_why_none(cases) -> None:
    await cases.hear(agency(SOUTH))
    ref, _ = await an_active_case(cases)
    moved = {"ground": "moved-away", "no_transfer_because": ""}
    assert await refuse(cases, ref, **moved) == ["no_transfer_because"]
    body = {
        "to_agency_id": SOUTH,
        "reason": "family-moved",
        "without_consent_because": "To protect her",
    }
    asked = await done(cases, CORA, f"/cases/{ref}/transfers", body)
    assert await refuse(cases, ref, **moved) == ["no_transfer_because"]  # not answered yet
    path = f"/transfers/{asked['transfer_id']}/refusal"
    await done(cases, MATS, path, {"reason": "no-capacity", "note": "Full until May"})
    assert (await ask(cases, ref, **moved))["status"] == "closing"


@pytest.mark.parametrize("ground", ["family-able", "no-longer-at-risk", "goals-achieved"])
async def test_gains_of_a_plan_settle_before_it_ends_for_the_better(cases, ground) -> None:
    ref, _ = await an_active_case(cases)
    await done(cases, CORA, f"/cases/{ref}/risk", {"risk": "low", "reason": "Better"})
    path, body = f"/cases/{ref}/closure-request", a_closure_request(ground=ground)
    await refused(cases, CORA, path, body, 409, "gains-not-settled")
    await done(cases, CORA, f"/cases/{ref}/goals-achieved", NOTE)
    await refused(cases, CORA, path, body, 409, "gains-not-settled")
    cases.clock.forward(days=29)
    assert (await done(cases, CORA, path, body))["status"] == "closing"


async def test_case_at_risk_is_not_closed_as_no_longer_at_risk(cases) -> None:
    ref, _ = await an_active_case(cases)
    assert await refuse(cases, ref, ground="no-longer-at-risk") == ["ground"]


async def test_death_is_said_to_those_who_learn_and_nobody_looks_back(cases) -> None:
    ref, _ = await an_active_case(cases)
    for missing in ("died_on", "abuse_or_neglect_suspected"):
        assert await refuse(cases, ref, **(DIED | {missing: None})) == [missing]
    assert not await cases.said(SeriousIncidentFlagged)
    asked = DIED | {"discussed_with_child": False, "how_to_come_back": ""}
    await ask(cases, ref, **asked)
    (said,) = await cases.said(SeriousIncidentFlagged)
    assert (said["kind"], said["suspected"]) == ("death", True)
    assert said["at"] == "2027-03-09T22:59:59Z"  # the day she died, in Berlin
    await done(cases, SAMI, f"/cases/{ref}/closure-approval", NOTE)
    assert list(await open_steps(cases, ref)) == ["archive"]
    assert "look-back" not in {each["step"] for each in await cases.said(DeadlineSet)}
    assert (await done(cases, CORA, f"/cases/{ref}/archive"))["status"] == "archived"
    assert await states(cases, "archive") == ["met"]
    assert "hospital" not in str(await cases.said())


async def test_serious_harm_is_flagged_while_the_case_is_open(cases) -> None:
    ref = await a_registered_case(cases)
    path = f"/cases/{ref}/serious-incidents"
    harm = {
        "kind": "serious-harm",
        "occurred_at": ago(cases, hours=2),
        "abuse_or_neglect_suspected": True,
        "what_happened": "She fell from the stairs",
    }
    late = harm | {"occurred_at": ahead(cases, hours=1)}
    await refused(cases, CORA, path, late, 422, "occurred-in-future")
    await refused(cases, CARL, path, harm, 404, "not-found")
    flagged = await done(cases, CORA, path, harm)
    (said,) = await cases.said(SeriousIncidentFlagged)
    assert (said["incident_id"], said["kind"]) == (flagged["incident_id"], "serious-harm")
    for table in ("facts", "outbox", "audit", "narratives"):
        assert "stairs" not in str(await cases.rows(f"SELECT * FROM {table}"))
    view = (await cases.get(SAMI, f"/cases/{ref}")).json()
    assert view["assessment"][-1]["content"]["what_happened"] == "She fell from the stairs"
    assert (await cases.get(CARL, path)).status_code == 404
    (item,) = (await cases.get(SAMI, path)).json()["items"]
    assert (item["kind"], item["abuse_or_neglect_suspected"]) == ("serious-harm", True)


async def test_death_flagged_before_is_not_said_again_with_the_closure(cases) -> None:
    ref, _ = await an_active_case(cases)
    death = {
        "kind": "death",
        "occurred_at": ago(cases, hours=2),
        "abuse_or_neglect_suspected": True,
        "what_happened": "In hospital",
    }
    await done(cases, CORA, f"/cases/{ref}/serious-incidents", death)
    await ask(cases, ref, **DIED)
    assert len(await cases.said(SeriousIncidentFlagged)) == 1


async def test_past_facts_tell_the_ground_so_that_a_pack_is_tried_rightly(cases) -> None:
    ref, _ = await an_active_case(cases)
    await ask(cases, ref, **DIED)
    await done(cases, SAMI, f"/cases/{ref}/closure-approval", NOTE)
    page = (await cases.get(OPAL, "/operations/facts?limit=200")).json()["items"]
    marks = {line["fact"]: line["marks"] for line in page}
    assert marks["case.closed"] == ["died"]
    assert marks["case.registered"] == []
