"""What each of the seven grounds of closure demands before it may be asked for. Source: practice.md, step 7."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain import engagement
from domain.case import Case
from domain.errors import Malformed, Refusal
from domain.policy import Pack
from domain.vocabulary import CaseStatus, Ground, Risk

# What a young person who comes of age can count on from then on.
TRANSITION_PARTS = (
    "housing",
    "education_or_work",
    "income",
    "health",
    "contact_person",
    "documents",
)


class GainsNotSettled(Refusal):
    """A case with a plan closes for the better only after a period that shows the gains hold."""

    code = "gains-not-settled"


class GroundNotShown(Malformed):
    """This ground needs its own evidence."""

    code = "ground-not-shown"


class NotDiscussed(Malformed):
    """A closure is discussed with child and family, or the record says why not."""

    code = "closure-not-discussed"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is said for closing, as far as rules look at it: `transition_plan` names the parts that are told.

    `engagement` are the attempts on the record, `transfer_answered` whether a transfer on it was declined,
    withdrawn or accepted; instants are UTC, dates those of the agency's zone.
    """

    ground: Ground
    discussed_with_child: bool
    discussed_with_family: bool
    not_discussed_because: str = ""
    how_to_come_back: str = ""
    engagement: tuple[datetime, ...] = ()
    transfer_answered: bool = False
    no_transfer_because: str = ""
    came_of_age_on: date | None = None
    transition_plan: frozenset[str] = frozenset()
    died_on: date | None = None
    suspected: bool | None = None  # whether abuse or neglect is known or suspected


@dataclass(frozen=True, slots=True)
class Asked:
    """A ground with the case it is said of."""

    said: Grounds
    case: Case
    pack: Pack
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.pack.calendar.zone)).date()


def demand(said: Grounds, case: Case, pack: Pack, now: datetime) -> None:
    """Raises GainsNotSettled, GroundNotShown or NotDiscussed, naming the field that lacks something."""
    asked = Asked(said, case, pack, now)
    for shown in DEMANDS[said.ground]:
        shown(asked)


def gains_settled(asked: Asked) -> None:
    closure = asked.case.closure
    if closure is None or closure.settled_at is None:
        raise GainsNotSettled("Record first that the goals are achieved.")
    if asked.now < closure.settled_at:
        raise GainsNotSettled(f"The gains will have settled on {closure.settled_at.isoformat()}.")


def gains_settled_where_planned(asked: Asked) -> None:
    """Where no plan is under way there are no gains that could be lost."""
    if asked.case.status is CaseStatus.ACTIVE:
        gains_settled(asked)


def risk_low(asked: Asked) -> None:
    if asked.case.risk is not Risk.LOW:
        raise GroundNotShown(
            f"The case stands at {asked.case.risk} risk.", field="ground", allowed=[Risk.LOW.value]
        )


def transfer_offered(asked: Asked) -> None:
    said = asked.said
    if not said.transfer_answered and not said.no_transfer_because.strip():
        raise GroundNotShown(
            "Offer a transfer and await its answer, or say why none was possible.",
            field="no_transfer_because",
            allowed=["a transfer that was answered", "the reason why none was possible"],
        )


def came_of_age(asked: Asked) -> None:
    reached = asked.said.came_of_age_on
    if reached is None or reached > asked.today:
        raise GroundNotShown(
            "Say on which day the young person came of age.",
            field="came_of_age_on",
            allowed=[f"a date until {asked.today.isoformat()}"],
        )


def transition_planned(asked: Asked) -> None:
    for part in TRANSITION_PARTS:
        if part not in asked.said.transition_plan:
            raise GroundNotShown(
                "Coming of age needs a transition plan, each part of it told.",
                field=f"transition_plan.{part}",
                allowed=TRANSITION_PARTS,
            )


def death_dated(asked: Asked) -> None:
    died = asked.said.died_on
    if died is None or died > asked.today:
        raise GroundNotShown(
            "Say on which day the child died.",
            field="died_on",
            allowed=[f"a date until {asked.today.isoformat()}"],
        )


def suspicion_answered(asked: Asked) -> None:
    """Those who learn from cases must know; nobody is left to guess."""
    if asked.said.suspected is None:
        raise GroundNotShown(
            "Say whether abuse or neglect is known or suspected.",
            field="abuse_or_neglect_suspected",
            allowed=["true", "false"],
        )


def engaged_seriously(asked: Asked) -> None:
    if not engagement.is_serious(asked.said.engagement, asked.pack):
        raise GroundNotShown(
            "Record how the family was reached out to.",
            field="engagement_attempts",
            allowed=[engagement.demanded(asked.pack)],
        )


def discussed(asked: Asked) -> None:
    if not asked.said.discussed_with_child:
        _demand_reason(asked.said)
    discussed_with_family(asked)


def discussed_with_family(asked: Asked) -> None:
    if not asked.said.discussed_with_family:
        _demand_reason(asked.said)


def way_back_told(asked: Asked) -> None:
    if not asked.said.how_to_come_back.strip():
        raise GroundNotShown("Say how the family was told to come back.", field="how_to_come_back")


def _demand_reason(said: Grounds) -> None:
    if not said.not_discussed_because.strip():
        raise NotDiscussed(field="not_discussed_because")


DEMANDS: Mapping[Ground, tuple[Callable[[Asked], None], ...]] = {
    Ground.GOALS_ACHIEVED: (gains_settled, discussed, way_back_told),
    Ground.NO_LONGER_AT_RISK: (risk_low, gains_settled_where_planned, discussed, way_back_told),
    Ground.FAMILY_ABLE: (gains_settled_where_planned, discussed, way_back_told),
    Ground.MOVED_AWAY: (transfer_offered, discussed, way_back_told),
    Ground.CAME_OF_AGE: (came_of_age, transition_planned, discussed, way_back_told),
    Ground.DIED: (death_dated, suspicion_answered, discussed_with_family),
    Ground.REFUSES: (engaged_seriously, discussed, way_back_told),
}
