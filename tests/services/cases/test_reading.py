"""What people see of a case, who is written down for having looked, and what is erased for good."""

import pytest
from sqlalchemy.exc import ProgrammingError

from contracts.events.deadlines import DeadlineSet
from domain.disclosure import Viewer
from infrastructure import crypto
from tests.services.cases.conftest import (
    CARL,
    CHILD,
    CLEO,
    CONCERNS,
    CORA,
    MATS,
    MONA,
    NAME,
    OPAL,
    PIA,
    RENA,
    SAMI,
    a_finding,
    a_registered_case,
    an_active_case,
    done,
    refused,
)

SECTIONS = {
    "identity", "registration", "assessment", "plan", "contacts", "consent", "closure", "deadlines",
}  # fmt: skip


async def sections(served, who: str, ref: str) -> set[str]:
    answer = await served.get(who, f"/cases/{ref}")
    return set(answer.json()) & SECTIONS if answer.status_code == 200 else set()


async def test_each_viewer_sees_her_own_sections(cases) -> None:
    ref, _ = await an_active_case(cases)
    for who, seen in [
        (CORA, SECTIONS),
        (SAMI, SECTIONS),
        (CARL, {"identity", "plan", "deadlines"}),  # her team
        (MONA, SECTIONS - {"contacts"}),
        (OPAL, {"deadlines"}),
    ]:
        assert await sections(cases, who, ref) == seen


async def test_hidden_case_answers_exactly_like_a_missing_one(cases) -> None:
    ref, _ = await an_active_case(cases)
    missing = await cases.get(CLEO, "/cases/TL-0000-0000-0")
    for who in (CLEO, MATS, PIA, RENA):
        for path in ("", "/deadlines", "/chronology"):
            hidden = await cases.get(who, f"/cases/{ref}{path}")
            assert (hidden.status_code, hidden.content) == (404, missing.content)


async def test_record_is_read_whole_by_whoever_looks_after_it(cases) -> None:
    ref, plan = await an_active_case(cases)
    track = plan["follow_ups"][0]["follow_up_id"]
    cases.clock.forward(days=3)
    await done(cases, CORA, f"/cases/{ref}/follow-ups/{track}/records", a_finding(cases))
    view = (await cases.get(CORA, f"/cases/{ref}")).json()
    assert view["identity"] == CHILD
    assert view["registration"]["concerns"] == CONCERNS
    assert [each["kind"] for each in view["assessment"]] == [
        "initial-assessment", "comprehensive-assessment",
    ]  # fmt: skip
    titles = [each["title"] for each in view["plan"]["actions"]]
    assert titles == ["Test of the safety plan", "Meeting with the school"]
    assert view["contacts"][0]["content"]["note"] == "She drew a house"
    assert view["contacts"][0]["subject_id"] == track
    assert {each["holds"] for each in view["consent"]} == {True}


async def test_reference_is_read_as_people_write_it(cases) -> None:
    ref = await a_registered_case(cases)
    typed = ref.lower().replace("-", " ")
    assert (await cases.get(CORA, f"/cases/{typed}")).json()["case_ref"] == ref


async def test_every_read_and_write_is_in_the_audit(cases) -> None:
    ref = await a_registered_case(cases)
    await cases.get(CARL, f"/cases/{ref}")
    await cases.get(PIA, f"/cases/{ref}")
    await cases.get(CORA, f"/cases/{ref}/deadlines")
    rows = await cases.rows("SELECT * FROM audit ORDER BY sequence")
    trail = [(row["staff_id"], row["action"], row["section"], row["outcome"]) for row in rows]
    assert trail == [
        ("cora", "register-case", "registration", "allowed"),
        ("carl", "read", "deadlines", "allowed"),
        ("carl", "read", "identity", "allowed"),
        ("carl", "read", "plan", "allowed"),
        ("carl", "read", "reference", "allowed"),
        ("pia", "read", None, "hidden"),
        ("cora", "read", "deadlines", "allowed"),
    ]


async def test_chronology_says_what_happened_when_and_who_recorded_it(cases) -> None:
    ref, plan = await an_active_case(cases)
    track = plan["follow_ups"][0]["follow_up_id"]
    seen_at = cases.clock.forward(days=3)
    cases.clock.forward(days=1)
    body = a_finding(cases, occurred_at=seen_at.isoformat())
    await done(cases, CORA, f"/cases/{ref}/follow-ups/{track}/records", body)
    items = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    assert [each["fact"] for each in items] == [
        "case.registered",
        "consent.recorded",
        "consent.recorded",
        "initial-assessment.recorded",
        "urgent-action.agreed",
        "comprehensive-assessment.recorded",
        "plan.agreed",
        "action.agreed",
        "follow-up.agreed",
        "follow-up.recorded",
        "follow-up.continued",
    ]
    last = items[-2]
    assert (last["recorded_by"], last["subject_id"]) == ("cora", track)
    assert last["at"] < last["recorded_at"]
    assert last["codes"]["finding"] == "same"
    facts = [
        each["fact"] for each in (await cases.get(CARL, f"/cases/{ref}/chronology")).json()["items"]
    ]
    assert "follow-up.recorded" not in facts  # contacts are not for the team
    assert "plan.agreed" in facts


async def test_chronology_is_append_only_for_the_service_itself(cases) -> None:
    await a_registered_case(cases)
    for statement in ("UPDATE facts SET name = 'x'", "DELETE FROM facts"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            await cases.rows(statement)


async def test_list_holds_ones_own_and_the_teams_page_by_page(cases) -> None:
    mine = []
    for _ in range(5):
        mine.append(await a_registered_case(cases))
        cases.clock.forward(minutes=1)
    found, cursor = [], ""
    while True:
        page = (await cases.get(CORA, f"/cases?limit=2{cursor}")).json()
        found += [each["case_ref"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == mine[::-1]
    assert len((await cases.get(CARL, "/cases")).json()["items"]) == 5
    assert len((await cases.get(MONA, "/cases?status=registered")).json()["items"]) == 5
    for who in (CLEO, MATS, PIA, RENA, OPAL):
        assert (await cases.get(who, "/cases")).json()["items"] == []
    for query in ("cursor=x", "status=lost", "limit=0", "order=name"):
        assert (await cases.get(CORA, f"/cases?{query}")).status_code == 422


async def test_destroyed_key_erases_every_word_and_leaves_the_codes(cases) -> None:
    ref, _ = await an_active_case(cases)
    async with cases.db.transaction(Viewer.system("cases")) as uow:
        await crypto.erase(uow, ref)
    answer = await cases.get(CORA, f"/cases/{ref}")
    view = answer.json()
    assert NAME not in answer.text
    assert CONCERNS not in answer.text
    assert view["identity"] == {"name": "[erased]"}
    assert all(each["content"] == {"words": "[erased]"} for each in view["assessment"])
    assert view["plan"]["actions"][0]["title"] == "[erased]"
    assert view["status"] == "active"
    assert view["plan"]["actions"][0]["due_at"]


async def test_acknowledged_duty_names_who_sees_to_it(cases) -> None:
    ref = await a_registered_case(cases)
    owed = (await cases.get(CORA, f"/cases/{ref}/deadlines")).json()["items"][0]
    path = f"/deadlines/{owed['deadline_id']}/acknowledgement"
    for who in (CARL, PIA, OPAL):
        await refused(cases, who, path, {}, 404, "not-found")
    assert (await done(cases, SAMI, path))["acknowledged_by"] == "sami"
    assert (await done(cases, CORA, path))["acknowledged_by"] == "sami"  # the first stays


async def test_assignment_hands_the_case_over(cases) -> None:
    ref = await a_registered_case(cases)
    body = {"caseworker_id": "carl", "supervisor_id": "sami"}
    await refused(cases, CORA, f"/cases/{ref}/assignment", body, 404, "not-found")
    await done(cases, SAMI, f"/cases/{ref}/assignment", body)
    owed = (await cases.get(CARL, f"/cases/{ref}/deadlines")).json()["items"]
    assert [each["responsible"]["person_id"] for each in owed] == ["carl"]
    assert [each["person_id"] for each in await cases.said(DeadlineSet)] == ["cora", "carl"]
    assert await sections(cases, CARL, ref) == SECTIONS
    assert "consent" not in await sections(cases, CORA, ref)
