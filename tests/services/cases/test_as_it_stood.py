"""The case as it stood: after every command the view is kept, and asked for again when much more has happened."""

from datetime import datetime
from typing import Any

from tests.services.cases.conftest import (
    CARL,
    CLEO,
    CORA,
    MONA,
    SAMI,
    a_closure_request,
    a_finding,
    a_follow_up,
    a_new_case,
    a_plan,
    a_referral,
    a_registration,
    an_action,
    an_assessment,
    an_initial_assessment,
    done,
)

Moment = tuple[str, datetime, dict[str, Any]]


class Story:
    """Commands one after another, an hour apart; after each the supervisor's view is kept."""

    def __init__(self, served: Any, ref: str) -> None:
        self.served, self.ref = served, ref
        self.kept: list[Moment] = []

    async def then(self, who: str, path: str, body: Any = None, **later: float) -> dict[str, Any]:
        answer = await done(self.served, who, f"/cases/{self.ref}{path}", body)
        await self.keep(path)
        self.served.clock.forward(**(later or {"hours": 1}))
        return answer

    async def keep(self, after: str) -> None:
        view = (await self.served.get(SAMI, f"/cases/{self.ref}")).json()
        self.kept.append((after, self.served.clock.at, view))

    async def tell_again(self) -> None:
        for after, instant, view in self.kept:
            path = f"/cases/{self.ref}?as_of={instant.isoformat().replace('+00:00', 'Z')}"
            answer = await self.served.get(SAMI, path)
            assert answer.status_code == 200, answer.text
            told = answer.json()
            # Sections are those of today: at the intake she saw fewer.
            assert {key: told.get(key) for key in view} == view, after


async def test_view_of_any_past_instant_is_the_view_taken_then(cases) -> None:
    identified = await done(cases, SAMI, "/intakes", a_referral())
    story = Story(cases, identified["case_ref"])
    await story.keep("identified")
    cases.clock.forward(hours=2)
    await story.then(SAMI, "/registration", a_registration())
    await story.then(CORA, "/initial-assessment", an_initial_assessment(cases), days=9)
    await story.then(CORA, "/comprehensive-assessment", an_assessment())
    consent = {"given_by": "mother", "purpose": "school", "how": "written"}
    given = await story.then(CORA, "/consents", consent)
    actions = [an_action(cases), an_action(cases, title="Letter", responsible="school")]
    tracks = [a_follow_up(cases), {"with": "mother", "method": "call"}]
    plan = await story.then(CORA, "/plan", a_plan(cases, actions=actions, follow_ups=tracks))
    first, _ = (each["action_id"] for each in plan["actions"])
    child, mother = (each["follow_up_id"] for each in plan["follow_ups"])
    await story.then(CORA, f"/actions/{first}/start", {"note": "Begun"})
    await story.then(CORA, f"/follow-ups/{child}/records", a_finding(cases))
    earlier = (cases.clock.at).isoformat()
    cases.clock.forward(days=2)  # written down two days after it happened
    late = a_finding(cases, occurred_at=earlier, finding="worse")
    await story.then(CORA, f"/follow-ups/{mother}/records", late)
    await story.then(CORA, "/risk", {"risk": "high", "reason": "It grew worse"})
    done_at = cases.clock.at.isoformat()
    cases.clock.forward(days=1)
    completion = {"note": "Held", "done_at": done_at}
    await story.then(CORA, f"/actions/{first}/completion", completion)
    await story.then(CORA, f"/consents/{given['consent_id']}/withdrawal", {"reason": "Unsure"})
    await story.then(SAMI, "/assignment", {"caseworker_id": "carl", "supervisor_id": "sami"})
    await story.then(CARL, "/comprehensive-assessment", an_assessment(needs=["One need"]))
    await story.then(CARL, "/plan", a_plan(cases))
    await story.then(CARL, "/goals-achieved", {"note": "Reached"})
    await story.then(CARL, "/gains-lost", {"reason": "It came back"})
    await story.then(CARL, "/closure-request", a_closure_request())
    await story.then(SAMI, "/closure-refusal", {"reason": "too-early", "note": "Wait"})
    await story.then(CARL, "/closure-request", a_closure_request(), days=1)
    await story.then(SAMI, "/closure-approval", {"note": "Agreed"}, days=80)
    look = {"occurred_at": cases.clock.at.isoformat(), "gains_hold": True, "feedback": "Well"}
    cases.clock.forward(days=1)
    await story.then(CARL, "/look-back", look)
    await story.then(CARL, "/archive")
    await story.then(CARL, "/reopening", {"reason": "It came back", "risk": "medium"})
    assert len(story.kept) == 24
    await story.tell_again()


async def test_acknowledged_duty_was_not_taken_up_before(cases) -> None:
    story = Story(cases, (await done(cases, CORA, "/cases", a_new_case()))["case_ref"])
    await story.keep("registered")
    cases.clock.forward(hours=1)
    owed = (await cases.get(CORA, f"/cases/{story.ref}/deadlines")).json()["items"][0]
    await done(cases, SAMI, f"/deadlines/{owed['deadline_id']}/acknowledgement")
    await story.keep("acknowledged")
    cases.clock.forward(days=3)
    await story.tell_again()


async def test_past_is_shown_only_in_the_sections_of_today(cases) -> None:
    ref = (await done(cases, CORA, "/cases", a_new_case()))["case_ref"]
    registered = cases.clock.at.isoformat().replace("+00:00", "Z")
    cases.clock.forward(days=1)
    await done(cases, CORA, f"/cases/{ref}/initial-assessment", an_initial_assessment(cases))
    path = f"/cases/{ref}?as_of={registered}"
    seen = (await cases.get(CARL, path)).json()
    assert seen["status"] == "registered"
    assert "assessment" not in seen
    assert (await cases.get(CORA, path)).json()["assessment"] == []
    assert (await cases.get(CLEO, path)).status_code == 404
    assert "contacts" not in (await cases.get(MONA, path)).json()
    rows = await cases.rows("SELECT outcome FROM audit WHERE action = 'read-as-of'")
    assert {row["outcome"] for row in rows} == {"allowed", "hidden"}


async def test_before_the_case_and_after_today_nothing_is_known(cases) -> None:
    ref = (await done(cases, CORA, "/cases", a_new_case()))["case_ref"]
    for instant, status in (("2027-02-28T00:00:00Z", 404), ("2027-04-01T00:00:00Z", 422)):
        assert (await cases.get(CORA, f"/cases/{ref}?as_of={instant}")).status_code == status
    assert (await cases.get(CORA, f"/cases/{ref}?as_of=2027-03-01T09:00:00")).status_code == 422
