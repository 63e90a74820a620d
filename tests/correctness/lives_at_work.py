"""What people do on a case in work, asked of the real commands."""

from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.correctness.asking import CHANCE, IN_WORK, PACKS, RISKS, Asking, while_status
from tests.correctness.stages import (
    NOTE,
    PEOPLE,
    a_full_plan,
    a_look_back,
    an_assessment,
    an_urgent_assessment,
)
from tests.services.cases import conftest as known
from tests.services.cases.conftest import NORTH, SOUTH

ACTIVE = ("active", "closing")


class AtWork(Asking):
    """Each rule where it is possible, or nearly: what is refused for its stage is tried by `forbidden`."""

    @while_status("identified", "registered")
    @rule()
    def registers(self) -> None:
        self.attempt(0, "registration", known.a_registration())

    @while_status("registered", "assessing")
    @rule(risk=RISKS)
    def assesses(self, risk: str) -> None:
        body = an_urgent_assessment(self.case.served, risk)
        self.attempt(0, "initial-assessment", body)

    @while_status("assessing", "planning", "active")
    @rule()
    def understands(self) -> None:
        self.attempt(0, "comprehensive-assessment", an_assessment())

    @while_status("planning", "active")
    @rule()
    def plans(self) -> None:
        self.attempt(0, "plan", a_full_plan(self.case.served))

    @precondition(lambda self: self.case.duties())
    @rule(number=CHANCE)
    def does_what_is_owed(self, number: int) -> None:
        """The most of what people do."""
        chance = Random(number)
        if (duty := self.some_duty(chance)) is not None:
            self._does(duty["step"], duty["subject_id"], chance)

    @precondition(lambda self: self.case.duties())
    @rule(number=CHANCE)
    def does_more_of_what_is_owed(self, number: int) -> None:
        self.does_what_is_owed(number)

    @while_status(*IN_WORK)
    @rule(risk=RISKS)
    def risk_changes(self, risk: str) -> None:
        self.attempt(0, "risk", {"risk": risk, "reason": "Seen at home"})

    @precondition(lambda self: self.case.rows("tracks"))
    @rule(number=CHANCE, finding=st.sampled_from(("better", "same", "worse")))
    def follows_up(self, number: int, finding: str) -> None:
        chance = Random(number)
        track = chance.choice(self.case.rows("tracks"))
        ago = known.ago(self.case.served, days=chance.choice((0, 0, 0.3, 3)))
        body = known.a_finding(self.case.served, finding=finding, occurred_at=ago)
        self.attempt(0, f"follow-ups/{track['id']}/records", body)

    @precondition(lambda self: self.case.rows("actions"))
    @rule(number=CHANCE)
    def completes_an_action(self, number: int) -> None:
        action = Random(number).choice(self.case.rows("actions"))
        self.attempt(0, f"actions/{action['id']}/completion", NOTE)

    @rule(days=st.sampled_from((0, 0.3, 3)), kind=st.sampled_from(("direct-support", "advocacy")))
    def support_is_given(self, days: float, kind: str) -> None:
        ago = known.ago(self.case.served, days=days)
        body = {"kind": kind, "occurred_at": ago, "note": "A walk", "with_whom": ["child"]}
        self.attempt(0, "support", body | ({"toward_whom": "School"} if kind == "advocacy" else {}))

    @while_status(*IN_WORK)
    @rule(who=st.integers(0, 1), dated=st.booleans())
    def something_is_to_be_found_out(self, who: int, dated: bool) -> None:
        due = {"due": known.ahead(self.case.served, days=5)} if dated else {}
        self.attempt(who, "questions", {"question": "Who pays the rent"} | due)

    @precondition(lambda self: self.case.rows("measures"))
    @rule(number=CHANCE, value=st.sampled_from((2, 5, 7)))
    def measure_is_read(self, number: int, value: int) -> None:
        self._reads(Random(number).choice(self.case.rows("measures")), value)

    @rule(who=st.integers(0, 2), pack=st.sampled_from(PACKS))
    def goes_over_to_another_pack(self, who: int, pack: str) -> None:
        body = {"policy": f"{pack}@1", "reason": "The agency works by it now"}
        self.attempt(who, "policy", body)

    @while_status(*IN_WORK, "closed")
    @rule(who=st.integers(0, 1), policy=st.sampled_from(("keep", "apply")))
    def transfer_is_asked_for(self, who: int, policy: str) -> None:
        body = {
            "to_agency_id": SOUTH if self.case.case["agency_id"] == NORTH else NORTH,
            "reason": "family-moved",
            "policy": policy,
            "consent": {"given_by": "mother", "how": "written"},
            "handover": [{"kind": "person-to-inform", "what": "school"}],
        }
        self.attempt(who, "transfers", body)

    @precondition(lambda self: self.case.rows("transfers"))
    @rule(
        number=CHANCE,
        answer=st.sampled_from(("acceptance", "acceptance", "refusal", "withdrawal")),
    )
    def transfer_is_answered(self, number: int, answer: str) -> None:
        chance = Random(number)
        transfer = chance.choice(self.case.rows("transfers"))
        north = transfer["to_agency_id"] == NORTH
        people = ("cora", "sami", "team-a") if north else ("sara", "sal", "team-s")
        body: dict[str, Any] = {"reason": "no-capacity"}
        if answer == "acceptance":
            body = dict(zip(("caseworker_id", "supervisor_id", "team_id"), people, strict=True))
        elif answer == "refusal":
            body |= NOTE
        who = PEOPLE[NORTH if north else SOUTH][2]
        if answer == "withdrawal" or chance.random() < 0.2:
            who = chance.choice(("cora", "sami", "sara", "sal", "carl", "rita"))
        self.attempt(who, f"/transfers/{transfer['id']}/{answer}", body)

    def _does(self, step: str, subject: str, chance: Random) -> None:
        served = self.case.served
        match step:
            case "registration":
                self.registers()
            case "initial-assessment":
                self.attempt(0, "initial-assessment", an_urgent_assessment(served))
            case "comprehensive-assessment" | "re-assessment":
                self.understands()
            case "case-plan" | "plan-revision":
                self.plans()
            case "plan-action" | "urgent-action":
                self.attempt(0, f"actions/{subject}/completion", NOTE)
            case "follow-up":
                self.attempt(0, f"follow-ups/{subject}/records", known.a_finding(served))
            case "open-question" | "open-question-by-date":
                answer = {"answer": "An aunt", "source": "child", "verified": False}
                self.attempt(0, f"questions/{subject}/answer", answer)
            case "goal-measure":
                self._reads(subject, chance.choice((3, 7)))
            case "closure-request":
                body = known.a_closure_request(ground="goals-achieved")
                self.attempt(chance.choice((0, 1)), "closure-request", body)
            case "closure-approval" | "closure-decision-of-stand-in":
                self.attempt(chance.choice((1, 2)), "closure-approval", NOTE)
            case "look-back":
                self.attempt(0, "look-back", a_look_back(self.case.now))
            case "archive":
                self.attempt(0, "archive")

    def _reads(self, measure: object, value: float) -> None:
        body = {"measured_at": self.case.now.isoformat(), "value": value}
        self.attempt(0, f"measures/{measure}/readings", body)
