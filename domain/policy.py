"""A policy pack: an agency's practice as a table of steps, limits, reminders and ladders.

Packs are read from YAML by infrastructure.policy_packs; the figures live there, never in code.
Source: practice.md, section 4.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain import calendars
from domain.calendars import WorkCalendar
from domain.errors import Malformed
from domain.vocabulary import Risk, Role, SubjectType

LIMIT_FORMS = (
    "N hours", "N days", "N weeks", "N months", "N working days", "as agreed",
)  # fmt: skip
LEAD_FORMS = ("N hours", "N days", "N weeks", "N months")
_LIMIT = re.compile(r"([0-9]{1,4}) (hour|day|week|month|working day)s?")


class Unit(StrEnum):
    """How a limit is counted."""

    HOURS = "hour"
    DAYS = "day"
    WEEKS = "week"
    MONTHS = "month"
    WORKING_DAYS = "working day"
    AS_AGREED = "as agreed"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take: a count of units, or the date that people agreed on."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Raises Malformed, naming the forms that are allowed."""
        if text == Unit.AS_AGREED:
            return cls(0, Unit.AS_AGREED)
        found = _LIMIT.fullmatch(text)
        if not found:
            raise Malformed(f"{text!r} is not a limit", allowed=LIMIT_FORMS)
        return cls(int(found[1]), Unit(found[2]))

    def after(self, start: datetime, work: WorkCalendar) -> datetime:
        """The instant (UTC) at which the limit ends; `as agreed` has none and raises Malformed."""
        match self.unit:
            case Unit.HOURS:
                return calendars.add_elapsed(start, timedelta(hours=self.count))
            case Unit.DAYS:
                return calendars.add_days(start, self.count, work.zone)
            case Unit.WEEKS:
                return calendars.add_days(start, 7 * self.count, work.zone)
            case Unit.MONTHS:
                return calendars.add_months(start, self.count, work.zone)
            case Unit.WORKING_DAYS:
                return calendars.add_working_days(start, self.count, work)
            case Unit.AS_AGREED:
                raise Malformed("A date agreed with people is needed.", field="due")

    def before(self, end: datetime, work: WorkCalendar) -> datetime:
        """The instant (UTC) this long before `end`; raises Malformed for what is not counted backwards."""
        match self.unit:
            case Unit.HOURS:
                return calendars.add_elapsed(end, -timedelta(hours=self.count))
            case Unit.DAYS:
                return calendars.add_days(end, -self.count, work.zone)
            case Unit.WEEKS:
                return calendars.add_days(end, -7 * self.count, work.zone)
            case Unit.MONTHS:
                return calendars.add_months(end, -self.count, work.zone)
            case Unit.WORKING_DAYS | Unit.AS_AGREED:
                raise Malformed(f"{str(self)!r} cannot be counted backwards.", allowed=LEAD_FORMS)

    def __str__(self) -> str:
        if self.unit is Unit.AS_AGREED:
            return str(self.unit)
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Reminder:
    """When somebody is reminded: at half of the time (`lead` is None), or so long before the end."""

    lead: Limit | None

    @classmethod
    def parse(cls, text: str) -> "Reminder":
        if text == "half":
            return cls(None)
        if text.endswith(" before"):
            lead = Limit.parse(text.removesuffix(" before"))
            if lead.unit in (Unit.HOURS, Unit.DAYS, Unit.WEEKS):
                return cls(lead)
        raise Malformed(
            f"{text!r} is not a reminder",
            allowed=("half", "N hours before", "N days before", "N weeks before"),
        )


@dataclass(frozen=True, slots=True)
class Rung:
    """Who is told, how long after the breach, unless somebody has acknowledged it."""

    role: Role
    after: Limit


@dataclass(frozen=True, slots=True)
class StepRule:
    """One row of the practice: what is owed, by whom, from when and within what time."""

    key: str
    title: str
    owner: str
    subject: SubjectType
    anchors: tuple[str, ...]
    met_by: tuple[str, ...]
    cancelled_by: tuple[str, ...]
    moved_by: tuple[str, ...]
    responsible: Role
    limits: Mapping[Risk, Limit]  # every risk has one
    opens: Limit | None
    reminders: tuple[Reminder, ...]
    ladder: tuple[Rung, ...]
    source: str
    pause_limit: Limit | None = None  # how long its clock may stand in all; None: never
    unless: tuple[str, ...] = ()  # marks of a fact by which it does not set the duty
    first_rounds: tuple[Limit, ...] = ()  # of what is frequent at first and then rarer

    def limit(self, risk: Risk, number: int = 0) -> Limit:
        """How long it may take; `number` counts the rounds of what comes again, from 1."""
        if 0 < number <= len(self.first_rounds):
            return self.first_rounds[number - 1]
        return self.limits[risk]


@dataclass(frozen=True, slots=True)
class Quorum:
    """Who must be at a meeting for its outcome to count; `attendance_needed`: who came is always recorded."""

    chair: bool
    of_case: int  # of caseworker and supervisor
    agencies: int  # the case's own and others
    attendance_needed: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """A reason to register a child, and the risk to presume until somebody has looked."""

    key: str
    title: str
    presumed_risk: Risk
    source: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A versioned practice; a case is pinned to one. `id` is `name@version`."""

    name: str
    version: int
    title: str
    calendar: WorkCalendar
    criteria: Mapping[str, Criterion]
    steps: Mapping[str, StepRule]
    periods: Mapping[str, Limit] = field(default_factory=dict)
    rhythms: Mapping[str, Mapping[Risk, Limit]] = field(default_factory=dict)
    figures: Mapping[str, int] = field(default_factory=dict)
    quorums: Mapping[str, Quorum] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.name}@{self.version}"

    def step(self, key: str) -> StepRule:
        try:
            return self.steps[key]
        except KeyError:
            raise Malformed(
                f"Unknown step {key!r}", field="step", allowed=sorted(self.steps)
            ) from None

    def period(self, key: str) -> Limit:
        """A named length of time such as `settling`; raises Malformed."""
        try:
            return self.periods[key]
        except KeyError:
            raise Malformed(
                f"The pack names no period {key!r}", allowed=sorted(self.periods)
            ) from None

    def rhythm(self, key: str, risk: Risk) -> Limit:
        """How often something is repeated at this risk, such as `follow-up`; raises Malformed."""
        try:
            return self.rhythms[key][risk]
        except KeyError:
            raise Malformed(
                f"The pack names no rhythm {key!r}", allowed=sorted(self.rhythms)
            ) from None
