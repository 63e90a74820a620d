"""Made-up lives of cases, as past facts to try packs on: python -m deploy.policy.example_facts > FILE

Every life is drawn from a seed, so the same seed writes the same file. Nobody in it has ever lived.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from contracts.past_facts import FactLine
from deploy.policy.facts_file import written
from domain.follow_up import RHYTHM
from domain.vocabulary import Risk, SubjectType
from infrastructure.policy_packs import PolicyPacks

SEED, CASES = 7, 40
_START = datetime(2026, 1, 5, 8, tzinfo=UTC)
_DAY = 24.0
_PACK = PolicyPacks.load().get("default@1")
_RISKS = (Risk.LOW, Risk.MEDIUM, Risk.MEDIUM, Risk.HIGH, Risk.HIGH, Risk.IMMINENT)
_RISES = 0.4  # of the medium risks turn out higher before anybody has looked
_EXTENDED = 0.2  # of the actions are given two weeks more
# Hours until somebody has looked, drawn by risk: least, usual, most.
_LOOKED = {
    Risk.IMMINENT: (1.0, 3.0, 14.0),
    Risk.HIGH: (1.0, 5.0, 20.0),
    Risk.MEDIUM: (2.0, 20.0, 44.0),
    Risk.LOW: (4.0, 24.0, 48.0),
}


@dataclass
class Life:
    """One case as it goes; every step moves `at` on."""

    case: str
    at: datetime
    chance: random.Random
    risk: Risk = Risk.UNKNOWN
    lines: list[FactLine] = field(default_factory=list)

    def later(self, least: float, usual: float, most: float) -> datetime:
        """Hours on, by a triangular chance; nobody records anything between 18 and 7 hours UTC."""
        self.at += timedelta(hours=round(self.chance.triangular(least, most, usual), 1))
        if not 7 <= self.at.hour < 18:  # noqa: PLR2004 - the hours of a working day
            self.at += timedelta(hours=13)
        return self.at

    def says(
        self,
        fact: str,
        subject: tuple[SubjectType, str] = (SubjectType.CASE, ""),
        agreed_due: datetime | None = None,
        owner: str | None = None,
        rhythm: str | None = None,
        step: str | None = None,
        granted: timedelta | None = None,
    ) -> None:
        self.lines.append(
            FactLine.model_validate(
                {
                    "case": self.case,
                    "fact": fact,
                    "at": self.at,
                    "risk": self.risk,
                    "subject_type": subject[0],
                    "subject_id": subject[1],
                    "agreed_due": agreed_due,
                    "rhythm": rhythm,
                    "step": step,
                    "granted": granted,
                    "policy": _PACK.id,
                    "owner": owner,
                }
            )
        )


def example_facts(seed: int = SEED, cases: int = CASES) -> list[FactLine]:
    """All lives, in the order in which their facts were recorded."""
    chance = random.Random(seed)  # noqa: S311 - made-up lives, no secrets
    lines = [line for number in range(1, cases + 1) for line in _life(f"example-{number}", chance)]
    return sorted(lines, key=lambda line: line.at)


def _life(case: str, chance: random.Random) -> list[FactLine]:
    life = Life(case, _START + timedelta(hours=round(chance.uniform(0, 120 * _DAY))), chance)
    life.later(0, 1, 10)
    life.says("case.identified")
    presumed = life.risk = chance.choice(_RISKS)
    life.later(1, 3, 24)
    life.says("case.registered")
    if presumed is Risk.MEDIUM and chance.random() < _RISES:
        life.later(1, 3, 8)
        presumed = life.risk = Risk.HIGH
        life.says("risk.changed")
    life.later(*_LOOKED[presumed])
    life.says("initial-assessment.recorded")
    life.later(3 * _DAY, 11 * _DAY, 18 * _DAY)
    life.says("comprehensive-assessment.recorded")
    life.later(2 * _DAY, 8 * _DAY, 17 * _DAY)
    life.says("plan.agreed")
    agreed = life.at
    for place in (*_action(life, agreed), *_follow_ups(life, agreed), *_referral(life, agreed)):
        life.lines.append(place)
    _review(life, agreed)
    if chance.random() < 0.5:  # noqa: PLR2004 - half of the cases reach their goals
        _closing(life)
    return life.lines


def _aside(life: Life, start: datetime) -> Life:
    """What goes on beside the case's own course, from `start`."""
    return Life(life.case, start, life.chance, life.risk)


def _action(life: Life, agreed: datetime) -> Iterator[FactLine]:
    aside = _aside(life, agreed)
    subject = (SubjectType.ACTION, f"{life.case}-action")
    aside.says("action.agreed", subject, agreed + timedelta(days=life.chance.randint(14, 40)))
    if life.chance.random() < _EXTENDED:
        aside.later(2 * _DAY, 4 * _DAY, 6 * _DAY)
        aside.says("deadline.extended", subject, step="plan-action", granted=timedelta(days=14))
    aside.later(6 * _DAY, 12 * _DAY, 30 * _DAY)
    aside.says("action.completed", subject)
    yield from aside.lines


def _follow_ups(life: Life, agreed: datetime) -> Iterator[FactLine]:
    """Dated by the pack's own rhythm; the plan sets none."""
    aside = _aside(life, agreed)
    every = {Risk.IMMINENT: 1, Risk.HIGH: 7, Risk.MEDIUM: 14, Risk.LOW: 30}[life.risk]
    subject = (SubjectType.FOLLOW_UP, f"{life.case}-follow-up")
    aside.says("follow-up.agreed", subject, _next(aside), rhythm=RHYTHM)
    for _ in range(3):
        aside.later(0.3 * every * _DAY, 0.7 * every * _DAY, 1.1 * every * _DAY)
        aside.says("follow-up.recorded", subject)
        aside.says("follow-up.continued", subject, _next(aside), rhythm=RHYTHM)
    aside.later(0, 1, 8)
    aside.says("plan.replaced", subject)  # by one without this follow-up
    yield from aside.lines


def _next(life: Life) -> datetime:
    return _PACK.rhythm(RHYTHM, life.risk).after(life.at, _PACK.calendar)


def _referral(life: Life, agreed: datetime) -> Iterator[FactLine]:
    aside = _aside(life, agreed)
    subject = (SubjectType.REFERRAL, f"{life.case}-referral")
    urgent = life.risk in (Risk.HIGH, Risk.IMMINENT)
    aside.says(
        "referral.requested-urgently" if urgent else "referral.requested",
        subject,
        owner="referrals",
    )
    for fact, hours in (
        ("referral.acknowledged", (0.3, 1.5, 5.0) if urgent else (1.0, 10.0, 40.0)),
        ("referral.accepted", (4.0, 40.0, 110.0)),
        ("referral.service-given", (2 * _DAY, 9 * _DAY, 20 * _DAY)),
        ("referral.completed", (_DAY, 4 * _DAY, 9 * _DAY)),
    ):
        aside.later(*hours)
        aside.says(fact, subject, owner="referrals")
    yield from aside.lines


def _review(life: Life, agreed: datetime) -> None:
    """The case's own course goes on from its first review."""
    life.at = agreed
    subject = (SubjectType.REVIEW, f"{life.case}-review-1")
    life.says("review.owed", subject, owner="reviews")
    life.later(60 * _DAY, 85 * _DAY, 100 * _DAY)
    life.says("review.held", subject, owner="reviews")


def _closing(life: Life) -> None:
    subject = (SubjectType.CLOSURE, f"{life.case}-closure")
    life.says("goals.achieved", subject)
    life.later(28 * _DAY, 36 * _DAY, 48 * _DAY)
    life.says("closure.requested", subject)
    life.later(_DAY, 4 * _DAY, 10 * _DAY)
    life.says("case.closed", (SubjectType.CASE, subject[1]))  # the whole case, by this closure
    life.later(70 * _DAY, 85 * _DAY, 100 * _DAY)
    life.says("look-back.recorded", subject)
    life.later(_DAY, 5 * _DAY, 12 * _DAY)
    life.says("case.archived", subject)


def main() -> None:
    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument("--seed", type=int, default=SEED)
    reader.add_argument("--cases", type=int, default=CASES)
    given = reader.parse_args()
    sys.stdout.write(written(example_facts(given.seed, given.cases)))


if __name__ == "__main__":
    main()
