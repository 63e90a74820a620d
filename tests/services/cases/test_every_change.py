"""Every command gives its case another version: what was read before it is outdated, whoever is told of it."""

import json
from dataclasses import dataclass, field
from typing import Any

from contracts.generate import ROOT
from domain.vocabulary import Role
from tests.services.cases.conftest import (
    CORA,
    MATS,
    MONA,
    NORTH,
    SAMI,
    SOUTH,
    a_finding,
    a_goal,
    a_new_case,
    a_plan,
    a_referral,
    a_registration,
    agency,
    ago,
    ahead,
    an_action,
    an_assessment,
    an_initial_assessment,
    done,
    staff,
)
from tests.services.cases.test_joining import LOOK, SAME, an_intake
from tests.services.cases.test_statement import BODY, opened, path_of, send
from tests.services.cases.test_transfer import HANDOVER, OWNERS, SAL, a_transfer
from tests.services.served import Served, a_token

MAX = a_token("max", NORTH, Role.MANAGER)
NOTE = {"note": "Told."}
WATCHED = ("", "/chronology", "/statement-links", "/feedback")
DOCUMENT = json.loads((ROOT / "openapi" / "cases.json").read_text("utf-8"))
OF_A_CASE = {
    (method.upper(), path)
    for path, item in DOCUMENT["paths"].items()
    for method in item
    if method != "get" and path.startswith(("/cases/{", "/transfers/{"))
}


@dataclass
class Watched:
    """A case that is read before and after each of its commands; `tried` are their routes."""

    served: Served
    ref: str
    who: str = CORA
    tried: set[tuple[str, str]] = field(default_factory=set)

    async def seen(self) -> dict[str, tuple[str, str]]:
        """Each watched view's version and content."""
        found = {}
        for view in WATCHED:
            answer = await self.served.get(self.who, f"/cases/{self.ref}{view}")
            if answer.status_code == 200:
                found[view] = (answer.headers["ETag"], answer.text)
        return found

    async def told(self, route: str, body: Any = None, who: str = "", **ids: str) -> dict[str, Any]:
        """One command through its route; what was read before is outdated wherever it differs now."""
        method = "DELETE" if route.startswith("DELETE ") else "POST"
        template = route.removeprefix("DELETE ")
        before = await self.seen()
        path = template.format(ref=self.ref, **ids)
        answer = await self.served.ask(who or self.who, method, path, body)
        assert answer.status_code in (200, 201, 204), (template, answer.text)
        after = await self.seen()
        for view in before.keys() & after.keys():
            if before[view][1] != after[view][1]:
                assert before[view][0] != after[view][0], f"{template} left {view} its version"
        assert after[""] != before.get(""), f"{template} left the case its version"
        assert answer.headers["ETag"] == after[""][0], template
        self.tried.add((method, template))
        return dict(answer.json()) if answer.content else {}

    async def narrative(self, section: str) -> Any:
        return (await self.served.get(self.who, f"/cases/{self.ref}")).json()[section]


async def assessed(life: Watched) -> None:
    served = life.served
    await life.told("/cases/{ref}/registration", a_registration())
    await life.told("/cases/{ref}/initial-assessment", an_initial_assessment(served))
    body = an_assessment()
    await life.told("/cases/{ref}/comprehensive-assessment", body)
    statements = (await served.get(CORA, f"/cases/{life.ref}/statements")).json()["items"]
    await life.told(
        "/cases/{ref}/statements/{statement_id}/verification",
        {"state": "unverified", "how": "The school withdrew it"},
        statement_id=statements[0]["statement_id"],
    )
    question = {"question": "Who else supports her", "due": ahead(served, days=3)}
    asked = await life.told("/cases/{ref}/questions", question)
    await life.told(
        "/cases/{ref}/questions/{question_id}/answer",
        {"answer": "Her aunt", "source": "child", "verified": False},
        question_id=asked["question_id"],
    )
    await life.told("/cases/{ref}/risk", {"risk": "high", "reason": "He was seen"})
    body = {"caseworker_id": "cora", "supervisor_id": "sami"}
    await life.told("/cases/{ref}/assignment", body, SAMI)
    other = (await done(served, CORA, "/cases", a_new_case()))["case_ref"]
    body = {"other_ref": other, "same": False, "note": "Twins"}
    await life.told("/cases/{ref}/same-child", body)


async def planned(life: Watched) -> None:
    served = life.served
    plan = a_plan(served, actions=[an_action(served), an_action(served, title="A talk")])
    agreed = await life.told("/cases/{ref}/plan", plan | {"goal": a_goal(served)})
    first, second = (each["action_id"] for each in agreed["actions"])
    await life.told("/cases/{ref}/actions/{action_id}/start", {}, action_id=first)
    await life.told("/cases/{ref}/actions/{action_id}/completion", NOTE, action_id=second)
    consent = {"given_by": "child", "purpose": "school", "how": "spoken"}
    given = await life.told("/cases/{ref}/consents", consent)
    path = "/cases/{ref}/consents/{consent_id}/withdrawal"
    await life.told(path, {"reason": "She would rather not"}, consent_id=given["consent_id"])
    track = agreed["follow_ups"][0]["follow_up_id"]
    path = "/cases/{ref}/follow-ups/{follow_up_id}/records"
    await life.told(path, a_finding(served), follow_up_id=track)
    support = {"kind": "direct-support", "occurred_at": ago(served, hours=1), "note": "A walk"}
    await life.told("/cases/{ref}/support", support | {"with_whom": ["child"]})
    reading = {"measured_at": ago(served, hours=1), "reached": False, "note": "Not yet"}
    path = "/cases/{ref}/measures/{measure_id}/readings"
    await life.told(path, reading, measure_id=agreed["measures"][0]["measure_id"])
    need = {"need": "support-group", "area": "south", "note": "None in the evening"}
    unmet = await life.told("/cases/{ref}/unmet-needs", need)
    await life.told("/cases/{ref}/unmet-needs/{need_id}/met", NOTE, need_id=unmet["need_id"])
    attempt = {"at": ago(served, hours=1), "method": "call", "note": "No answer"}
    await life.told("/cases/{ref}/engagement-attempts", attempt)
    incident = {"kind": "serious-harm", "occurred_at": ago(served, hours=1)}
    more = {"abuse_or_neglect_suspected": True, "what_happened": "Broken arm"}
    await life.told("/cases/{ref}/serious-incidents", incident | more)
    await life.told("/cases/{ref}/policy", {"policy": "humanitarian@1", "reason": "Agreed"}, MONA)
    await life.told("/cases/{ref}/policy", {"policy": "default@1", "reason": "Agreed"}, MONA)


async def heard(life: Watched) -> None:
    """What comes from outside the case: an intake, and the family's own words."""
    served = life.served
    intake = Watched(served, await an_intake(served))
    body = {"other_ref": life.ref, "reason": SAME}
    before = await life.seen()
    joined = await intake.told("/cases/{ref}/joining", body)
    assert (await life.seen())[""][0] != before[""][0]
    life.tried |= intake.tried
    look = LOOK | {"occurred_at": served.clock.at.isoformat()}
    path = "/cases/{ref}/concerns/{concern_id}/look"
    await life.told(path, look, concern_id=joined["concern_id"])
    link = await life.told("/cases/{ref}/statement-links", BODY)
    await opened(served, link)
    before = await life.seen()
    await send(served, f"{path_of(link)}/feedback", kind="question", words="When")
    assert (await life.seen())["/feedback"][0] != before["/feedback"][0]
    items = (await served.get(CORA, f"/cases/{life.ref}/feedback")).json()["items"]
    path = "/cases/{ref}/feedback/{feedback_id}/answer"
    await life.told(path, {"words": "Tomorrow"}, feedback_id=items[0]["feedback_id"])
    path = "DELETE /cases/{ref}/statement-links/{link_id}"
    await life.told(path, link_id=link["link_id"])


async def ended(life: Watched) -> None:
    served = life.served
    request = {
        "reasons": "She laughs again",
        "discussed_with_child": True,
        "discussed_with_family": True,
        "how_to_come_back": "Call",
    }
    await life.told("/cases/{ref}/goals-achieved", NOTE)
    await life.told("/cases/{ref}/gains-lost", {"reason": "She is sad again"})
    ground = request | {"ground": "moved-away", "no_transfer_because": "No agency there"}
    await life.told("/cases/{ref}/closure-request", ground)
    body = {"reason": "too-early", "note": "Wait"}
    await life.told("/cases/{ref}/closure-refusal", body, SAMI)
    await life.told("/cases/{ref}/closure-request", ground)
    await life.told("/cases/{ref}/closure-approval", NOTE, SAMI)
    await life.told("/cases/{ref}/reopening", {"reason": "Asked again", "risk": "low"})
    await life.told("/cases/{ref}/closure-request", ground)
    await life.told("/cases/{ref}/closure-approval", NOTE, SAMI)
    served.clock.forward(days=90)
    look = {"occurred_at": ago(served, hours=1), "gains_hold": True, "feedback": "It helped"}
    await life.told("/cases/{ref}/look-back", look)
    await life.told("/cases/{ref}/archive")
    kept = {"until": ahead(served, days=6000), "reason": "A trial"}
    await life.told("/cases/{ref}/retention", kept, MONA)
    await life.told("/cases/{ref}/erasure", {"basis": "court-order"}, MONA)
    await life.told("/cases/{ref}/erasure-refusal", {"reason": "still-needed"}, MAX)
    await life.told("/cases/{ref}/erasure", {"basis": "court-order"}, MONA)
    await life.told("/cases/{ref}/erasure-approval", who=MAX)


async def transferred(life: Watched) -> None:
    path = "/transfers/{transfer_id}/"
    asked = await life.told("/cases/{ref}/transfers", a_transfer())
    body = {"reason": "family-stays"}
    await life.told(f"{path}withdrawal", body, transfer_id=asked["transfer_id"])
    asked = await life.told("/cases/{ref}/transfers", a_transfer())
    body = {"reason": "no-capacity", "note": "Full"}
    await life.told(f"{path}refusal", body, MATS, transfer_id=asked["transfer_id"])
    asked = await life.told("/cases/{ref}/transfers", a_transfer(handover=HANDOVER))
    life.who = SAL
    await life.told(f"{path}acceptance", OWNERS, transfer_id=asked["transfer_id"])
    item = asked["handover"][0]["item_id"]
    tick = {"transfer_id": asked["transfer_id"], "item_id": item}
    await life.told(path + "items/{item_id}/tick", **tick)


async def an_identified_case(served: Served) -> Watched:
    return Watched(served, (await done(served, CORA, "/intakes", a_referral()))["case_ref"])


async def test_every_command_gives_its_case_another_version(cases: Served) -> None:
    await cases.hear(
        agency(),
        agency(SOUTH),
        staff("cora", Role.CASEWORKER),
        staff("sami", Role.SUPERVISOR),
        staff("sal", Role.SUPERVISOR, agency_id=SOUTH, team="team-s"),
        staff("sara", Role.CASEWORKER, agency_id=SOUTH, team="team-s"),
        staff("mats", Role.MANAGER, agency_id=SOUTH, team=None),
    )
    life = await an_identified_case(cases)
    for part in (assessed, planned, heard):
        cases.clock.forward(days=1)
        await part(life)
    tried = set(life.tried)
    moving = Watched(cases, (await done(cases, CORA, "/cases", a_new_case()))["case_ref"])
    await transferred(moving)
    await ended(life)
    # A new command belongs into one of the lives above.
    assert tried | life.tried | moving.tried == OF_A_CASE


async def test_reading_gives_no_other_version(cases: Served) -> None:
    life = await an_identified_case(cases)
    before = await life.seen()
    assert await life.seen() == before


async def test_what_is_made_of_several_records_has_no_version(cases: Served) -> None:
    life = await an_identified_case(cases)
    for view in ("/file.json", "/likely-same"):
        answer = await cases.get(CORA, f"/cases/{life.ref}{view}")
        assert answer.status_code == 200
        assert "ETag" not in answer.headers


async def test_what_is_refused_leaves_the_version(cases: Served) -> None:
    life = await an_identified_case(cases)
    before = await life.seen()
    assert (await cases.post(SAMI, f"/cases/{life.ref}/goals-achieved", NOTE)).is_error
    assert await life.seen() == before


async def test_manifest_has_the_version_of_what_it_says(cases: Served) -> None:
    await cases.hear(agency(), staff("carl", Role.CASEWORKER), staff("cora", Role.CASEWORKER))
    path = "/caseloads/cora/handover"
    versions = []
    for _ in range(2):
        await done(cases, CORA, "/cases", a_new_case())
        cases.clock.forward(days=1)
        answer = await cases.post(SAMI, path, {"everything_to": "carl"})
        assert answer.status_code == 200, answer.text
        assert answer.headers["ETag"] == (await cases.get(SAMI, path)).headers["ETag"]
        versions.append(answer.headers["ETag"])
    assert versions[0] != versions[1]
