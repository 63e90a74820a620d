"""A record erased: asked for by one, decided by another, and then no word of it can be read anywhere."""

import pytest

from contracts.events.cases import CaseArchived, CaseErased
from contracts.events.deadlines import DeadlineCancelled, DeadlineMet, DeadlineSet
from domain.vocabulary import Role
from services.cases.commands import retaining
from tests.services.cases.conftest import (
    CARL,
    CONCERNS,
    CORA,
    MATS,
    MONA,
    NAME,
    NORTH,
    SAMI,
    SOUTH,
    a_closed_case,
    a_closure_request,
    a_finding,
    a_registered_case,
    agency,
    ago,
    ahead,
    an_active_case,
    done,
    open_steps,
    refused,
    states,
)
from tests.services.erased import everything, opened_by_master_key, readable
from tests.services.served import a_token

MAX = a_token("max", NORTH, Role.MANAGER)
ELIF = a_token("elif", NORTH, Role.AGENCY_HEAD)
ADA = a_token("ada", "throughline", Role.ADMINISTRATOR)
COURT = {"basis": "court-order"}
TOLD = [NAME, CONCERNS, "Northtown", "Somebody to talk to", "Marks have fallen", "wellbeing",
        "Meeting with the school", "She drew a house", "Rang twice", "Broken arm",
        "Tel. 030 1234", "Nobody came", "abroad now", "The reason why", "Talks every two"]  # fmt: skip
OWN = {"Origin": "http://service", "Content-Type": "application/x-www-form-urlencoded"}


async def an_archived_case(served) -> str:
    ref = await a_closed_case(served)
    served.clock.forward(days=90)
    body = {"occurred_at": ago(served, hours=1), "gains_hold": True, "feedback": "It helped"}
    await done(served, CORA, f"/cases/{ref}/look-back", body)
    await done(served, CORA, f"/cases/{ref}/archive")
    return ref


async def erased(served, ref: str) -> None:
    await done(served, MONA, f"/cases/{ref}/erasure", COURT)
    assert (await done(served, MAX, f"/cases/{ref}/erasure-approval"))["state"] == "approved"


async def test_one_asks_and_another_decides(cases) -> None:
    ref = await a_registered_case(cases)
    path = f"/cases/{ref}/erasure"
    for who in (CORA, SAMI, MATS, ELIF, ADA):
        await refused(cases, who, path, COURT, 404, "not-found")
    await refused(cases, MAX, f"{path}-approval", {}, 409, "erasure-not-requested")
    asked = await done(cases, MONA, path, COURT)
    owed = (await cases.said(DeadlineSet))[-1]
    assert (owed["step"], owed["responsible"]) == ("erasure-decision", "agency-head")
    await refused(cases, MAX, path, COURT, 409, "erasure-pending")
    await refused(cases, MONA, f"{path}-approval", {}, 409, "approved-by-requester")
    await refused(cases, MONA, f"{path}-refusal", {"reason": "no"}, 409, "approved-by-requester")
    for who in (CORA, SAMI, MATS):
        await refused(cases, who, f"{path}-approval", {}, 404, "not-found")
    await done(cases, ELIF, f"{path}-refusal", {"reason": "still-needed"})
    await done(cases, MONA, path, COURT)
    await done(cases, ADA, f"{path}-approval")
    items = (await cases.get(MONA, f"/cases/{ref}/erasures")).json()["items"]
    assert items[0]["erasure_id"] == asked["erasure_id"]
    assert [(each["state"], each["decided_by"]) for each in items] == [
        ("refused", "elif"),
        ("approved", "ada"),
    ]
    assert (await cases.get(CORA, f"/cases/{ref}/erasures")).status_code == 404
    assert (await cases.get(MONA, "/cases/TL-0000-0000-0/erasures")).status_code == 404
    assert await states(cases, "erasure-decision") == ["met", "met"]
    (said,) = await cases.said(CaseErased)
    assert said["basis"] == "court-order"
    assert (
        len(await cases.said(CaseArchived)) == 1
    )  # it has come to its end for those who follow it


@pytest.mark.parametrize(
    ("basis", "code"),
    [("retention-over", "retention-not-over"), ("right-to-erasure", "step-out-of-order")],
)
async def test_record_in_work_is_erased_only_by_a_court_or_for_an_error(cases, basis, code) -> None:
    ref = await a_registered_case(cases)
    await refused(cases, MONA, f"/cases/{ref}/erasure", {"basis": basis}, 409, code)


async def a_case_full_of_words(cases) -> tuple[str, str]:
    """Its reference, and the address of the family's page."""
    ref, plan = await an_active_case(cases)
    track = plan["follow_ups"][0]["follow_up_id"]
    await done(cases, CORA, f"/cases/{ref}/follow-ups/{track}/records", a_finding(cases))
    attempt = {"at": ago(cases, hours=2), "method": "call", "note": "Rang twice"}
    await done(cases, CORA, f"/cases/{ref}/engagement-attempts", attempt)
    harm = {"kind": "serious-harm", "occurred_at": ago(cases, hours=1),
            "abuse_or_neglect_suspected": True, "what_happened": "Broken arm"}  # fmt: skip
    await done(cases, CORA, f"/cases/{ref}/serious-incidents", harm)
    link = {"language": "en", "for": "mother", "valid_days": 30, "contact": "Tel. 030 1234"}
    given = await done(cases, CORA, f"/cases/{ref}/statement-links", link)
    page = f"/statement/{given['link_id']}"
    forms = {page: f"code={given['code']}", f"{page}/feedback": "kind=complaint&words=Nobody+came"}
    for path, form in forms.items():
        sent = await cases.client.request("POST", path, content=form, headers=OWN)
        assert sent.status_code == 303
    duty = (await cases.get(CORA, f"/cases/{ref}/deadlines")).json()["items"][-1]["deadline_id"]
    more = {"why": "other", "reason": "The reason why", "new_due": ahead(cases, days=400)}
    await done(cases, CORA, f"/deadlines/{duty}/extension-requests", more)
    await done(cases, CORA, f"/cases/{ref}/closure-request", a_closure_request())
    return ref, page


async def test_no_word_can_be_read_anywhere_and_every_answer_is_sane(cases) -> None:
    ref, page = await a_case_full_of_words(cases)
    assert await opened_by_master_key(cases, ref)
    marks = "SELECT count(*) AS n FROM likeness_keys"
    assert (await cases.rows(marks))[0]["n"] > 0
    before = cases.clock.at
    cases.clock.forward(days=1)
    await erased(cases, ref)

    assert await readable(cases, *TOLD) == []
    assert await opened_by_master_key(cases, ref) == []
    assert (await cases.rows(marks))[0]["n"] == 0
    assert all(row["revoked_at"] for row in await cases.rows("SELECT * FROM statement_links"))
    assert len(await everything(cases)) > 1000  # the record is there: codes, dates and the trail
    assert await open_steps(cases, ref) == {}
    assert await cases.said(DeadlineCancelled)

    as_of = before.isoformat().replace("+00:00", "Z")
    reads = ["", "/deadlines", "/chronology", "/file.json", "/feedback", "/statement-links",
             "/engagement-attempts", "/serious-incidents", "/likely-same", "/file.html",
             "/chronology.html", f"?as_of={as_of}"]  # fmt: skip
    for path in reads:
        answer = await cases.get(SAMI, f"/cases/{ref}{path}")
        assert answer.status_code == 200, (path, answer.text)
        assert not [word for word in TOLD if word in answer.text], path
    view = (await cases.get(SAMI, f"/cases/{ref}")).json()
    assert view["identity"] == {"name": "[erased]"}
    assert view["erased_at"]
    assert view["registration"]["concerns"] == "[erased]"
    assert view["plan"]["actions"][0]["title"] == "[erased]"
    assert view["plan"]["actions"][0]["due_at"]
    assert {each["holds"] for each in view["consent"]} == {False}
    assert view["closure"]["narratives"][0]["content"] == {"words": "[erased]"}
    assert (await cases.get(SAMI, f"/cases/{ref}/feedback")).json()["items"][0][
        "words"
    ] == "[erased]"
    attempts = (await cases.get(SAMI, f"/cases/{ref}/engagement-attempts")).json()["items"]
    assert [each["note"] for each in attempts] == ["[erased]"]
    assert (await cases.client.get(page)).status_code == 404
    requests = await cases.get(CORA, f"/deadline-requests?case_ref={ref}")
    assert requests.status_code == 200
    for path in ("/risk", "/reopening", "/consents", "/statement-links", "/serious-incidents"):
        answer = await cases.post(CORA, f"/cases/{ref}{path}", {})
        assert answer.status_code in (409, 422), (path, answer.text)
    body = {"reason": "x", "risk": "high"}
    await refused(cases, CORA, f"/cases/{ref}/reopening", body, 409, "case-erased")
    trail = await cases.rows("SELECT action FROM audit")
    assert {"request-erasure", "approve-erasure", "record-engagement-attempt"} <= {
        row["action"] for row in trail
    }


async def test_another_childs_record_stays_readable(cases) -> None:
    mine, other = await a_registered_case(cases), await a_registered_case(cases)
    await erased(cases, mine)
    assert (await cases.get(CORA, f"/cases/{other}")).json()["identity"]["name"] == NAME
    assert await opened_by_master_key(cases, other)


async def test_archived_file_is_kept_for_the_packs_time_and_then_people_are_asked(cases) -> None:
    ref = await an_archived_case(cases)
    view = (await cases.get(CORA, f"/cases/{ref}")).json()
    assert view["closure"]["closures"][0]["erase_at"].startswith("2037-")
    assert await retaining.ask_about_files(cases.db) == 0
    assert "retention-review" not in await open_steps(cases, ref)
    cases.clock.forward(days=3653)
    assert await retaining.ask_about_files(cases.db) == 1
    assert await retaining.ask_about_files(cases.db) == 0  # asked once
    owed = (await cases.said(DeadlineSet))[-1]
    assert (owed["step"], owed["responsible"], owed["agency_id"]) == (
        "retention-review",
        "manager",
        NORTH,
    )
    assert list(await open_steps(cases, ref)) == ["retention-review"]
    # Nothing is erased by the machine.
    assert (await cases.get(CORA, f"/cases/{ref}")).json()["identity"]["name"] == NAME


async def test_file_is_kept_longer_with_a_reason_and_asked_about_again(cases) -> None:
    ref = await an_archived_case(cases)
    cases.clock.forward(days=3653)
    await retaining.ask_about_files(cases.db)
    path, until = f"/cases/{ref}/retention", ahead(cases, days=365)
    kept = {"until": until, "reason": "A trial is under way"}
    for who in (CORA, SAMI, CARL, MATS):
        await refused(cases, who, path, kept, 404, "not-found")
    early = kept | {"until": ago(cases, days=1)}
    assert (await refused(cases, MONA, path, early, 422, "malformed"))["errors"][0][
        "field"
    ] == "until"
    late = kept | {"until": "9999-12-31T23:59:59-12:00"}
    await refused(cases, MONA, path, late, 422, "malformed")
    await done(cases, MONA, path, kept)
    assert await states(cases, "retention-review") == ["met"]
    assert len(await cases.said(DeadlineMet)) > 0
    await refused(
        cases, MAX, f"/cases/{ref}/erasure", {"basis": "retention-over"}, 409, "retention-not-over"
    )
    cases.clock.forward(days=366)
    assert await retaining.ask_about_files(cases.db) == 1
    await done(cases, MAX, f"/cases/{ref}/erasure", {"basis": "retention-over"})
    await done(cases, MONA, f"/cases/{ref}/erasure-approval")
    assert await states(cases, "retention-review") == ["met", "met"]
    assert await retaining.ask_about_files(cases.db) == 0
    await refused(cases, MONA, path, kept, 409, "case-erased")


async def test_reopened_file_is_asked_about_no_more(cases) -> None:
    ref = await an_archived_case(cases)
    cases.clock.forward(days=3653)
    await retaining.ask_about_files(cases.db)
    await done(cases, CORA, f"/cases/{ref}/reopening", {"reason": "Back", "risk": "low"})
    assert await states(cases, "retention-review") == ["cancelled"]


async def test_transfer_that_awaits_its_answer_ends_with_the_record(cases) -> None:
    await cases.hear(agency(SOUTH))
    ref = await a_registered_case(cases)
    body = {"to_agency_id": "agency-south", "reason": "family-moved",
            "without_consent_because": "To protect her"}  # fmt: skip
    await done(cases, CORA, f"/cases/{ref}/transfers", body)
    await erased(cases, ref)
    (row,) = await cases.rows("SELECT state FROM transfers")
    assert row["state"] == "withdrawn"
    assert await readable(cases, "To protect her") == []
