"""The form of a policy pack's file; pack.schema.json is generated from it, for editors and for agencies."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
)

from domain.vocabulary import Risk, Role, SubjectType

SCHEMA_FILE = Path(__file__).with_name("pack.schema.json")

_LENGTH = r"[0-9]{1,4} (hour|day|week|month|working day)s?"
# What a limit or reminder says is checked by the domain, whose sentence names the forms allowed.
LimitText = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": rf"^({_LENGTH}|as agreed)$"})
]
LengthText = Annotated[str, WithJsonSchema({"type": "string", "pattern": rf"^{_LENGTH}$"})]
ReminderText = Annotated[
    str,
    WithJsonSchema({"type": "string", "pattern": r"^(half|[0-9]{1,4} (hour|day|week)s? before)$"}),
]
KEY = r"^[a-z0-9][a-z0-9-]{0,62}$"
FACT = r"^[a-z][a-z-]*\.[a-z][a-z-]*$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
Key = Annotated[str, StringConstraints(pattern=KEY)]
FactName = Annotated[str, StringConstraints(pattern=FACT)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Day = Annotated[str, StringConstraints(pattern=DAY)]


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ByRisk(Table):
    """A length for every level of risk; none may be left out."""

    imminent: LengthText
    high: LengthText
    medium: LengthText
    low: LengthText
    unknown: LengthText

    def rows(self) -> dict[Risk, str]:
        return {risk: getattr(self, risk.value) for risk in Risk}


def _form(given: Any) -> str:
    return "by-risk" if isinstance(given, dict | ByRisk) else "alike"


Within = Annotated[
    Annotated[LimitText, Tag("alike")] | Annotated[ByRisk, Tag("by-risk")],
    Discriminator(_form),
]


class Calendar(Table):
    """Which days count as working days, in which time zone."""

    zone: str = Field(description="IANA time zone, such as Africa/Kampala")
    weekend: list[
        Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    ]
    holidays: str = Field(
        description="none, or a country, or a country and its part, as ISO 3166 has it: DE, DE-BE"
    )
    closed: list[Day] = Field([], description="Further days on which nobody works")
    source: Sentence


class Criterion(Table):
    """A reason to register a child, and the risk presumed until somebody has looked."""

    title: Sentence
    presumed_risk: Risk
    source: Sentence


class Length(Table):
    """A named length of time that is not a duty by itself."""

    within: LengthText
    source: Sentence


class Figure(Table):
    """A named number that is not a length of time."""

    count: Annotated[int, Field(ge=0, le=100_000)]
    source: Sentence


class Quorum(Table):
    """Who must be at a meeting for its outcome to count."""

    chair: bool = Field(description="Whether the chair must be there")
    of_case: Annotated[int, Field(ge=0, le=2)] = Field(
        description="How many of the case's caseworker and supervisor"
    )
    agencies: Annotated[int, Field(ge=0, le=20)] = Field(
        description="How many agencies, the case's own among them"
    )
    attendance_needed: bool = Field(
        False, description="Whether an outcome is refused that does not say who was there"
    )
    source: Sentence


class Rhythm(Table):
    """How often something is repeated, by risk."""

    within: ByRisk
    source: Sentence


class Rung(Table):
    """Who is told, and how long after the breach."""

    role: Role
    after: LengthText


class Ladder(Table):
    """Who is told in turn when a duty is missed and nobody acknowledges it."""

    rungs: Annotated[list[Rung], Field(min_length=1)]
    source: Sentence


class Step(Table):
    """One row of the practice: what is owed, by whom, from when and within what time."""

    title: Sentence
    owner: Literal["cases", "referrals", "reviews"]
    subject: SubjectType
    anchors: Annotated[list[FactName], Field(min_length=1)]
    met_by: Annotated[list[FactName], Field(min_length=1)]
    unless: list[Key] = Field(
        [], description="What a closing fact may say so that it does not set the duty: its ground"
    )
    cancelled_by: list[FactName] = []
    moved_by: list[FactName] = []
    responsible: Role
    opens: LengthText | None = None
    within: Within
    first_rounds: list[LengthText] = Field(
        [], description="Other times for the first, second, … round of what comes again"
    )
    reminders: list[ReminderText] = []
    ladder: Key
    may_pause: bool = False
    pause_limit: LengthText | None = Field(None, description="How long it may be paused in all")
    source: Sentence


class PackFile(Table):
    """The practice of an agency, as data; `pack` and `version` name it."""

    pack: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")]
    version: Annotated[int, Field(ge=1, le=999_999)]
    title: Sentence
    calendar: Calendar
    criteria: dict[Key, Criterion]
    rhythms: dict[Key, Rhythm] = {}
    periods: dict[Key, Length] = {}
    figures: dict[Key, Figure] = {}
    quorums: dict[Key, Quorum] = {}
    ladders: dict[Key, Ladder]
    steps: dict[Key, Step]


def schema_text() -> str:
    """The JSON Schema as it is committed."""
    schema = PackFile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
