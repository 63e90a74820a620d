"""How a case comes to its end and back, and how people ask for more time, asked of the real commands."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from contracts.events.timekeeping import ClosureStandInDue
from tests.correctness.asking import ANYBODY, CHANCE, RISKS, later, while_status
from tests.correctness.lives_at_work import AtWork
from tests.correctness.sound_record import Row
from tests.correctness.stages import NOTE, WHY, a_look_back
from tests.services.cases import conftest as known

GROUNDS = st.sampled_from(("family-able", "goals-achieved", "refuses", "moved-away"))


class ToTheEnd(AtWork):
    """The rare steps, often."""

    @while_status("active")
    @rule(who=st.integers(0, 1))
    def goals_are_achieved(self, who: int) -> None:
        self.attempt(who, "goals-achieved", {"note": "She laughs again"})

    @precondition(lambda self: self.case.closure is not None)
    @rule()
    def gains_are_lost(self) -> None:
        self.attempt(0, "gains-lost", {"reason": "She is sad again"})

    @while_status("registered", "assessing", "planning", "active")
    @rule(who=st.integers(0, 1), ground=GROUNDS)
    def closure_is_asked_for(self, who: int, ground: str) -> None:
        """And whoever asks tries to decide as well."""
        if self.attempt(who, "closure-request", known.a_closure_request(ground=ground)):
            self.forbid(who, "closure-approval", NOTE)

    @while_status("closing")
    @rule(who=ANYBODY)
    def somebody_approves(self, who: str) -> None:
        self.attempt(who, "closure-approval", NOTE)

    @while_status("closing")
    @rule(who=st.integers(1, 2))
    def somebody_of_the_case_approves(self, who: int) -> None:
        self.attempt(who, "closure-approval", NOTE)

    @while_status("closing")
    @rule(who=ANYBODY)
    def somebody_declines(self, who: str) -> None:
        self.attempt(who, "closure-refusal", {"reason": "too-early", "note": "Let us wait"})

    @precondition(lambda self: self.case.closure is not None)
    @rule()
    def time_for_the_approval_is_over(self) -> None:
        closure: Mapping[str, Any] = self.case.closure or {}
        event = ClosureStandInDue(
            case_ref=self.case.ref, at=self.case.now, closure_id=closure["id"]
        )
        self.story.append("the clock says that the time for the approval is over")
        with self.telling():
            self.stages.readers.runner.run(self.case.served.hear(event))
        self.look()

    @while_status("closed")
    @rule()
    def looks_back(self) -> None:
        self.attempt(0, "look-back", a_look_back(self.case.now))

    @while_status("closed")
    @rule()
    def file_is_archived(self) -> None:
        self.attempt(0, "archive")

    @while_status("closed", "archived")
    @rule(who=st.integers(0, 1), risk=RISKS)
    def case_comes_back(self, who: int, risk: str) -> None:
        body = {"reason": "She came to the office", "risk": risk}
        if (came_back := self.attempt(who, "reopening", body)) is None:
            return
        with self.telling():
            assert came_back["deadlines"], "it came back, and nobody owes it anything"

    @while_status("archived")
    @rule(years=st.sampled_from((1, 30)))
    def file_is_kept_longer(self, years: int) -> None:
        body = {"until": known.ahead(self.case.served, days=365 * years), "reason": "A court asks"}
        self.attempt(2, "retention", body)

    # More time.

    @precondition(lambda self: self._may_pause())
    @rule(number=CHANCE)
    def asks_for_a_pause(self, number: int) -> None:
        chance = Random(number)
        self._asks_for(chance.choice(self._may_pause()), "pause", chance)

    @precondition(lambda self: self.case.duties())
    @rule(number=CHANCE, kind=st.sampled_from(("extension", "pause", "waiver")))
    def asks_for_time(self, number: int, kind: str) -> None:
        chance = Random(number)
        if (duty := self.some_duty(chance)) is not None:
            self._asks_for(duty, kind, chance)

    @precondition(lambda self: self.case.rows("requests"))
    @rule(number=CHANCE, who=ANYBODY, end=st.sampled_from(("approval", "refusal")))
    def somebody_decides(self, number: int, who: str, end: str) -> None:
        asked = Random(number).choice(self.case.rows("requests"))
        self.attempt(who, f"/deadline-requests/{asked['id']}/{end}", NOTE)

    @precondition(lambda self: any("pause approved" in each["rule"] for each in self.case.duties()))
    @rule(number=CHANCE)
    def work_goes_on(self, number: int) -> None:
        paused = [each for each in self.case.duties() if "pause approved" in each["rule"]]
        self.attempt(0, f"/deadlines/{Random(number).choice(paused)['id']}/resumption", {})

    @precondition(lambda self: self.case.duties())
    @rule(number=CHANCE, who=st.integers(0, 2))
    def takes_it_up(self, number: int, who: int) -> None:
        duty = Random(number).choice(self.case.duties())
        self.attempt(who, f"/deadlines/{duty['id']}/acknowledgement")

    def _may_pause(self) -> list[Row]:
        now = self.case.now
        return [
            each
            for each in self.case.duties()
            if each["step"] == "plan-action" and datetime.fromisoformat(each["due_at"]) > now
        ]

    def _asks_for(self, duty: Row, kind: str, chance: Random) -> None:
        """Whoever asks tries to decide as well; mostly somebody else then does."""
        body: dict[str, str] = dict(WHY)
        length = timedelta(days=chance.choice((0.2, 3, 12, 30)))
        if kind == "extension":
            body["new_due"] = later(self.case, duty["due_at"], length)
        elif kind == "pause":
            body["until"] = (self.case.now + length).isoformat()
        who = chance.choice((0, 1))
        asked = self.attempt(who, f"/deadlines/{duty['id']}/{kind}-requests", body)
        if asked is None:
            return
        path = f"/deadline-requests/{asked['request_id']}"
        self.forbid(who, f"{path}/approval", NOTE)
        if chance.random() < 0.8:
            self.attempt(2 if who else 1, f"{path}/approval", NOTE)
