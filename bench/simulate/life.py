"""A generated life: what people do about a case, when, and how late, from referral to archive and back.

Everything goes through the rules of domain/; a refusal is counted and changes nothing. Steps that this page
does not know (another agency's pack) are simply done: the first fact that meets them happens.
"""

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from bench.simulate.more_time import MoreTime
from bench.simulate.record import Kept, Record
from contracts.events import Event
from domain import assessment, closure, follow_up, planning, registration
from domain.assessment import Findings, SafetyPlan
from domain.case import Case, change_risk
from domain.closure_grounds import Grounds
from domain.deadlines import Deadline, is_rise
from domain.disclosure import Viewer
from domain.errors import DomainError
from domain.follow_up import Track
from domain.planning import Action, ActionKind, Agreement, Goal
from domain.policy import Pack
from domain.reference import compose
from domain.registration import Registration
from domain.vocabulary import (
    Bearer,
    CaseStatus,
    Ground,
    Method,
    Person,
    Risk,
    Role,
    Source,
    SubjectType,
)

DAY = timedelta(days=1)
CAROL = Viewer("carol", "north", "team-a", frozenset({Role.CASEWORKER}))
SAM = Viewer("sam", "north", "team-a", frozenset({Role.SUPERVISOR}))
MARA = Viewer("mara", "north", "direction", frozenset({Role.MANAGER}))
_LEVELS = (Risk.LOW, Risk.MEDIUM, Risk.HIGH, Risk.IMMINENT)
_DANGER = (Risk.HIGH, Risk.IMMINENT)
_WEIGHTS = (40, 40, 15, 5)
_SMART = dict.fromkeys(planning.SMART, "said")
Tell = Callable[[list[Event]], None]
_TOLD = Grounds(
    Ground.MOVED_AWAY,
    discussed_with_child=True,
    discussed_with_family=True,
    how_to_come_back="By phone",
    no_transfer_because="No agency there",
)


class Life:
    """One case; `perform_next` is what people do next, at `next_at`."""

    def __init__(
        self, pack: Pack, begun: datetime, years: float, chance: Random, tell: Tell = lambda _: None
    ) -> None:
        self.chance = chance
        self.refusals: Counter[str] = Counter()
        self.ends = begun + timedelta(days=365.25 * years)
        self.record = Record(pack, self._identified(pack, begun), tell)
        self.more_time = MoreTime(self.record, chance, self._at, self._noted)
        self.tracks: dict[str, Track] = {}
        self.actions: dict[str, Action] = {}
        self.taken_up: set[UUID] = set()
        self._diary: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._number = 0
        self._now = begun
        self.do = {
            "registration": self.register,
            "initial-assessment": self.assess,
            "comprehensive-assessment": self.understand,
            "re-assessment": self.understand,
            "case-plan": self.plan,
            "plan-revision": self.plan,
            "plan-action": self.complete,
            "urgent-action": self.complete,
            "follow-up": self.follow_up,
            "review": self.review,
            "closure-request": self.ask_to_close,
            "closure-approval": self.decide(SAM),
            "closure-decision-of-stand-in": self.decide(MARA),
            "look-back": self.look_back,
            "archive": self.archive,
            "referral-acknowledgement": self.refer("referral.acknowledged"),
            "urgent-referral-acknowledgement": self.refer("referral.acknowledged"),
            "referral-answer": self.answer,
            "referral-first-service": self.serve,
            "referral-appointment": self.serve,
            "referral-confirmation": self.refer("referral.completed"),
        }
        self._noted(self.record.follow("case.identified", begun))
        for _ in range(1 + int(3 * years)):
            at = begun + chance.random() * (self.ends - begun)
            self._at(at, chance.choice((self.change_risk, self.ask_for_help, self.achieve_goals)))

    @property
    def case(self) -> Case:
        return self.record.case

    @property
    def next_at(self) -> datetime | None:
        return self._diary[0][0] if self._diary else None

    @property
    def is_over(self) -> bool:
        return self.case.status is CaseStatus.ARCHIVED and not self.record.standing

    def perform_next(self) -> None:
        at, _, wish = heapq.heappop(self._diary)
        self._now = at
        try:
            wish(at)
        except DomainError as refused:
            self.refusals[refused.code] += 1

    def hears_of(self, kept: Kept, now: datetime) -> None:
        """Whoever is told that a duty was missed takes it up, often; a late approval gets its stand-in."""
        self._now = now
        if kept.deadline.step == "closure-approval":
            self._at(now, self.pass_to_stand_in)
        if self.chance.random() < 0.6:
            at = now + self.chance.random() * 4 * DAY
            self._at(at, lambda then: self.record.acknowledge(kept.deadline.id, "sam", then))

    # The steps.

    def register(self, now: datetime, _: Deadline) -> None:
        people = Registration("carol", "sam", "team-a")
        self.record.case = registration.register(self.case, people, now)
        self._fact("case.registered", now)

    def assess(self, now: datetime, _: Deadline) -> None:
        safe = SafetyPlan(1, now + 7 * DAY)
        urgent = [now + DAY * self.chance.uniform(0.5, 5) for _ in range(self.chance.randint(0, 2))]
        self.record.case = assessment.assess_initially(
            self.case, self._some_risk(), True, safe, urgent, now
        )
        self._fact("initial-assessment.recorded", now)
        self._look_again(now)
        for due in urgent:
            self._agree_action(due, now, ActionKind.URGENT, "urgent-action.agreed")

    def understand(self, now: datetime, _: Deadline) -> None:
        found = Findings(self.chance.randint(1, 4), self.chance.randint(0, 3))
        self.record.case = assessment.assess_comprehensively(self.case, found, now)
        self._fact("comprehensive-assessment.recorded", now)

    def plan(self, now: datetime, _: Deadline) -> None:
        work = self.record.pack.calendar
        actions = [
            Action(
                self._id(),
                ActionKind.PLANNED,
                Bearer.CASEWORKER,
                now + DAY * self.chance.uniform(3, 120),
                ("need-1",),
            )
            for _ in range(self.chance.randint(1, 4))
        ]
        first = follow_up.next_due((), self.record.pack, self.case.risk, now, work.zone)
        tracks = [
            Track(self._id(), who, Method.HOME_VISIT, now, first)
            for who in (Person.CHILD, Person.SCHOOL)[: self.chance.randint(1, 2)]
        ]
        goal = Goal(_SMART, (now + 180 * DAY).date(), ("measured",))
        agreed = Agreement(frozenset({Person.CHILD, Person.MOTHER}))
        self.record.case = planning.agree(self.case, goal, actions, tracks, agreed, now, now.date())
        is_first = not self.tracks
        self.tracks = {key: replace(each, replaced=True) for key, each in self.tracks.items()}
        if not is_first:
            self._fact("plan.replaced", now)
        self._fact("plan.agreed", now)
        for action in actions:
            self.actions[str(action.id)] = action
            subject = (SubjectType.ACTION, str(action.id))
            self._fact("action.agreed", now, subject, agreed_due=action.due_at)
        for track in tracks:
            self.tracks[str(track.id)] = track
            subject = (SubjectType.FOLLOW_UP, str(track.id))
            self._fact("follow-up.agreed", now, subject, agreed_due=track.next_due)
        if is_first:
            self._owe_review(now)

    def complete(self, now: datetime, duty: Deadline) -> None:
        done = planning.complete(self.actions[duty.subject_id], (), now, now)
        self.actions[duty.subject_id] = done
        self._fact("action.completed", now, (duty.subject_type, duty.subject_id))

    def follow_up(self, now: datetime, duty: Deadline) -> None:
        track = self.tracks[duty.subject_id]
        zone = self.record.pack.calendar.zone
        occurred = max(track.agreed_at, now - self._written_up_after())
        goes_on = follow_up.record(track, occurred, self.record.pack, self.case.risk, now, zone)
        self.tracks[duty.subject_id] = goes_on
        subject = (SubjectType.FOLLOW_UP, duty.subject_id)
        self._fact("follow-up.recorded", now, subject, at=occurred)
        self._fact("follow-up.continued", now, subject, at=occurred, agreed_due=goes_on.next_due)
        if self.chance.random() < 0.03:
            self._fact("situation.worsened", now)

    def review(self, now: datetime, duty: Deadline) -> None:
        subject = (SubjectType.REVIEW, duty.subject_id)
        self._fact("review.held", now, subject)
        if self.case.status is CaseStatus.ACTIVE:
            self._owe_review(now)
            if self.chance.random() < 0.4:
                self._fact("review.adjusts-plan", now)

    def ask_to_close(self, now: datetime, _: Deadline | None = None) -> None:
        said = _TOLD
        if self.case.closure is not None and self.case.closure.settled_at is not None:
            said = replace(said, ground=Ground.GOALS_ACHIEVED)
        asked = closure.request(self.case, said, "carol", self._id(), self.record.pack, now)
        self.record.case = asked
        self._fact("closure.requested", now, self._closure())

    def decide(self, viewer: Viewer) -> Callable[[datetime, Deadline], None]:
        def decided(now: datetime, _: Deadline) -> None:
            subject = self._closure()
            if self.chance.random() < 0.25:
                self.record.case = closure.decline(self.case, viewer)[0]
                self._fact("closure.declined", now, subject)
                self._at(now + 60 * DAY, self.achieve_goals)
                return
            self.record.case = closure.approve(self.case, viewer, now)
            # About the whole case, as services.cases tells it: every duty ends.
            self._fact("case.closed", now, (SubjectType.CASE, subject[1]))

        return decided

    def look_back(self, now: datetime, duty: Deadline) -> None:
        self.record.case = closure.look_back(self.case, now, now)
        self._fact("look-back.recorded", now, (SubjectType.CLOSURE, duty.subject_id))

    def archive(self, now: datetime, duty: Deadline) -> None:
        subject = (SubjectType.CLOSURE, duty.subject_id)
        self.record.case = closure.archive(self.case)
        self._fact("case.archived", now, subject)
        if self.chance.random() < 0.3:
            self._at(now + DAY * self.chance.uniform(10, 300), self.reopen)

    def answer(self, now: datetime, duty: Deadline) -> None:
        subject = (duty.subject_type, duty.subject_id)
        self._fact("referral.accepted", now, subject)
        if self.chance.random() < 0.6:
            self._fact("referral.appointment-booked", now, subject)
            at = now + DAY * self.chance.uniform(2, 30)
            self._fact("referral.appointment-agreed", now, subject, agreed_due=at)

    def serve(self, now: datetime, duty: Deadline) -> None:
        self.refer("referral.service-given")(now, duty)

    def refer(self, fact: str) -> Callable[[datetime, Deadline], None]:
        def said(now: datetime, duty: Deadline) -> None:
            self._fact(fact, now, (duty.subject_type, duty.subject_id))

        return said

    # What happens besides.

    def change_risk(self, now: datetime, risk: Risk | None = None) -> None:
        before = self.case.risk
        self.record.case = change_risk(self.case, risk or self._some_risk())
        self._fact("risk.changed", now)
        self._look_again(now)
        if not is_rise(before, self.case.risk):
            return
        for key, track in self.tracks.items():
            zone = self.record.pack.calendar.zone
            quicker = follow_up.quicken(track, self.record.pack, self.case.risk, now, zone)
            if quicker != track:
                self.tracks[key] = quicker
                subject = (SubjectType.FOLLOW_UP, key)
                self._fact("follow-up.quickened", now, subject, agreed_due=quicker.next_due)

    def calm_down(self, now: datetime) -> None:
        """What is done helps, mostly: danger lasts for days or weeks, and is looked at again."""
        if self.case.risk in _DANGER:
            calmer = self.chance.random() < 0.8
            self.change_risk(now, _LEVELS[_LEVELS.index(self.case.risk) - 1] if calmer else None)

    def ask_for_help(self, now: datetime) -> None:
        if self.case.status is not CaseStatus.ACTIVE:
            return
        fact = self.chance.choice(("referral.requested", "referral.requested-urgently"))
        self._fact(fact, now, (SubjectType.REFERRAL, str(self._id())))

    def achieve_goals(self, now: datetime) -> None:
        self.record.case = closure.settle(self.case, self._id(), self.record.pack, now)
        self._fact("goals.achieved", now, self._closure())
        if self.chance.random() < 0.15:
            self._at(now + 10 * DAY, self.lose_gains)

    def lose_gains(self, now: datetime) -> None:
        self.record.case, lost = closure.lose_gains(self.case)
        self._fact("gains.lost", now, (SubjectType.CLOSURE, str(lost.id)))

    def reopen(self, now: datetime) -> None:
        self.record.case = closure.reopen(self.case, self._some_risk())
        self.tracks, self.actions = {}, {}
        self._fact("case.reopened", now)

    def pass_to_stand_in(self, now: datetime) -> None:
        passed = closure.pass_to_stand_in(self.case, now)
        if passed is not None:
            self.record.case = passed
            self._fact("closure.passed-to-stand-in", now, self._closure())

    # When, and what follows.

    def _fact(
        self,
        name: str,
        now: datetime,
        subject: tuple[SubjectType, str] | None = None,
        *,
        at: datetime | None = None,
        agreed_due: datetime | None = None,
    ) -> None:
        self._noted(self.record.follow(name, now, subject, at=at, agreed_due=agreed_due))

    def _noted(self, duties: list[Deadline]) -> None:
        for duty in duties:
            self._at(self._when(duty), lambda now, duty=duty: self._attend_to(duty, now))  # type: ignore[misc]
            self.more_time.maybe_needed(duty)

    def _attend_to(self, duty: Deadline, now: datetime) -> None:
        kept = self.record.kept[duty.id]
        if not kept.is_open:
            return
        step = self.do.get(duty.step)
        if step is not None:
            step(now, duty)
        else:
            rule = self.record.pack.steps[duty.step]
            self._fact(rule.met_by[0], now, (duty.subject_type, duty.subject_id))
        if kept.is_open:  # refused, or met by something else: tried again
            self._at(now + 3 * DAY, lambda then: self._attend_to(duty, then))

    def _when(self, duty: Deadline) -> datetime:
        """Mostly in time, often late, now and then very late, and sometimes to the very instant."""
        opens = next((each.at for each in duty.moments if each.name == "opened"), duty.anchored_at)
        span, kind = duty.due_at - opens, self.chance.random()
        if kind < 0.82:
            return opens + span * self.chance.uniform(0.1, 0.99)
        if kind < 0.85:
            return self.chance.choice(duty.moments).at
        if kind < 0.97:
            return duty.due_at + DAY * self.chance.uniform(0.01, 6)
        return duty.due_at + DAY * self.chance.uniform(6, 60)

    def _written_up_after(self) -> timedelta:
        return timedelta() if self.chance.random() < 0.8 else DAY * self.chance.uniform(0, 3)

    def _look_again(self, now: datetime) -> None:
        if self.case.risk in _DANGER:
            self._at(now + DAY * self.chance.uniform(4, 28), self.calm_down)

    def _owe_review(self, now: datetime) -> None:
        self._fact("review.owed", now, (SubjectType.REVIEW, str(self._id())))

    def _agree_action(self, due: datetime, now: datetime, kind: ActionKind, fact: str) -> None:
        action = Action(self._id(), kind, Bearer.CASEWORKER, due)
        self.actions[str(action.id)] = action
        self._fact(fact, now, (SubjectType.ACTION, str(action.id)), agreed_due=due)

    def _closure(self) -> tuple[SubjectType, str]:
        return SubjectType.CLOSURE, str(closure.of(self.case).id)

    def _some_risk(self) -> Risk:
        return self.chance.choices(_LEVELS, _WEIGHTS)[0]

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def _at(self, at: datetime, wish: Callable[[datetime], None]) -> None:
        self._number += 1
        heapq.heappush(self._diary, (max(at, self._now), self._number, wish))

    def _identified(self, pack: Pack, now: datetime) -> Case:
        ref = compose(self.chance.choice)
        some = [self.chance.choice(sorted(pack.criteria))]
        return registration.identify(ref, pack, "north", Source.SCHOOL, some, "rita", now)[0]
