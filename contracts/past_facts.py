"""One line of a file of past facts, on which a policy pack is tried: codes and instants, nothing personal."""

from datetime import timedelta
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from domain.vocabulary import CODE_PATTERN, PACK_PATTERN, Risk, SubjectType

CaseName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$")]
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*\.[a-z][a-z-]*$")]
GRANTED = ("deadline.extended", "deadline.paused", "deadline.resumed")
WAIVED = "deadline.waived"


class FactLine(BaseModel):
    """A fact as deadlines see it; lines stand in the order in which the facts were recorded."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    case: CaseName = Field(description="The case's reference, or any pseudonym that it keeps")
    fact: FactName = Field(description="As packs name it, such as case.registered")
    at: AwareDatetime = Field(description="When it became true, with its zone")
    risk: Risk | None = Field(
        None,
        description="The risk then; without it, the last that a line about the whole case has said",
    )
    subject_type: SubjectType = SubjectType.CASE
    subject_id: Annotated[str, StringConstraints(max_length=64)] = Field(
        "", description="Which action, follow-up, referral or review; empty for the whole case"
    )
    agreed_due: AwareDatetime | None = Field(None, description="The date agreed with people")
    rhythm: Annotated[str, StringConstraints(pattern=CODE_PATTERN)] | None = Field(
        None,
        description="The rhythm of the pack that proposed this date, such as follow-up; under another "
        "pack it is that pack's",
    )
    marks: tuple[Annotated[str, StringConstraints(pattern=CODE_PATTERN)], ...] = Field(
        (), description="Codes that packs look at, such as the ground of a closure"
    )
    step: Annotated[str, StringConstraints(pattern=CODE_PATTERN)] | None = Field(
        None,
        description="Of deadline.extended, deadline.paused, deadline.resumed and deadline.waived, and "
        "needed there: the step whose duty it was",
    )
    granted: timedelta | None = Field(
        None,
        description="How much later the duty fell due by that, less than nothing where a pause ended "
        "early; of all of these but deadline.waived, and needed there",
    )
    policy: Annotated[str, StringConstraints(pattern=PACK_PATTERN)] | None = Field(
        None, description="The pack that the case was pinned to then, as name@version"
    )
    owner: Literal["cases", "referrals", "reviews"] | None = Field(
        None, description="The service whose duties it bears on; without it, every service's"
    )
    id: UUID | None = Field(
        None, description="The fact's id; without it, one is made from the rest"
    )

    @model_validator(mode="after")
    def _grants_wholly(self) -> Self:
        if (self.step is not None) != (self.fact in (*GRANTED, WAIVED)):
            raise ValueError(
                f"step belongs to {', '.join((*GRANTED, WAIVED))}, and is needed there"
            )
        if (self.granted is not None) != (self.fact in GRANTED):
            raise ValueError(f"granted belongs to {', '.join(GRANTED)}, and is needed there")
        return self


class FactPage(BaseModel):
    """Lines in the order of their recording, and the cursor of what follows."""

    items: list[FactLine]
    next_cursor: str | None = None
