"""Whatever people do in whatever order, under every pack that ships: what must hold of a case, holds.

In memory, over the rules of domain/ and the record that the simulator plays on; test_lifecycle_on_postgres
does the same with the real commands.
"""

from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from bench.simulate.life import CAROL, MARA, SAM, Life
from bench.simulate.play import FIRST, packs
from bench.simulate.record import Kept
from bench.simulate.watchers import Watchers
from contracts.events.timekeeping import DeadlineMomentReached
from domain import closure, extending
from domain.announcing import AnnouncementKind
from domain.case import IN_WORK
from domain.deadlines import Deadline
from domain.disclosure import Viewer
from domain.errors import DomainError
from domain.extending import Kind, Request, Why
from domain.vocabulary import CaseStatus, DeadlineState, SubjectType

WAITS = st.floats(0.01, 40).map(lambda days: timedelta(days=days))
OPENING = ("registration", "initial-assessment", "comprehensive-assessment", "case-plan")
PEOPLE = st.sampled_from([CAROL, SAM, MARA])
LIVED_BY = (SubjectType.CASE, SubjectType.FOLLOW_UP, SubjectType.REVIEW, SubjectType.CLOSURE)


class Lifecycle(RuleBasedStateMachine):
    """People do what is owed or what is not, well or badly; the clock goes on between."""

    @initialize(
        number=st.integers(0, 2**32), which=st.sampled_from(packs()), done=st.integers(0, 8)
    )
    def begin(self, number: int, which, done: int) -> None:
        """A case that has come through its first `done` steps: up to its plan, and then to its end."""
        self.chance = Random(number)
        self.now = FIRST + timedelta(days=number % 1000)
        self.watchers = Watchers(self.now, hear=self.hear)
        # Years of nothing planned: what happens is for the machine to choose.
        self.life = Life(which, self.now, 1e-9, self.chance, self.watchers.tell)
        self.record = self.life.record
        self.before = list(self.record.history)
        for step in OPENING[:done]:
            owed = self.owed(step)
            self.now += timedelta(hours=1)
            self.watchers.now = self.now
            self.life.do[step](self.now, owed.deadline)
        to_the_end = (self.goals_are_achieved, self._asks_to_close, self._closes, self._archives)
        for wish in to_the_end[: max(0, done - 4)]:
            self.time_passes(timedelta(days=45))
            wish()

    def owed(self, step: str) -> Kept:
        found = [each for each in self.record.standing if each.deadline.step == step]
        assert found, f"{step} is not owed"
        return found[0]

    def hear(self, event: DeadlineMomentReached, now) -> None:
        self.record.reached(event, now)

    def attempt(self, wish) -> bool:
        """Whether it was done; a rule may refuse, and then nothing has changed."""
        case, standing = self.record.case, [each.deadline for each in self.record.standing]
        self.watchers.now = self.now
        try:
            wish()
        except DomainError:
            assert self.record.case == case
            assert [each.deadline for each in self.record.standing] == standing
            return False
        return True

    @rule(wait=WAITS)
    def time_passes(self, wait: timedelta) -> None:
        end = self.now + wait
        while (at := self.watchers.next_moment()) is not None and at <= end:
            self.watchers.go_on(at)
        self.now = self.watchers.now = end

    @precondition(lambda self: self.record.standing)
    @rule(choice=st.randoms(use_true_random=False))
    def something_owed_is_done(self, choice: Random) -> None:
        kept = choice.choice(self.record.standing)
        step = self.life.do.get(kept.deadline.step)
        if step is None or kept.deadline.step.startswith("closure-"):
            return
        self.attempt(lambda: step(self.now, kept.deadline))

    @rule()
    def risk_changes(self) -> None:
        done = self.attempt(lambda: self.life.change_risk(self.now))
        assert not done or self.record.case.status in IN_WORK, "a step of a case at its end"

    @rule()
    def help_is_asked_for(self) -> None:
        self.attempt(lambda: self.life.ask_for_help(self.now))

    @rule()
    def goals_are_achieved(self) -> None:
        self.attempt(lambda: self.life.achieve_goals(self.now))

    @precondition(lambda self: self.record.case.closure is not None)
    @rule()
    def gains_are_lost(self) -> None:
        self.attempt(lambda: self.life.lose_gains(self.now))

    @rule(who=PEOPLE)
    def closure_is_asked_for(self, who: Viewer) -> None:
        """And whoever asks tries to decide as well."""
        if self.attempt(lambda: self._asks_to_close(who)):
            assert not self.attempt(lambda: self._closes(who)), "closed by who asked"

    @precondition(lambda self: self.record.case.status is CaseStatus.CLOSING)
    @rule()
    def time_for_the_approval_is_over(self) -> None:
        self.attempt(lambda: self.life.pass_to_stand_in(self.now))

    @precondition(lambda self: self.record.case.status is CaseStatus.CLOSING)
    @rule(who=PEOPLE)
    def somebody_approves(self, who: Viewer) -> None:
        self.attempt(lambda: self._closes(who))

    @precondition(lambda self: self.record.case.status is CaseStatus.CLOSING)
    @rule(who=PEOPLE)
    def somebody_declines(self, who: Viewer) -> None:
        def decline() -> None:
            before = self.record.case
            self.record.case, lost = closure.decline(before, who)
            self.life._fact("closure.declined", self.now, (SubjectType.CLOSURE, str(lost.id)))

        self.attempt(decline)

    @precondition(lambda self: self.record.case.status not in IN_WORK)
    @rule()
    def case_comes_back(self) -> None:
        self.attempt(lambda: self.life.reopen(self.now))

    @precondition(lambda self: self.record.standing)
    @rule(choice=st.randoms(use_true_random=False))
    def somebody_takes_it_up(self, choice: Random) -> None:
        kept = choice.choice(self.record.standing)
        self.attempt(lambda: self.record.acknowledge(kept.deadline.id, "sam", self.now))

    @precondition(lambda self: self.record.standing)
    @rule(choice=st.randoms(use_true_random=False), kind=st.sampled_from(Kind))
    def somebody_asks_for_time(self, choice: Random, kind: Kind) -> None:
        self._asks_for_time(choice.choice(self.record.standing).deadline, kind)

    @precondition(lambda self: self.may_pause())
    @rule(choice=st.randoms(use_true_random=False))
    def somebody_asks_for_a_pause(self, choice: Random) -> None:
        duty = choice.choice(self.may_pause())
        self._asks_for_time(duty, Kind.PAUSE)

    @precondition(lambda self: self.record.standing)
    @rule(who=PEOPLE, kind=st.sampled_from(Kind), approved=st.booleans())
    def whoever_asks_wants_to_decide(self, who: Viewer, kind: Kind, approved: bool) -> None:
        duty = self.record.standing[0].deadline
        asked = Request(
            UUID(int=1), duty.id, duty.case_ref, kind, Why.OTHER, who.staff_id, self.now
        )
        with pytest.raises(extending.ApprovedByRequester):
            extending.decide(asked, who.staff_id, self.now, approved=approved)

    @precondition(lambda self: any(each.deadline.version > 1 for each in self.record.standing))
    @rule(choice=st.randoms(use_true_random=False))
    def work_goes_on(self, choice: Random) -> None:
        granted = self.life.more_time.granted
        paused = [each for each in self.record.standing if each.deadline.id in granted]
        if paused:
            duty = choice.choice(paused).deadline
            self.attempt(lambda: self.life.more_time.go_on(duty.id, self.now))

    @rule()
    def worker_starts_again(self) -> None:
        self.watchers.begin_afresh()

    @precondition(lambda self: len(self.record.kept) > len(self.record.standing))
    @rule(choice=st.randoms(use_true_random=False))
    def clock_has_not_heard_that_it_is_over(self, choice: Random) -> None:
        """Of a duty that has ended nothing is said, whatever its watch believes."""
        ended = choice.choice([each for each in self.record.kept.values() if not each.is_open])
        event = DeadlineMomentReached(
            case_ref=self.record.case.ref,
            at=ended.deadline.due_at,
            deadline_id=ended.deadline.id,
            version=ended.deadline.version,
            owner=ended.owner,
            moment="due",
        )
        assert self.record.reached(event, self.now) is None

    @invariant()
    def closed_only_with_approval_by_another(self) -> None:
        if self.record.case.status in (CaseStatus.CLOSED, CaseStatus.ARCHIVED):
            ended = closure.of(self.record.case)
            assert ended.decided_by not in (None, ended.requested_by)

    @invariant()
    def every_case_in_work_owes_something(self) -> None:
        if self.record.case.status in IN_WORK:
            assert self.record.standing
            owed = {each.deadline.subject_id for each in self.record.standing}
            lines = {key for key, track in self.life.tracks.items() if not track.replaced}
            assert lines <= owed, "a line of follow-ups has no next one"

    @invariant()
    def what_a_case_lives_by_is_not_let_go(self) -> None:
        for kept in self.record.kept.values():
            is_waived = kept.deadline.state is DeadlineState.WAIVED
            assert not is_waived or kept.deadline.subject_type not in LIVED_BY

    @invariant()
    def nothing_met_in_time_was_missed_and_nothing_is_said_twice(self) -> None:
        for kept in self.record.kept.values():
            kinds = [kind for kind, *_ in kept.announced]
            names = [moment for _, moment, _ in kept.announced]
            assert len(names) == len(set(names))
            assert kinds.count(AnnouncementKind.MISSED) <= 1
            late = kept.known_at >= kept.deadline.due_at or kept.settled_known_at is None
            if kept.deadline.state is DeadlineState.MET and not late:
                in_time = kept.settled_known_at <= kept.deadline.due_at
                assert not (in_time and AnnouncementKind.MISSED in kinds)

    @invariant()
    def every_breach_that_has_come_was_said(self) -> None:
        for kept in self.record.standing:
            if kept.deadline.due_at < self.now:
                assert "due" in kept.said

    @invariant()
    def history_only_grows(self) -> None:
        assert self.record.history[: len(self.before)] == self.before
        self.before = list(self.record.history)

    # How a case is brought to its end, and gets more time.

    def may_pause(self) -> list[Deadline]:
        steps = self.record.pack.steps
        duties = [each.deadline for each in self.record.standing]
        return [each for each in duties if steps[each.step].pause_limit and each.due_at > self.now]

    def _asks_for_time(self, duty: Deadline, kind: Kind) -> None:
        granted = self.life.more_time.granted
        before = set(granted)
        self.attempt(lambda: self.life.more_time.ask(duty.id, kind, self.now))
        for found in set(granted) - before:
            asked, *earlier = granted[found]
            after = self.record.kept[found].deadline
            assert asked.until is not None
            if kind is Kind.EXTENSION:
                assert after.due_at == asked.until
                continue
            assert after.due_at - duty.due_at == asked.until - self.now
            if earlier and earlier[0].kind is Kind.PAUSE:
                assert earlier[0].until is not None
                assert earlier[0].until <= self.now, "days of two pauses count twice"

    def _asks_to_close(self, who: Viewer = CAROL) -> None:
        self.life.ask_to_close(self.now)
        asked = replace(closure.of(self.record.case), requested_by=who.staff_id)
        self.record.case = replace(self.record.case, closure=asked)

    def _closes(self, who: Viewer = SAM) -> None:
        asked = self.record.case.closure
        self.record.case = closure.approve(self.record.case, who, self.now)
        assert asked is not None
        assert asked.requested_by != who.staff_id
        self.life._fact("case.closed", self.now, (SubjectType.CASE, str(asked.id)))

    def _archives(self) -> None:
        for step in ("look-back", "archive"):
            owed = self.owed(step)
            self.life.do[step](self.now, owed.deadline)


ORDINARY = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,  # the same lives every time
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
Lifecycle.TestCase.settings = ORDINARY
test_lifecycle = Lifecycle.TestCase
