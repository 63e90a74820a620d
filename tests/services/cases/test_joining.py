"""An intake about a child whose case is in work: it joins that case, and somebody looks into what was told."""

from datetime import timedelta

import pytest

from contracts.events.cases import CaseErased, IntakeJoined
from contracts.events.deadlines import DeadlineMet, DeadlineSet
from domain.vocabulary import Role
from tests.services.cases.conftest import (
    CARL,
    CLEO,
    CORA,
    MATS,
    MONA,
    RITA,
    SAMI,
    SOUTH,
    a_closed_case,
    a_closing_case,
    a_new_case,
    a_referral,
    a_registered_case,
    a_registration,
    ago,
    an_active_case,
    done,
    fields,
    open_steps,
    refused,
    states,
)
from tests.services.served import a_token

HEARD = "Shouting at night, and the girl outside in the cold"
SAME = "Same name, street and school"
UNKNOWN = "0192f0c1-2b3c-7d4e-8f50-a1b2c3d4e5f6"
LOOK = {"method": "home-visit", "finding": "same", "note": "Both told what was heard"}
SUSE = a_token("suse", SOUTH, Role.CASEWORKER, Role.SUPERVISOR, team="team-s")


async def an_intake(served, who=RITA, **changes):
    told = {"source": "community", "concerns": HEARD, "criteria": ["violence-or-abuse"]}
    return (await done(served, who, "/intakes", a_referral(**(told | changes))))["case_ref"]


async def join(served, intake, ref, who=CORA):
    body = {"other_ref": ref, "reason": SAME}
    return await done(served, who, f"/cases/{intake}/joining", body)


async def test_intake_joins_the_case_in_work_and_its_registration_is_owed_no_more(cases) -> None:
    ref, _ = await an_active_case(cases)
    intake = await an_intake(cases)
    cases.clock.forward(hours=2)
    answer = await join(cases, intake, ref)
    assert (answer["status"], answer["joined_to"]) == ("joined", ref)
    (said,) = await cases.said(IntakeJoined)
    assert (said["case_ref"], said["joined_to"]) == (intake, ref)
    met = [each for each in await cases.said(DeadlineMet) if each["case_ref"] == intake]
    assert [(each["step"], each["late"]) for each in met] == [("registration", False)]
    assert "Shouting" not in str(await cases.said())
    await refused(
        cases, CORA, f"/cases/{intake}/registration", a_registration(), 409, "step-out-of-order"
    )


async def test_what_was_told_is_part_of_the_known_case_from_the_day_it_was_told(cases) -> None:
    ref, _ = await an_active_case(cases)
    intake, told_at = await an_intake(cases), cases.clock.at
    cases.clock.forward(hours=5)
    concern = (await join(cases, intake, ref))["concern_id"]
    lines = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    (line,) = [each for each in lines if each["fact"] == "concern.received"]
    assert line["at"] == told_at.isoformat().replace("+00:00", "Z")
    assert line["recorded_at"] != line["at"]
    assert line["codes"] == {
        "intake_ref": intake,
        "source": "community",
        "criteria": ["violence-or-abuse"],
        "presumed_risk": "high",
        "urgent": True,
    }
    view = (await cases.get(CORA, f"/cases/{ref}")).json()
    (joined,) = view["registration"]["joined"]
    assert (joined["subject_id"], joined["kind"]) == (concern, "joined-intake")
    assert (joined["content"]["concerns"], joined["content"]["reason"]) == (HEARD, SAME)
    assert "rita" not in str(joined)  # whoever reported is not named in the child's file


async def test_urgent_report_is_looked_into_within_a_day_by_the_known_caseworker(cases) -> None:
    ref, _ = await an_active_case(cases)
    intake = await an_intake(cases)
    concern = (await join(cases, intake, ref, who=SAMI))["concern_id"]
    assert (await open_steps(cases, ref))["concern-look"] == cases.clock.at + timedelta(days=1)
    (owed,) = [each for each in await cases.said(DeadlineSet) if each["step"] == "concern-look"]
    assert (owed["case_ref"], owed["person_id"], owed["subject_id"]) == (ref, "cora", concern)
    assert owed["moments"][0]["name"] == "opened"  # she is told at once
    assert owed["moments"][0]["at"] == owed["anchored_at"]


async def test_report_that_is_not_urgent_is_looked_into_as_soon_as_the_case_asks(cases) -> None:
    ref, _ = await an_active_case(cases)  # at medium risk
    await join(cases, await an_intake(cases, criteria=["out-of-school"]), ref)
    assert (await open_steps(cases, ref))["concern-look"] == cases.clock.at + timedelta(days=7)


async def test_look_meets_the_duty_and_found_worse_sets_a_reassessment(cases) -> None:
    ref, _ = await an_active_case(cases)
    concern = (await join(cases, await an_intake(cases), ref))["concern_id"]
    cases.clock.forward(hours=20)
    path = f"/cases/{ref}/concerns/{concern}/look"
    body = LOOK | {"finding": "worse", "occurred_at": ago(cases, hours=1)}
    answer = await done(cases, CORA, path, body)
    assert await states(cases, "concern-look") == ["met"]
    assert "re-assessment" in {each["step"] for each in answer["deadlines"]}
    view = (await cases.get(CORA, f"/cases/{ref}")).json()
    assert view["contacts"][-1]["content"]["note"] == LOOK["note"]
    await refused(cases, CORA, path, body, 409, "looked-into")


async def test_look_that_finds_nothing_worse_sets_nothing(cases) -> None:
    ref, _ = await an_active_case(cases)
    concern = (await join(cases, await an_intake(cases), ref))["concern_id"]
    body = LOOK | {"occurred_at": cases.clock.at.isoformat()}
    await done(cases, CORA, f"/cases/{ref}/concerns/{concern}/look", body)
    assert not await states(cases, "re-assessment")


async def test_look_before_the_report_or_of_no_report_is_refused(cases) -> None:
    ref, _ = await an_active_case(cases)
    concern = (await join(cases, await an_intake(cases), ref))["concern_id"]
    path, before = f"/cases/{ref}/concerns/{concern}/look", ago(cases, days=1)
    problem = await refused(
        cases, CORA, path, LOOK | {"occurred_at": before}, 422, "before-registration"
    )
    assert fields(problem) == ["occurred_at"]
    now = LOOK | {"occurred_at": cases.clock.at.isoformat()}
    await refused(cases, CORA, f"/cases/{ref}/concerns/{UNKNOWN}/look", now, 404, "not-found")
    await refused(cases, CARL, path, now, 404, "not-found")  # of the team, but not hers


async def test_case_does_not_close_over_a_report_that_nobody_looked_into(cases) -> None:
    ref = await a_closing_case(cases)
    concern = (await join(cases, await an_intake(cases), ref))["concern_id"]
    path, body = f"/cases/{ref}/closure-approval", {"note": "Agreed"}
    await refused(cases, SAMI, path, body, 409, "look-owed")
    look = LOOK | {"occurred_at": cases.clock.at.isoformat()}
    await done(cases, CORA, f"/cases/{ref}/concerns/{concern}/look", look)
    await done(cases, SAMI, path, body)


async def test_closed_case_is_not_joined_but_returned_to_with_its_reasons(cases) -> None:
    ref = await a_closed_case(cases)
    intake = await an_intake(cases)
    path, body = f"/cases/{intake}/joining", {"other_ref": ref, "reason": SAME}
    problem = await refused(cases, CORA, path, body, 409, "known-case-closed")
    assert fields(problem) == ["other_ref"]
    registered = await done(cases, CORA, f"/cases/{intake}/registration", a_registration())
    (like,) = registered["likely_same"]
    assert like["closure_reasons"] == "The family lives with an aunt abroad now"


async def test_nobody_joins_what_she_may_not_see(cases) -> None:
    at_south = {"agency_id": SOUTH, "caseworker_id": "suse", "supervisor_id": "sven"}
    elsewhere = (await done(cases, SUSE, "/cases", a_new_case(**at_south)))["case_ref"]
    ref, intake = await a_registered_case(cases), await an_intake(cases)
    path = f"/cases/{intake}/joining"
    for who, other in [
        (CORA, elsewhere),  # she sees the intake alone
        (CLEO, ref),  # of another team
        (SUSE, ref),  # of another agency
        (RITA, ref),  # who reported
        (MATS, elsewhere),
    ]:
        body = {"other_ref": other, "reason": SAME}
        await refused(cases, who, path, body, 404, "not-found")
    await refused(cases, CORA, path, {"other_ref": intake, "reason": SAME}, 422, "same-case")
    assert (await cases.get(CORA, f"/cases/{intake}")).json()["status"] == "identified"


async def test_attempt_on_a_hidden_case_is_on_its_audit_trail(cases) -> None:
    ref, intake = await a_registered_case(cases), await an_intake(cases)
    body = {"other_ref": ref, "reason": SAME}
    await refused(cases, CLEO, f"/cases/{intake}/joining", body, 404, "not-found")
    rows = await cases.rows(
        "SELECT subject, staff_id, outcome FROM audit WHERE action = 'join-intake'"
    )
    assert {"subject": ref, "staff_id": "cleo", "outcome": "hidden"} in rows


async def test_joined_intake_is_read_by_whoever_has_the_case_and_leads_to_it(cases) -> None:
    ref, _ = await an_active_case(cases)
    intake = await an_intake(cases)
    await join(cases, intake, ref)
    assert (await cases.get(CORA, f"/cases/{intake}")).json()["joined_to"] == ref
    body = {"caseworker_id": "cleo", "supervisor_id": "sami", "team_id": "team-b"}
    await done(cases, SAMI, f"/cases/{ref}/assignment", body)
    view = (await cases.get(CLEO, f"/cases/{intake}")).json()
    assert (view["joined_to"], view["registration"]["concerns"]) == (ref, HEARD)
    assert (await cases.get(CARL, f"/cases/{intake}")).status_code == 404


async def test_reporter_reads_that_the_child_is_registered_and_no_more(cases) -> None:
    ref, _ = await an_active_case(cases)
    intake = await an_intake(cases)
    await join(cases, intake, ref)
    view = (await cases.get(RITA, f"/cases/{intake}")).json()
    assert (view["case_ref"], view["status"]) == (intake, "registered")
    assert ref not in str(view)
    lines = (await cases.get(RITA, f"/cases/{intake}/chronology")).json()
    assert ref not in str(lines)
    listed = (await cases.get(RITA, "/cases")).json()["items"]
    assert [(each["case_ref"], each["status"]) for each in listed] == [(intake, "registered")]
    assert (await cases.get(RITA, "/cases?status=joined")).json()["items"] == []


async def test_child_is_found_by_either_description_as_the_one_case(cases) -> None:
    ref, _ = await an_active_case(cases)
    other = {"name": "Nora Beispiel", "age": 12, "gender": "girl", "location": "Northtown"}
    await join(cases, await an_intake(cases, child=other), ref)
    again = await done(cases, CORA, "/intakes", a_referral(child=other))
    assert [each["case_ref"] for each in again["likely_same"]] == [ref]


async def test_erasing_the_case_erases_what_joined_it(cases) -> None:
    ref, _ = await an_active_case(cases)
    intake = await an_intake(cases)
    await join(cases, intake, ref)
    await done(cases, MONA, f"/cases/{ref}/erasure", {"basis": "court-order"})
    head = a_token("hana", "agency-north", Role.AGENCY_HEAD)
    await done(cases, head, f"/cases/{ref}/erasure-approval")
    assert {each["case_ref"] for each in await cases.said(CaseErased)} == {ref, intake}
    rows = await cases.rows("SELECT subject FROM case_keys WHERE wrapped IS NOT NULL")
    assert not rows
    view = (await cases.get(MONA, f"/cases/{intake}")).json()
    assert HEARD not in str(view)
    assert view["erased_at"]


@pytest.mark.parametrize("who", [MONA, RITA])
async def test_only_whoever_may_register_joins(cases, who) -> None:
    ref, intake = await a_registered_case(cases), await an_intake(cases)
    body = {"other_ref": ref, "reason": SAME}
    await refused(cases, who, f"/cases/{intake}/joining", body, 404, "not-found")
