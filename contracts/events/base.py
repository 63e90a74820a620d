"""What every event is: ids, codes and instants, each field with its classification.

An event never carries a person's name, a narrative or a contact detail (design.md, Events). The types below
are the only ones a field may have; tests/contracts holds every event to that, and `PublicName` to one event.
"""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from domain.vocabulary import CASE_REF_PATTERN, CODE_PATTERN, PACK_PATTERN


def classified(kind: str) -> object:
    """Marks a field in its JSON Schema as `id`, `code`, `instant`, `count`, `flag` or `public-name`."""
    return Field(json_schema_extra={"x-classification": kind})


CaseRef = Annotated[
    str,
    StringConstraints(pattern=CASE_REF_PATTERN),
    Field(json_schema_extra={"x-classification": "id"}),
]
ShortId = Annotated[
    str,
    StringConstraints(pattern=CODE_PATTERN),
    Field(json_schema_extra={"x-classification": "id"}),
]
Id = Annotated[UUID, Field(json_schema_extra={"x-classification": "id"})]
SubjectId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$"),
    Field(json_schema_extra={"x-classification": "id"}),
]
Code = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$"),
    Field(json_schema_extra={"x-classification": "code"}),
]
PackId = Annotated[
    str,
    StringConstraints(pattern=PACK_PATTERN),
    Field(json_schema_extra={"x-classification": "code"}),
]
Zone = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_+\-/0-9]{1,64}$"),
    Field(json_schema_extra={"x-classification": "code"}),
]
Instant = Annotated[AwareDatetime, Field(json_schema_extra={"x-classification": "instant"})]
Count = Annotated[int, Field(ge=0, json_schema_extra={"x-classification": "count"})]
Flag = Annotated[bool, Field(json_schema_extra={"x-classification": "flag"})]
# What an organisation calls itself in public, in one line; never a person's name (docs/decisions, 375).
PublicName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$"),
    Field(json_schema_extra={"x-classification": "public-name"}),
]


class Event(BaseModel):
    """One fact; `topic` is empty for deadline events, which travel in their owner's topic."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: ClassVar[str] = ""
    topic: ClassVar[str] = ""

    @property
    def key(self) -> str:
        """What orders it on the bus: the case, or for the directory the agency."""
        raise NotImplementedError

    @property
    def subject(self) -> str:
        return self.key

    @property
    def happened_at(self) -> datetime:
        """When it became true, UTC."""
        at: datetime = self.at  # type: ignore[attr-defined]
        return at


class CaseEvent(Event):
    """A fact about one case; `at` is when it became true (UTC)."""

    case_ref: CaseRef
    at: Instant

    @property
    def key(self) -> str:
        return self.case_ref


class AgencyEvent(Event):
    """A fact about one agency's directory entry; `at` is when it became true (UTC)."""

    agency_id: ShortId
    at: Instant

    @property
    def key(self) -> str:
        return self.agency_id
