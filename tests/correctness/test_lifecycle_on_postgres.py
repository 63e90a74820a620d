"""The lifecycle again, by the real commands of the cases service on a real database: whatever people do, it holds.

THROUGHLINE_LIVES=500 plays as many lives (12 in the ordinary run) and says what happened in them.
"""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from contracts.events.timekeeping import ClosureStandInDue
from domain.vocabulary import Role
from services.cases.app import service
from tests.correctness.case_on_record import CaseOnRecord, Row
from tests.services.cases import conftest as known
from tests.services.cases.conftest import CARL, CORA, MATS, MONA, NORTH, RITA, SAMI, SOUTH
from tests.services.served import DAY_0, Served, a_token, serve
from tests.stack.databases import TestDatabase

LIVES = int(os.environ.get("THROUGHLINE_LIVES", "12"))
STEPS = int(os.environ.get("THROUGHLINE_STEPS", "20"))
SAL = a_token("sal", SOUTH, Role.SUPERVISOR, team="team-s")
SARA = a_token("sara", SOUTH, Role.CASEWORKER, team="team-s")
# Caseworker, supervisor, manager of each agency; and somebody whom the case does not concern.
PEOPLE = {NORTH: ("cora", "sami", "mona"), SOUTH: ("sara", "sal", "mats")}
NAMED = {
    "cora": CORA, "sami": SAMI, "mona": MONA, "carl": CARL,
    "sara": SARA, "sal": SAL, "mats": MATS, "rita": RITA,
}  # fmt: skip
ANYBODY = st.sampled_from(sorted(NAMED))
RISKS = st.sampled_from(("low", "medium", "high", "imminent"))
WAITS = st.floats(0.01, 40).map(lambda days: timedelta(days=days))
CHANCE = st.randoms(use_true_random=False)
WHY = {"why": "child-or-family-away", "reason": "The family is at a funeral"}
# Where such steps are now and then not refused.
_ENDING = ("active", "closing", "closed")
_AFTER = ("closing", "closed", "archived")
NOTE = {"note": "Agreed"}


class _Ahead:
    """What is still to be said of a duty, as its watch knows it."""

    def __init__(self, duty: Row, said: set[str]) -> None:
        self.duty = duty
        instants = [(each["name"], datetime.fromisoformat(each["at"])) for each in duty["moments"]]
        last = max(
            (number for number, (name, _) in enumerate(instants) if name in said), default=-1
        )
        self.left = instants[last + 1 :]

    @property
    def next_at(self) -> datetime | None:
        return self.left[0][1] if self.left else None

    def reached(self, now: datetime) -> tuple[str, datetime] | None:
        """The highest moment that has come; the lower ones are behind it."""
        come = [each for each in self.left if each[1] <= now]
        self.left = self.left[len(come) :]
        return come[-1] if come else None


class LifecycleOnPostgres(RuleBasedStateMachine):
    """People ask for what they may and for what they may not; the clock goes on between."""

    runner: asyncio.Runner
    served: Served
    seen: Counter[str]  # what was done, and what was refused with which code

    @initialize(
        pack=st.sampled_from(("default", "working-days", "humanitarian")), done=st.integers(0, 4)
    )
    def begin(self, pack: str, done: int) -> None:
        """A case that has come through its first `done` steps."""
        self.served.clock.at = DAY_0
        self.runner.run(self.served.hear(known.agency(policy=pack)))
        ref = self._asked(RITA, "/intakes", known.a_referral())["case_ref"]
        self.case = CaseOnRecord(self.runner, self.served, ref)
        for step in (self.registers, self.assesses, self.understands, self.plans)[:done]:
            self.served.clock.forward(hours=5)
            step()
            assert not self.was_refused, "a step of the way is refused: mend the machine"

    # What people do.

    @rule()
    def registers(self) -> None:
        self.attempt(0, "registration", known.a_registration())

    @rule(risk=RISKS)
    def assesses(self, risk: str = "medium") -> None:
        due = known.ahead(self.served, days=1)
        urgent = [{"title": "A safe bed", "responsible": "caseworker", "due": due}]
        body = known.an_initial_assessment(self.served, risk=risk)
        self.attempt(0, "initial-assessment", body | {"urgent_actions": urgent})

    @rule()
    def understands(self) -> None:
        asked = ["What the problems at home are", {"question": "Who else helps"}]
        self.attempt(0, "comprehensive-assessment", known.an_assessment(open_questions=asked))

    @rule()
    def plans(self) -> None:
        pack = known.a_follow_up(self.served) | {"rhythm": []}
        actions = [
            known.an_action(self.served, due=known.ahead(self.served, days=n)) for n in (9, 80)
        ]
        goal = known.a_goal(self.served, measures=["A talk", self._nights()])
        body = known.a_plan(self.served, actions=actions, goal=goal)
        self.attempt(0, "plan", body | {"follow_ups": [*body["follow_ups"], pack]})

    @rule(chance=CHANCE)
    def does_what_is_owed(self, chance: Random) -> None:
        """The most of what people do."""
        duty = self._some_duty(chance)
        if duty is None:
            return
        step, subject = duty["step"], duty["subject_id"]
        opening = {
            "registration": self.registers,
            "initial-assessment": self.assesses,
            "comprehensive-assessment": self.understands,
            "re-assessment": self.understands,
            "case-plan": self.plans,
            "plan-revision": self.plans,
            "look-back": self.looks_back,
            "archive": self.archives,
        }
        if step in opening:
            opening[step]()
        elif step in ("plan-action", "urgent-action"):
            self.attempt(0, f"actions/{subject}/completion", NOTE)
        elif step == "follow-up":
            self.attempt(0, f"follow-ups/{subject}/records", known.a_finding(self.served))
        elif step.startswith("open-question"):
            answer = {"answer": "An aunt", "source": "child", "verified": False}
            self.attempt(0, f"questions/{subject}/answer", answer)
        elif step == "goal-measure":
            self._reads(subject, chance.choice((3, 7)))
        elif step == "closure-request":
            self.closure_is_asked_for(0, "goals-achieved")
        elif step.startswith("closure-"):
            self.attempt(chance.choice((1, 2)), "closure-approval", NOTE)

    @rule(chance=CHANCE)
    def does_more_of_what_is_owed(self, chance: Random) -> None:
        self.does_what_is_owed(chance)

    @rule(risk=RISKS)
    def risk_changes(self, risk: str) -> None:
        self.attempt(0, "risk", {"risk": risk, "reason": "Seen at home"})

    @rule(chance=CHANCE, finding=st.sampled_from(("better", "same", "worse")))
    def follows_up(self, chance: Random, finding: str) -> None:
        tracks = self.case.rows(
            "SELECT id FROM follow_ups WHERE case_ref = :ref ORDER BY plan_version, place"
        )
        if tracks:
            ago = known.ago(self.served, days=chance.choice((0, 0, 0.3, 3)))
            body = known.a_finding(self.served, finding=finding, occurred_at=ago)
            self.attempt(0, f"follow-ups/{chance.choice(tracks)['id']}/records", body)

    @rule(chance=CHANCE)
    def completes_an_action(self, chance: Random) -> None:
        actions = self.case.rows(
            "SELECT id FROM actions WHERE case_ref = :ref ORDER BY kind, plan_version, place"
        )
        if actions:
            self.attempt(0, f"actions/{chance.choice(actions)['id']}/completion", NOTE)

    @rule(chance=CHANCE, kind=st.sampled_from(("direct-support", "advocacy")))
    def support_is_given(self, chance: Random, kind: str) -> None:
        ago = known.ago(self.served, days=chance.choice((0, 0.3, 3)))
        body = {"kind": kind, "occurred_at": ago, "note": "A walk", "with_whom": ["child"]}
        self.attempt(0, "support", body | ({"toward_whom": "School"} if kind == "advocacy" else {}))

    @rule(who=st.integers(0, 1), dated=st.booleans())
    def something_is_to_be_found_out(self, who: int, dated: bool) -> None:
        due = {"due": known.ahead(self.served, days=5)} if dated else {}
        self.attempt(who, "questions", {"question": "Who pays the rent"} | due)

    @rule(chance=CHANCE, value=st.sampled_from((2, 5, 7)))
    def measure_is_read(self, chance: Random, value: int) -> None:
        measures = self.case.rows(
            "SELECT id FROM goal_measures WHERE case_ref = :ref AND by IS NOT NULL"
            " ORDER BY plan_version"
        )
        if measures:
            self._reads(chance.choice(measures)["id"], value)

    @rule(who=st.integers(0, 1))
    def goals_are_achieved(self, who: int) -> None:
        self.attempt(who, "goals-achieved", {"note": "She laughs again"})

    @rule()
    def gains_are_lost(self) -> None:
        self.attempt(0, "gains-lost", {"reason": "She is sad again"})

    @rule(
        who=st.integers(0, 1), ground=st.sampled_from(("family-able", "goals-achieved", "refuses"))
    )
    def closure_is_asked_for(self, who: int, ground: str) -> None:
        """And whoever asks tries to decide as well."""
        if self.attempt(who, "closure-request", known.a_closure_request(ground=ground)):
            self.attempt(who, "closure-approval", NOTE)

    @precondition(lambda self: self.case.status in _ENDING)
    @rule(who=ANYBODY)
    def somebody_approves(self, who: str) -> None:
        self.attempt(who, "closure-approval", NOTE)

    @precondition(lambda self: self.case.status in _ENDING)
    @rule(who=st.integers(0, 2))
    def somebody_of_the_case_approves(self, who: int) -> None:
        self.attempt(who, "closure-approval", NOTE)

    @precondition(lambda self: self.case.status in _ENDING)
    @rule(who=ANYBODY)
    def somebody_declines(self, who: str) -> None:
        self.attempt(who, "closure-refusal", {"reason": "too-early", "note": "Let us wait"})

    @precondition(lambda self: self.case.status in _ENDING)
    @rule()
    def time_for_the_approval_is_over(self) -> None:
        (case,) = self.case.rows("SELECT closure_id FROM cases WHERE ref = :ref")
        if case["closure_id"]:
            event = ClosureStandInDue(
                case_ref=self.case.ref, at=self.case.now, closure_id=case["closure_id"]
            )
            self.runner.run(self.served.hear(event))

    @precondition(lambda self: self.case.status in _AFTER)
    @rule()
    def looks_back(self) -> None:
        body = {"occurred_at": self.case.now.isoformat(), "gains_hold": True, "feedback": "Good"}
        self.attempt(0, "look-back", body)

    @precondition(lambda self: self.case.status in _AFTER)
    @rule()
    def archives(self) -> None:
        self.attempt(0, "archive")

    @precondition(lambda self: self.case.status in _AFTER)
    @rule(who=st.integers(0, 1), risk=RISKS)
    def case_comes_back(self, who: int, risk: str) -> None:
        self.attempt(who, "reopening", {"reason": "She came to the office", "risk": risk})

    @rule(chance=CHANCE, kind=st.sampled_from(("extension", "pause", "waiver")))
    def asks_for_time(self, chance: Random, kind: str) -> None:
        duty = self._some_duty(chance)
        if duty is None:
            return
        body: dict[str, str] = dict(WHY)
        later = timedelta(days=chance.choice((0.2, 3, 12, 30)))
        if kind == "extension":
            body["new_due"] = (max(duty["due_at"], self.case.now) + later).isoformat()
        elif kind == "pause":
            body["until"] = (self.case.now + later).isoformat()
        path = f"/deadlines/{duty['id']}/{kind}-requests"
        who = chance.choice((0, 0, 1))
        if asked := self.attempt(who, path, body):
            approval = f"/deadline-requests/{asked['request_id']}/approval"
            self.attempt(who, approval, NOTE)
            if chance.random() < 0.7:
                self.attempt(2 if who else 1, approval, NOTE)

    @rule(chance=CHANCE, who=ANYBODY, end=st.sampled_from(("approval", "refusal")))
    def somebody_decides(self, chance: Random, who: str, end: str) -> None:
        asked = self.case.rows(
            "SELECT id FROM deadline_requests WHERE case_ref = :ref ORDER BY asked_at, kind"
        )
        if asked:
            self.attempt(who, f"/deadline-requests/{chance.choice(asked)['id']}/{end}", NOTE)

    @rule(chance=CHANCE)
    def work_goes_on(self, chance: Random) -> None:
        paused = [each for each in self.case.duties() if "pause approved" in each["rule"]]
        if paused:
            self.attempt(0, f"/deadlines/{chance.choice(paused)['id']}/resumption", {})

    @rule(chance=CHANCE, who=st.integers(0, 2))
    def takes_it_up(self, chance: Random, who: int) -> None:
        duty = self._some_duty(chance)
        if duty is not None:
            self.attempt(who, f"/deadlines/{duty['id']}/acknowledgement")

    @rule(who=st.integers(0, 2), pack=st.sampled_from(("default", "working-days", "humanitarian")))
    def goes_over_to_another_pack(self, who: int, pack: str) -> None:
        body = {"policy": f"{pack}@1", "reason": "The agency works by it now"}
        self.attempt(who, "policy", body)

    @rule(who=st.integers(0, 1), policy=st.sampled_from(("keep", "apply")))
    def transfer_is_asked_for(self, who: int, policy: str) -> None:
        body = {
            "to_agency_id": SOUTH if self._agency() == NORTH else NORTH,
            "reason": "family-moved",
            "policy": policy,
            "consent": {"given_by": "mother", "how": "written"},
            "handover": [{"kind": "person-to-inform", "what": "school"}],
        }
        self.attempt(who, "transfers", body)

    @rule(
        chance=CHANCE,
        who=ANYBODY,
        answer=st.sampled_from(("acceptance", "acceptance", "refusal", "withdrawal")),
    )
    def transfer_is_answered(self, chance: Random, who: str, answer: str) -> None:
        asked = self.case.rows(
            "SELECT id, to_agency_id FROM transfers WHERE case_ref = :ref ORDER BY requested_at"
        )
        if not asked:
            return
        transfer = chance.choice(asked)
        north = transfer["to_agency_id"] == NORTH
        people = ("cora", "sami", "team-a") if north else ("sara", "sal", "team-s")
        body: dict[str, Any] = {"reason": "no-capacity"}
        if answer == "acceptance":
            body = dict(zip(("caseworker_id", "supervisor_id", "team_id"), people, strict=True))
            who = PEOPLE[NORTH if north else SOUTH][2] if chance.random() < 0.7 else who
        elif answer == "refusal":
            body |= NOTE
        self.attempt(who, f"/transfers/{transfer['id']}/{answer}", body)

    # The clock.

    @rule(wait=WAITS)
    def time_passes(self, wait: timedelta) -> None:
        """Every moment is said as it comes; after an outage only the highest of those that have passed."""
        end, told = self.case.now + wait, self.case.said_of()
        ahead = [_Ahead(duty, told.get(duty["id"], set())) for duty in self.case.duties()]
        while True:
            instants = [at for each in ahead if (at := each.next_at) is not None]
            if not instants or max(min(instants), self.case.now) > end:
                break
            self.served.clock.at = now = max(min(instants), self.case.now)
            for each in ahead:
                if moment := each.reached(now):
                    self.case.clock_says(each.duty, *moment)
        self.served.clock.at = end
        said = self.case.said_of()
        for duty in self.case.duties():
            assert duty["due_at"] >= end or "due" in said[duty["id"]], f"{duty['step']}: unsaid"

    @rule(wait=WAITS)
    def time_passes_and_no_worker_is_there(self, wait: timedelta) -> None:
        self.served.clock.at += wait

    @rule(chance=CHANCE)
    def clock_says_it_again(self, chance: Random) -> None:
        """Late, doubled, or of a duty that has ended meanwhile."""
        past = [
            (duty, moment["name"], datetime.fromisoformat(moment["at"]))
            for duty in self.case.duties(standing=False)
            for moment in duty["moments"]
        ]
        past = [each for each in past if each[2] <= self.case.now]
        if past:
            self.case.clock_says(*chance.choice(past))

    # What must hold.

    @precondition(lambda self: hasattr(self, "case"))
    @invariant()
    def record_is_sound(self) -> None:
        self.case.judge()

    # How it is asked.

    def attempt(self, who: int | str, path: str, body: Any = None) -> Row | None:
        """By a person, or by the case's own people (0, 1, 2); what is refused changes nothing."""
        token = NAMED[who if isinstance(who, str) else PEOPLE[self._agency()][who]]
        path = path if path.startswith("/") else f"/cases/{self.case.ref}/{path}"
        before = self.case.everything()
        answer = self.runner.run(self.served.post(token, path, body))
        what = path.rsplit("/", 1)[-1]
        self.was_refused = answer.status_code >= 300
        if not self.was_refused:
            self.seen[what] += 1
            done: Row = answer.json()
            return done
        assert answer.status_code < 500, answer.text
        self.seen[f"{what}: {answer.json()['code']}"] += 1
        after = self.case.everything()
        changed = [name for name in before if before[name] != after[name]]
        assert not changed, f"{path} was refused and changed {changed}"
        return None

    def _asked(self, who: str, path: str, body: Any) -> Row:
        answer = self.runner.run(self.served.post(who, path, body))
        assert answer.status_code == 201, answer.text
        found: Row = answer.json()
        return found

    def _nights(self) -> Row:
        by = (self.case.now + timedelta(days=60)).date().isoformat()
        target = {"baseline": 2, "target": 7, "unit": "nights", "by": by}
        return {"text": "Nights at home"} | target

    def _reads(self, measure: object, value: float) -> None:
        body = {"measured_at": self.case.now.isoformat(), "value": value}
        self.attempt(0, f"measures/{measure}/readings", body)

    def _agency(self) -> str:
        return str(self.case.rows("SELECT agency_id FROM cases WHERE ref = :ref")[0]["agency_id"])

    def _some_duty(self, chance: Random) -> Row | None:
        standing = self.case.duties(standing=chance.random() < 0.95)
        return chance.choice(standing) if standing else None


async def _everybody_is_known(served: Served) -> None:
    people = [
        known.staff("cora", Role.CASEWORKER),
        known.staff("sami", Role.SUPERVISOR),
        known.staff("mona", Role.MANAGER, team=None),
        known.staff("sara", Role.CASEWORKER, agency_id=SOUTH, team="team-s"),
        known.staff("sal", Role.SUPERVISOR, agency_id=SOUTH, team="team-s"),
        known.staff("mats", Role.MANAGER, agency_id=SOUTH, team=None),
    ]
    await served.hear(known.agency(), known.agency(SOUTH), *people)


@pytest.mark.timeout(0 if LIVES > 12 else 180)
def test_whatever_is_asked_of_the_real_commands_the_record_is_sound(
    service_database: Callable[..., TestDatabase],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with asyncio.Runner() as runner:
        serving = serve(service, service_database("cases"), monkeypatch)
        served = runner.run(serving.__aenter__())
        try:
            runner.run(_everybody_is_known(served))
            seen: Counter[str] = Counter()
            machine = type(
                "OnThisDatabase",
                (LifecycleOnPostgres,),
                {"runner": runner, "served": served, "seen": seen},
            )
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=LIVES,
                    stateful_step_count=STEPS,
                    deadline=None,
                    derandomize=LIVES <= 12,  # the same lives in every ordinary run
                    database=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(serving.__aexit__(None, None, None))
    if LIVES > 12:
        with capsys.disabled():
            sys.stdout.writelines(f"\n{count:7} {what}" for what, count in seen.most_common())
