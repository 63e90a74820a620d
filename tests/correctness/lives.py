"""The machine on Postgres: people, the clock, and what nobody may do."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from tests.correctness import forbidden
from tests.correctness.asking import CHANCE
from tests.correctness.lives_to_the_end import ToTheEnd
from tests.correctness.sound_record import Row
from tests.correctness.stages import NOTE, Stages, a_look_back
from tests.services.cases import conftest as known

WAITS = st.sampled_from((0.05, 0.5, 1, 2.5, 6, 12, 25, 40)).map(lambda days: timedelta(days=days))


@dataclass
class _Ahead:
    """What is still to be said of a duty, as its watch knows it."""

    duty: Row
    left: list[tuple[str, datetime]]

    @property
    def next_at(self) -> datetime | None:
        return self.left[0][1] if self.left else None

    def reached(self, now: datetime) -> tuple[str, datetime] | None:
        """The highest moment that has come; the lower ones are behind it."""
        come = [each for each in self.left if each[1] <= now]
        self.left = self.left[len(come) :]
        return come[-1] if come else None


def _ahead(duty: Row, said: set[str]) -> _Ahead:
    instants = _moments(duty)
    last = max((number for number, (name, _) in enumerate(instants) if name in said), default=-1)
    return _Ahead(duty, instants[last + 1 :])


def _moments(duty: Row) -> list[tuple[str, datetime]]:
    return [(each["name"], datetime.fromisoformat(each["at"])) for each in duty["moments"]]


class Life(ToTheEnd):
    """People ask for what they may and for what they may not; the clock goes on between."""

    @rule()
    def a_step_is_taken_as_it_should_be(self) -> None:
        """The straight way; a life of nothing else is the first of every stage, as Hypothesis begins so."""
        if self.case.status == "active" and (closure := self.case.closure):
            wait = datetime.fromisoformat(closure["settled_at"]) - self.case.now
            if wait > timedelta():
                return self.time_passes(wait)
        body = known.a_closure_request(ground="goals-achieved")
        match self.case.status:
            case "identified":
                self.registers()
            case "registered":
                self.assesses("medium")
            case "assessing":
                self.understands()
            case "planning":
                self.plans()
            case "active":
                self._carries_out(body)
            case "closing":
                asked = (self.case.closure or {})["requested_by"]
                self.attempt(2 if asked == self.team[1] else 1, "closure-approval", NOTE)
            case "closed":
                is_seen = (self.case.closure or {})["looked_back_at"]
                path, told = (
                    ("archive", None) if is_seen else ("look-back", a_look_back(self.case.now))
                )
                self.attempt(0, path, told)
            case "archived":
                self.case_comes_back(0, "high")
        return None

    @rule(number=CHANCE)
    def somebody_tries_what_is_forbidden(self, number: int) -> None:
        tries = list(forbidden.tries(self.case))
        for each in Random(number).sample(tries, min(3, len(tries))):
            self.forbid(*each)

    @rule(wait=WAITS)
    def time_passes(self, wait: timedelta) -> None:
        """Every moment is said as it comes; after an outage only the highest of those that have passed."""
        end, told = self.case.now + wait, self.case.said_of()
        ahead = [_ahead(duty, told.get(duty["id"], set())) for duty in self.case.duties()]
        while True:
            instants = [at for each in ahead if (at := each.next_at) is not None]
            if not instants or max(min(instants), self.case.now) > end:
                break
            self.case.served.clock.at = now = max(min(instants), self.case.now)
            for each in ahead:
                if moment := each.reached(now):
                    self.clock_says(each.duty, *moment)
        self.case.served.clock.at = end
        self.story.append(f"{end:%d %b %H:%M}")
        self.look()
        said = self.case.said_of()
        with self.telling():
            for duty in self.case.duties():
                is_ahead = datetime.fromisoformat(duty["due_at"]) >= end
                assert is_ahead or "due" in said[duty["id"]], f"{duty['step']}: unsaid"

    @rule(wait=WAITS)
    def time_passes_and_no_worker_is_there(self, wait: timedelta) -> None:
        self.case.served.clock.at += wait

    @precondition(lambda self: self.case.duties(standing=False))
    @rule(number=CHANCE)
    def clock_says_it_again(self, number: int) -> None:
        """Late, doubled, or of duties that have ended meanwhile."""
        chance, now = Random(number), self.case.now
        duties = self.case.duties(standing=False)
        for duty in chance.sample(duties, min(3, len(duties))):
            come = [each for each in _moments(duty) if each[1] <= now]
            if come:
                self.clock_says(duty, *chance.choice(come))
        self.look()

    @precondition(
        lambda self: any(each["state"] == "met" for each in self.case.duties(standing=False))
    )
    @rule(number=CHANCE)
    def clock_has_not_heard_that_it_was_done(self, number: int) -> None:
        """The watch of a duty done in time says that it is due."""
        met = [each for each in self.case.duties(standing=False) if each["state"] == "met"]
        duty = Random(number).choice(met)
        at = datetime.fromisoformat(duty["due_at"])
        if at > self.case.now:
            self.time_passes_and_no_worker_is_there(at - self.case.now)
        self.clock_says(duty, "due", at)
        self.look()

    def teardown(self) -> None:
        """Wherever it has come: what nobody may do is tried, of what is over nothing is said, the audit holds."""
        if not hasattr(self, "case") or self.has_failed:
            return
        tries = list(forbidden.tries(self.case))
        for each in Random(len(self.story)).sample(tries, min(4, len(tries))):
            self.forbid(*each)
        for duty in [each for each in self.case.rows("duties") if each["state"] == "met"][-2:]:
            self.clock_says(duty, "due", datetime.fromisoformat(duty["due_at"]))
        self.look()
        with self.telling():
            self.case.demand_whole_chain()

    def first_of_all(self) -> None:
        """Once at every stage, all that is forbidden there."""
        if not self.is_tried:
            for each in forbidden.tries(self.case):
                self.forbid(*each)
            type(self).is_tried = True

    def _carries_out(self, closing: Row) -> None:
        """A follow-up and a pause, and then the way to the end."""
        requests = self.case.rows("requests")
        tracks = self.case.rows("tracks")
        if tracks and all(each["last_at"] is None for each in tracks):
            body = known.a_finding(self.case.served)
            self.attempt(0, f"follow-ups/{tracks[-1]['id']}/records", body)
        elif self._may_pause() and not any(each["kind"] == "pause" for each in requests):
            self.asks_for_a_pause(0)
        elif self.case.closure:
            self.attempt(0, "closure-request", closing)
        else:
            self.attempt(0, "goals-achieved", NOTE)


def play(
    stages: Stages, stage: str, lives: int, steps: int, *, always_the_same: bool
) -> Counter[str]:
    """So many lives from a stage; raises what the first of them that fails raises, with its story."""
    counted: Counter[str] = Counter()
    machine = type(
        "LifeOnThisDatabase",
        (Life,),
        {"stages": stages, "stage": stage, "counted": counted, "is_tried": False},
    )
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            derandomize=always_the_same,
            database=None,
            # Its story is told; to look for a shorter one takes longer than to read it.
            phases=(Phase.explicit, Phase.generate),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return counted
