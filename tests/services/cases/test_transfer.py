"""A case handed to another agency: asked, answered, and owned at every moment in between."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.events.cases import (
    CaseAssigned,
    CaseRepinned,
    TransferAccepted,
    TransferDeclined,
    TransferRequested,
    TransferWithdrawn,
)
from contracts.events.deadlines import DeadlineSet
from domain.vocabulary import Role
from tests.services.cases.conftest import (
    CARL,
    CONCERNS,
    CORA,
    MATS,
    MONA,
    NAME,
    NORTH,
    PIA,
    SAMI,
    SOUTH,
    a_closure_request,
    a_new_case,
    agency,
    ahead,
    an_active_case,
    done,
    fields,
    open_steps,
    refused,
    staff,
    states,
)
from tests.services.served import Served, a_token

SAL = a_token("sal", SOUTH, Role.SUPERVISOR, team="team-s")
SARA = a_token("sara", SOUTH, Role.CASEWORKER, team="team-s")
OWNERS = {"caseworker_id": "sara", "supervisor_id": "sal", "team_id": "team-s"}
HANDOVER = [
    {"kind": "document", "what": "assessment", "note": "The file of Noor Example"},
    {"kind": "person-to-inform", "what": "school"},
]


def a_transfer(**changes: Any) -> dict[str, Any]:
    body = {
        "to_agency_id": SOUTH,
        "reason": "family-moved",
        "note": "The family moves to the coast",
        "policy": "keep",
        "consent": {"given_by": "mother", "how": "written"},
        "handover": HANDOVER,
    }
    return body | changes


@pytest.fixture
async def known(cases: Served) -> Served:
    """Two agencies and their staff are known."""
    await cases.hear(
        agency(),
        agency(SOUTH),
        staff("cora", Role.CASEWORKER),
        staff("sami", Role.SUPERVISOR),
        staff("sal", Role.SUPERVISOR, agency_id=SOUTH, team="team-s"),
        staff("sara", Role.CASEWORKER, agency_id=SOUTH, team="team-s"),
        staff("mats", Role.MANAGER, agency_id=SOUTH, team=None),
    )
    return cases


async def asked(served: Served, **changes: Any) -> tuple[str, dict[str, Any]]:
    ref, _ = await an_active_case(served)
    return ref, await done(served, CORA, f"/cases/{ref}/transfers", a_transfer(**changes))


async def bearers(served: Served) -> set[tuple[str, str | None]]:
    rows = await served.rows("SELECT agency_id, person_id FROM deadlines WHERE state = 'open'")
    return {(row["agency_id"], row["person_id"]) for row in rows}


async def test_request_moves_nothing_and_the_other_agency_owes_an_answer(known) -> None:
    ref, transfer = await asked(known)
    assert (transfer["state"], transfer["basis"]) == ("requested", "consent")
    view = (await known.get(CORA, f"/cases/{ref}")).json()
    assert (view["agency_id"], view["caseworker_id"]) == (NORTH, "cora")
    (owed,) = await known.rows("SELECT * FROM deadlines WHERE step = 'transfer-answer'")
    assert (owed["agency_id"], owed["responsible"], owed["person_id"]) == (SOUTH, "manager", None)
    assert owed["due_at"] == known.clock.at + timedelta(days=7)  # five working days
    (said,) = await known.said(TransferRequested)
    assert (said["from_agency_id"], said["to_agency_id"], said["reason"]) == (
        NORTH,
        SOUTH,
        "family-moved",
    )
    consents = [each["purpose"] for each in view["consent"]]
    assert consents.count("transfer") == 1


async def test_handover_list_holds_what_people_named_and_every_open_duty_with_its_date(
    known,
) -> None:
    ref, transfer = await asked(known)
    steps = await open_steps(known, ref)
    listed = {(item["kind"], item["what"]) for item in transfer["handover"]}
    assert listed == {
        ("document", "assessment"),
        ("person-to-inform", "school"),
        ("duty", "plan-action"),
        ("duty", "follow-up"),
        ("duty", "urgent-action"),  # the test of the safety plan
    }
    dates = {
        item["what"]: item["due_at"] for item in transfer["handover"] if item["kind"] == "duty"
    }
    assert dates["plan-action"] == steps["plan-action"].isoformat().replace("+00:00", "Z")


async def test_leaders_who_are_asked_read_codes_and_no_name_before_acceptance(known) -> None:
    ref, transfer = await asked(known)
    path = f"/transfers/{transfer['transfer_id']}"
    for leader in (SAL, MATS):
        answer = await known.get(leader, path)
        assert answer.status_code == 200
        assert (answer.json()["case_ref"], answer.json()["reason"]) == (ref, "family-moved")
        for secret in (NAME, CONCERNS, "coast", "The file"):
            assert secret not in answer.text
        listed = (await known.get(leader, "/transfers")).json()["items"]
        assert [each["transfer_id"] for each in listed] == [transfer["transfer_id"]]
        assert (await known.get(leader, f"/cases/{ref}")).status_code == 404
    seen_by_owner = (await known.get(CORA, path)).json()
    assert seen_by_owner["identity"]["name"] == NAME
    assert seen_by_owner["handover"][0]["note"] == "The file of Noor Example"


@pytest.mark.parametrize("who", [SARA, PIA, a_token("x", "agency-west", Role.MANAGER)])
async def test_transfer_is_hidden_from_everybody_else(known, who) -> None:
    _, transfer = await asked(known)
    assert (await known.get(who, f"/transfers/{transfer['transfer_id']}")).status_code == 404
    path = f"/transfers/{transfer['transfer_id']}/acceptance"
    await refused(known, who, path, OWNERS, 404, "not-found")


async def test_acceptance_moves_the_case_with_every_duty_in_one_transaction(known) -> None:
    ref, transfer = await asked(known)
    before = await open_steps(known, ref)
    known.clock.forward(days=1)
    answer = await done(known, SAL, f"/transfers/{transfer['transfer_id']}/acceptance", OWNERS)
    assert (answer["agency_id"], answer["caseworker_id"], answer["supervisor_id"]) == (
        SOUTH,
        "sara",
        "sal",
    )
    view = (await known.get(SARA, f"/cases/{ref}")).json()
    assert (view["identity"]["name"], view["team_id"]) == (NAME, "team-s")
    assert await states(known, "transfer-answer") == ["met"]
    after = await open_steps(known, ref)
    assert after == {step: at for step, at in before.items() if step != "transfer-answer"}
    assert await bearers(known) == {(SOUTH, "sara")}
    assert [each["type"] for each in await known.said(TransferAccepted, CaseAssigned)] == [
        "transfer.accepted.v1",
        "case.assigned.v1",
    ]
    restated = [each for each in await known.said(DeadlineSet) if each["restated"]]
    assert {each["agency_id"] for each in restated} == {SOUTH}
    changes = await known.rows("SELECT change FROM deadline_changes WHERE change = 'handed-over'")
    assert len(changes) == len(after)


async def test_sender_reads_what_became_of_the_transfer_and_nothing_of_the_case(known) -> None:
    ref, transfer = await asked(known)
    path = f"/transfers/{transfer['transfer_id']}"
    await done(known, SAL, f"{path}/acceptance", OWNERS)
    assert (await known.get(CORA, f"/cases/{ref}")).status_code == 404
    answer = await known.get(CORA, path)
    assert answer.json()["state"] == "accepted"
    assert NAME not in answer.text
    assert (await known.get(SAMI, path)).status_code == 404


async def test_receivers_pack_is_applied_when_the_request_says_so(known) -> None:
    _, transfer = await asked(known, policy="apply")
    answer = await done(known, SAL, f"/transfers/{transfer['transfer_id']}/acceptance", OWNERS)
    assert answer["policy"] == "default@1"  # the receiver's own is the same: nothing to move
    assert not await known.said(CaseRepinned)


async def test_declined_transfer_leaves_the_case_where_it_is(known) -> None:
    ref, transfer = await asked(known)
    path = f"/transfers/{transfer['transfer_id']}"
    told = {"reason": "no-capacity", "note": "We are full until June"}
    answer = await done(known, MATS, f"{path}/refusal", told)
    assert (answer["state"], answer["answer"]) == ("declined", "no-capacity")
    view = (await known.get(CORA, f"/cases/{ref}")).json()
    assert (view["agency_id"], view["caseworker_id"]) == (NORTH, "cora")
    assert await states(known, "transfer-answer") == ["met"]
    (said,) = await known.said(TransferDeclined)
    assert said["requested_by"] == "cora"
    assert "We are full until June" in (await known.get(CORA, f"/cases/{ref}")).text
    # Asked again, it may be accepted.
    again = await done(known, CORA, f"/cases/{ref}/transfers", a_transfer(consent=None))
    await done(known, SAL, f"/transfers/{again['transfer_id']}/acceptance", OWNERS)
    assert (await known.get(SARA, f"/cases/{ref}")).status_code == 200


async def test_withdrawn_transfer_cannot_be_accepted_and_is_out_of_sight(known) -> None:
    _, transfer = await asked(known)
    path = f"/transfers/{transfer['transfer_id']}"
    await done(known, SAMI, f"{path}/withdrawal", {"reason": "family-stays"})
    assert await states(known, "transfer-answer") == ["cancelled"]
    assert [each["reason"] for each in await known.said(TransferWithdrawn)] == ["family-stays"]
    await refused(known, SAL, f"{path}/acceptance", OWNERS, 404, "not-found")


async def test_consent_withdrawn_takes_the_question_back(known) -> None:
    ref, _ = await asked(known)
    view = (await known.get(CORA, f"/cases/{ref}")).json()
    consent = next(each for each in view["consent"] if each["purpose"] == "transfer")
    await done(known, CORA, f"/cases/{ref}/consents/{consent['consent_id']}/withdrawal", {})
    (said,) = await known.said(TransferWithdrawn)
    assert said["reason"] == "consent-withdrawn"
    assert await states(known, "transfer-answer") == ["cancelled"]


async def test_closing_the_case_takes_the_question_back(known) -> None:
    ref, _ = await asked(known)
    await done(known, CORA, f"/cases/{ref}/closure-request", a_closure_request())
    await done(known, SAMI, f"/cases/{ref}/closure-approval", {"note": "Agreed"})
    (said,) = await known.said(TransferWithdrawn)
    assert said["reason"] == "case-closed"


async def test_case_under_closure_is_not_accepted(known) -> None:
    ref, transfer = await asked(known)
    await done(known, CORA, f"/cases/{ref}/closure-request", a_closure_request())
    path = f"/transfers/{transfer['transfer_id']}/acceptance"
    await refused(known, SAL, path, OWNERS, 409, "transfer-overtaken")


async def test_consent_that_has_run_out_stops_the_acceptance(known) -> None:
    until = ahead(known, days=12)
    consent = {"given_by": "mother", "how": "spoken", "until": until}
    _, transfer = await asked(known, consent=consent)
    known.clock.forward(days=3)
    path = f"/transfers/{transfer['transfer_id']}/acceptance"
    await refused(known, SAL, path, OWNERS, 409, "transfer-consent-over")


async def test_child_is_protected_without_consent_with_a_reason(known) -> None:
    ref, _ = await an_active_case(known)
    path = f"/cases/{ref}/transfers"
    await refused(known, CORA, path, a_transfer(consent=None), 409, "consent-missing")
    because = {"consent": None, "without_consent_because": "She is in danger here"}
    transfer = await done(known, SAMI, path, a_transfer(**because))
    assert transfer["basis"] == "child-protection"
    assert "in danger" not in (await known.get(SAL, f"/transfers/{transfer['transfer_id']}")).text
    await done(known, SAL, f"/transfers/{transfer['transfer_id']}/acceptance", OWNERS)


@pytest.mark.parametrize(
    ("who", "changes", "status", "code"),
    [
        (CARL, {}, 404, "not-found"),  # a colleague of the team
        (MONA, {}, 404, "not-found"),  # the manager sees the case, and does not give it away
        (CORA, {"to_agency_id": "agency-nowhere"}, 422, "malformed"),
        (CORA, {"to_agency_id": NORTH}, 422, "transfer-to-itself"),
        (CORA, {"to_agency_id": NORTH, "to_team_id": "team-a"}, 422, "transfer-to-itself"),
        (CORA, {"reason": "because"}, 422, "malformed"),
    ],
)
async def test_request_is_refused(known, who, changes, status, code) -> None:
    ref, _ = await an_active_case(known)
    await refused(known, who, f"/cases/{ref}/transfers", a_transfer(**changes), status, code)


async def test_request_to_an_unknown_agency_says_which_there_are_while_they_are_few(known) -> None:
    ref, _ = await an_active_case(known)
    body, path = a_transfer(to_agency_id="agency-nowhere"), f"/cases/{ref}/transfers"
    problem = await refused(known, CORA, path, body, 422, "malformed")
    assert problem["errors"][0]["allowed"] == [NORTH, SOUTH]
    await known.hear(*(agency(f"agency-{number}") for number in range(19)))
    problem = await refused(known, CORA, path, body, 422, "malformed")
    assert fields(problem) == ["to_agency_id"]
    assert problem["errors"][0].get("allowed") is None


async def test_one_transfer_at_a_time(known) -> None:
    ref, _ = await asked(known)
    await refused(known, CORA, f"/cases/{ref}/transfers", a_transfer(), 409, "transfer-pending")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"caseworker_id": "sal"}, "malformed", "caseworker_id"),  # no caseworker
        ({"caseworker_id": "cora"}, "malformed", "caseworker_id"),  # of another agency
        ({"caseworker_id": "nobody"}, "malformed", "caseworker_id"),
        ({"supervisor_id": "nobody"}, "malformed", "supervisor_id"),
    ],
)
async def test_acceptance_names_people_who_are_there(known, changes, code, field) -> None:
    ref, transfer = await asked(known)
    path = f"/transfers/{transfer['transfer_id']}/acceptance"
    problem = await refused(known, SAL, path, OWNERS | changes, 422, code)
    assert fields(problem) == [field]
    assert problem["errors"][0]["allowed"] == [OWNERS[field]]  # the only one there
    assert (await known.get(CORA, f"/cases/{ref}")).json()["agency_id"] == NORTH


async def test_answer_is_given_once(known) -> None:
    _, transfer = await asked(known)
    path = f"/transfers/{transfer['transfer_id']}"
    await done(known, SAL, f"{path}/acceptance", OWNERS)
    await refused(known, SAL, f"{path}/acceptance", OWNERS, 409, "transfer-answered")
    told = {"reason": "too-late", "note": "We changed our mind"}
    await refused(known, MATS, f"{path}/refusal", told, 409, "transfer-answered")


async def test_another_team_of_the_same_agency_accepts_what_it_did_not_ask_for(known) -> None:
    await known.hear(
        staff("sven", Role.SUPERVISOR, team="team-b"), staff("cleo", Role.CASEWORKER, team="team-b")
    )
    sven = a_token("sven", NORTH, Role.SUPERVISOR, team="team-b")
    ref, _ = await an_active_case(known)
    body = a_transfer(to_agency_id=NORTH, to_team_id="team-b", reason="other-area")
    transfer = await done(known, SAMI, f"/cases/{ref}/transfers", body)
    path = f"/transfers/{transfer['transfer_id']}/acceptance"
    owners = {"caseworker_id": "cleo", "supervisor_id": "sven"}
    await refused(known, SAMI, path, owners, 409, "own-transfer")
    answer = await done(known, sven, path, owners)
    assert (answer["team_id"], answer["caseworker_id"]) == ("team-b", "cleo")
    assert await bearers(known) == {(NORTH, "cleo")}


async def test_items_are_ticked_by_those_who_look_after_the_case_at_the_time(known) -> None:
    ref, transfer = await asked(known)
    path = f"/transfers/{transfer['transfer_id']}"
    first, second = (item["item_id"] for item in transfer["handover"][:2])
    ticked = await done(known, CORA, f"{path}/items/{first}/tick")
    assert ticked["handover"][0]["ticked_by"] == "cora"
    await refused(known, SAL, f"{path}/items/{second}/tick", None, 404, "not-found")
    await done(known, SAL, f"{path}/acceptance", OWNERS)
    await refused(known, CORA, f"{path}/items/{second}/tick", None, 404, "not-found")
    ticked = await done(known, SARA, f"{path}/items/{second}/tick")
    assert ticked["handover"][1]["ticked_by"] == "sara"
    await refused(known, SARA, f"{path}/items/{second}/tick", None, 409, "item-ticked")
    (listed,) = (await known.get(SAL, "/transfers?state=accepted")).json()["items"]
    assert listed["ticked"] == 2
    facts = [
        each["fact"] for each in (await known.get(SARA, f"/cases/{ref}/chronology")).json()["items"]
    ]
    assert facts.count("handover-item.ticked") == 2


async def test_list_of_transfers_comes_page_by_page(known) -> None:
    for _ in range(3):
        ref = (await done(known, CORA, "/cases", a_new_case()))["case_ref"]
        await done(known, CORA, f"/cases/{ref}/transfers", a_transfer())
        known.clock.forward(minutes=1)
    first = (await known.get(SAL, "/transfers?limit=2")).json()
    assert len(first["items"]) == 2
    rest = (await known.get(SAL, f"/transfers?limit=2&cursor={first['next_cursor']}")).json()
    assert len(rest["items"]) == 1
    assert rest["next_cursor"] is None
    assert (await known.get(SAL, "/transfers?cursor=nonsense")).status_code == 422
