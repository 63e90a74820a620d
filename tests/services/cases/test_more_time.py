"""More time, a pause, or a duty let go: asked for with a reason, decided by somebody else, all of it kept."""

from datetime import datetime, timedelta
from uuid import UUID

from contracts.events.deadlines import (
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMissed,
    DeadlineReminded,
    DeadlineSet,
    DeadlineWaived,
)
from contracts.events.timekeeping import DeadlineMomentReached
from tests.services.cases.conftest import (
    CARL,
    CORA,
    MATS,
    MONA,
    OPAL,
    PIA,
    SAMI,
    ago,
    ahead,
    an_active_case,
    done,
    refused,
)
from tests.services.served import Served

WHY = {"why": "child-or-family-away", "reason": "The family is at a funeral"}


async def duty(served: Served, ref: str, step: str = "plan-action") -> dict:
    """The one that is open on the case."""
    items = (await served.get(SAMI, f"/cases/{ref}/deadlines")).json()["items"]
    (found,) = [each for each in items if (each["step"], each["state"]) == (step, "open")]
    return found


async def asked(served: Served, deadline: dict, kind: str, **body: str) -> str:
    path = f"/deadlines/{deadline['deadline_id']}/{kind}-requests"
    return (await done(served, CORA, path, WHY | body))["request_id"]


async def approved(served: Served, request_id: str, who: str = SAMI) -> dict:
    return await done(served, who, f"/deadline-requests/{request_id}/approval", {"note": "Yes"})


async def history(served: Served, deadline_id: str) -> list[dict]:
    return (await served.get(SAMI, f"/deadlines/{deadline_id}/history")).json()["items"]


def moment(served: Served, ref: str, deadline: dict, name: str, version: int = 1):
    return DeadlineMomentReached(
        case_ref=ref,
        at=served.clock.at,
        deadline_id=UUID(deadline["deadline_id"]),
        version=version,
        owner="cases",
        moment=name,
    )


async def test_extension_gives_a_successor_and_keeps_the_old_due(cases) -> None:
    ref, _ = await an_active_case(cases)
    old = await duty(cases, ref)
    new_due = ahead(cases, days=45)
    before = await cases.said()
    answer = await approved(cases, await asked(cases, old, "extension", new_due=new_due))
    now = await duty(cases, ref)
    assert (answer["state"], answer["successor_id"]) == ("approved", now["deadline_id"])
    assert datetime.fromisoformat(now["due_at"]) == datetime.fromisoformat(new_due)
    cancelled, fresh = (await cases.said())[len(before) :]
    assert (cancelled["type"], fresh["type"]) == (DeadlineCancelled.type, DeadlineSet.type)
    assert (cancelled["reason"], cancelled["successor_id"]) == (
        "deadline.extended",
        now["deadline_id"],
    )
    assert (fresh["version"], fresh["due_at"][:10]) == (2, new_due[:10])
    (change,) = await history(cases, old["deadline_id"])
    assert change["new_due_at"] == now["due_at"]
    assert {key: change[key] for key in ("change", "by", "because", "approved_by", "due_at")} == {
        "change": "extended",
        "by": "cora",
        "because": "child-or-family-away",
        "approved_by": "sami",
        "due_at": old["due_at"],
    }


async def test_nobody_approves_what_she_asked_for_herself(cases) -> None:
    ref, _ = await an_active_case(cases)
    path = f"/deadlines/{(await duty(cases, ref))['deadline_id']}/extension-requests"
    body = WHY | {"new_due": ahead(cases, days=45)}
    request = (await done(cases, SAMI, path, body))["request_id"]
    approval = f"/deadline-requests/{request}/approval"
    await refused(cases, SAMI, approval, {}, 409, "approved-by-requester")
    tried = "SELECT outcome FROM audit WHERE action = 'approve-extension' AND outcome <> 'allowed'"
    assert [row["outcome"] for row in await cases.rows(tried)] == ["approved-by-requester"]
    await done(cases, MONA, approval, {})
    await refused(cases, MONA, approval, {}, 409, "request-decided")


async def test_only_the_bearer_asks_and_only_leaders_decide(cases) -> None:
    ref, _ = await an_active_case(cases)
    owed = await duty(cases, ref)
    path = f"/deadlines/{owed['deadline_id']}/extension-requests"
    body = WHY | {"new_due": ahead(cases, days=45)}
    for who in (CARL, MONA, MATS, PIA, OPAL):
        await refused(cases, who, path, body, 404, "not-found")
    request = await asked(cases, owed, "extension", new_due=ahead(cases, days=45))
    for who in (CORA, CARL, MATS, PIA, OPAL):
        await refused(cases, who, f"/deadline-requests/{request}/approval", {}, 404, "not-found")
    listed = {
        who: (await cases.get(who, "/deadline-requests?state=asked")).json()["items"]
        for who in (CORA, SAMI, MONA, CARL, MATS, OPAL)
    }
    assert [len(items) for items in listed.values()] == [1, 1, 1, 1, 0, 0]
    assert [listed[who][0]["reason"] for who in (CORA, SAMI, CARL)] == [
        WHY["reason"], WHY["reason"], None,
    ]  # fmt: skip
    stored = str(await cases.rows("SELECT * FROM deadline_requests"))
    assert "funeral" not in stored


async def test_refused_request_leaves_the_duty_as_it_is(cases) -> None:
    ref, _ = await an_active_case(cases)
    owed = await duty(cases, ref)
    path = f"/deadlines/{owed['deadline_id']}/extension-requests"
    request = await asked(cases, owed, "extension", new_due=ahead(cases, days=45))
    await refused(cases, CORA, path, WHY | {"new_due": ahead(cases, days=50)}, 409, "already-asked")
    note = {"note": "Ask a colleague to go"}
    answer = await done(cases, SAMI, f"/deadline-requests/{request}/refusal", note)
    assert (answer["state"], answer["note"]) == ("refused", note["note"])
    assert await duty(cases, ref) == owed
    await asked(cases, owed, "extension", new_due=ahead(cases, days=50))


async def test_extension_never_shortens(cases) -> None:
    ref, _ = await an_active_case(cases)
    path = f"/deadlines/{(await duty(cases, ref))['deadline_id']}/extension-requests"
    body = WHY | {"new_due": ahead(cases, days=29)}
    problem = await refused(cases, CORA, path, body, 422, "malformed")
    assert problem["errors"][0]["field"] == "new_due"


async def test_waived_duty_says_nothing_more(cases) -> None:
    ref, _ = await an_active_case(cases)
    owed = await duty(cases, ref)
    await approved(cases, await asked(cases, owed, "waiver"))
    (said,) = await cases.said(DeadlineWaived)
    assert (said["reason"], said["approved_by"]) == (WHY["why"], "sami")
    items = (await cases.get(SAMI, f"/cases/{ref}/deadlines")).json()["items"]
    (waived,) = [each for each in items if each["deadline_id"] == owed["deadline_id"]]
    assert (waived["state"], waived["overdue"]) == ("waived", False)
    cases.clock.forward(days=40)
    await cases.hear(moment(cases, ref, owed, "due"))
    assert await cases.said(DeadlineMissed) == []
    path = f"/deadlines/{owed['deadline_id']}/waiver-requests"
    await refused(cases, CORA, path, WHY, 409, "duty-settled")


async def test_what_was_done_meanwhile_cannot_be_extended_any_more(cases) -> None:
    ref, plan = await an_active_case(cases)
    owed = await duty(cases, ref)
    request = await asked(cases, owed, "extension", new_due=ahead(cases, days=45))
    action = plan["actions"][0]["action_id"]
    await done(cases, CORA, f"/cases/{ref}/actions/{action}/completion", {"note": "Done"})
    await refused(cases, SAMI, f"/deadline-requests/{request}/approval", {}, 409, "duty-settled")


async def test_missed_duty_may_be_extended_and_stays_missed_on_the_record(cases) -> None:
    ref, _ = await an_active_case(cases)
    owed = await duty(cases, ref)
    cases.clock.forward(days=31)
    await cases.hear(moment(cases, ref, owed, "due"))
    await approved(cases, await asked(cases, owed, "extension", new_due=ahead(cases, days=5)))
    now = await duty(cases, ref)
    assert not now["overdue"]
    # Its reminders that would be past already are not said.
    await cases.hear(moment(cases, ref, now, "reminder-1", version=2))
    assert await cases.said(DeadlineReminded) == []
    assert len(await cases.said(DeadlineMissed)) == 1


async def test_pause_moves_the_due_by_its_length_and_is_silent_meanwhile(cases) -> None:
    ref, _ = await an_active_case(cases)
    old = await duty(cases, ref)
    await approved(cases, await asked(cases, old, "pause", until=ahead(cases, days=20)))
    now = await duty(cases, ref)
    moved = datetime.fromisoformat(now["due_at"]) - datetime.fromisoformat(old["due_at"])
    assert moved == timedelta(days=20)
    (said,) = [each for each in await cases.said(DeadlineSet) if each["version"] == 2]
    assert all(each["at"] > ahead(cases, days=20) for each in said["moments"])


async def test_pause_that_ends_early_gives_back_what_was_not_used(cases) -> None:
    ref, _ = await an_active_case(cases)
    old = await duty(cases, ref)
    await approved(cases, await asked(cases, old, "pause", until=ahead(cases, days=20)))
    paused = await duty(cases, ref)
    cases.clock.forward(days=5)
    path = f"/deadlines/{paused['deadline_id']}/resumption"
    for who in (CARL, MATS, OPAL):
        await refused(cases, who, path, {}, 404, "not-found")
    answer = await done(cases, CORA, path, {})
    now = await duty(cases, ref)
    assert answer["deadline_id"] == now["deadline_id"]
    moved = datetime.fromisoformat(now["due_at"]) - datetime.fromisoformat(old["due_at"])
    assert moved == timedelta(days=5)
    assert [each["change"] for each in await history(cases, paused["deadline_id"])] == ["resumed"]
    await refused(cases, CORA, f"/deadlines/{now['deadline_id']}/resumption", {}, 409, "not-paused")
    # Five days are used up of the month that the pack allows in all.
    again = f"/deadlines/{now['deadline_id']}/pause-requests"
    body = WHY | {"until": ahead(cases, days=27)}
    problem = await refused(cases, CORA, again, body, 422, "malformed")
    assert problem["errors"][0]["allowed"] == ["1 month"]
    await done(cases, CORA, again, WHY | {"until": ahead(cases, days=20)})


async def test_step_is_paused_only_where_the_pack_allows_it_and_before_it_is_overdue(cases) -> None:
    ref, _ = await an_active_case(cases)
    visit = await duty(cases, ref, "follow-up")
    body = WHY | {"until": ahead(cases, days=3)}
    path = f"/deadlines/{visit['deadline_id']}/pause-requests"
    await refused(cases, CORA, path, body, 409, "pause-not-allowed")
    owed = await duty(cases, ref)
    cases.clock.forward(days=31)
    body = WHY | {"until": ahead(cases, days=3)}
    path = f"/deadlines/{owed['deadline_id']}/pause-requests"
    await refused(cases, CORA, path, body, 409, "due-passed")


async def test_late_evidence_of_what_was_done_in_time_is_accepted_and_marked(cases) -> None:
    ref, plan = await an_active_case(cases)
    owed = await duty(cases, ref)
    cases.clock.forward(days=31)
    await cases.hear(moment(cases, ref, owed, "due"))
    action = plan["actions"][0]["action_id"]
    body = {"note": "Done", "done_at": ago(cases, days=3)}
    await done(cases, CORA, f"/cases/{ref}/actions/{action}/completion", body)
    met = [each for each in await cases.said(DeadlineMet) if each["step"] == "plan-action"]
    assert [each["late"] for each in met] == [False]
    kept = [(each["change"], each["at"][:10]) for each in await history(cases, owed["deadline_id"])]
    assert kept == [
        ("met", (cases.clock.at - timedelta(days=3)).date().isoformat()),
        ("evidence-late", cases.clock.at.date().isoformat()),
    ]


async def test_what_was_done_at_the_instant_at_which_it_fell_due_is_marked_once_the_miss_was_said(
    cases,
) -> None:
    """Done in time, and said to be missed: whoever reads the record sees both."""
    ref, plan = await an_active_case(cases)
    owed = await duty(cases, ref)
    cases.clock.at = datetime.fromisoformat(owed["due_at"])
    await cases.hear(moment(cases, ref, owed, "due"))
    action = plan["actions"][0]["action_id"]
    await done(cases, CORA, f"/cases/{ref}/actions/{action}/completion", {"note": "Done"})
    kept = [each["change"] for each in await history(cases, owed["deadline_id"])]
    assert kept == ["met", "evidence-late"]


async def test_evidence_that_came_before_the_miss_was_announced_is_not_marked(cases) -> None:
    ref, plan = await an_active_case(cases)
    owed = await duty(cases, ref)
    cases.clock.forward(days=3)
    action = plan["actions"][0]["action_id"]
    await done(cases, CORA, f"/cases/{ref}/actions/{action}/completion", {"note": "Done"})
    assert [each["change"] for each in await history(cases, owed["deadline_id"])] == ["met"]


async def test_clock_that_stands_is_not_stopped_again(cases) -> None:
    """Or the days that two pauses share would be given twice."""
    ref, _ = await an_active_case(cases)
    await approved(
        cases, await asked(cases, await duty(cases, ref), "pause", until=ahead(cases, days=10))
    )
    cases.clock.forward(days=5)
    paused = await duty(cases, ref)
    path = f"/deadlines/{paused['deadline_id']}/pause-requests"
    body = WHY | {"until": ahead(cases, days=9)}
    await refused(cases, CORA, path, body, 409, "already-paused")
    await done(cases, CORA, f"/deadlines/{paused['deadline_id']}/resumption", {})
    await approved(
        cases, await asked(cases, await duty(cases, ref), "pause", until=ahead(cases, days=9))
    )
    due_at = datetime.fromisoformat((await duty(cases, ref))["due_at"])
    assert due_at - datetime.fromisoformat(paused["due_at"]) == timedelta(days=5 + 9 - 10)
