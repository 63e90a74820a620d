"""Staff, their hours of work, and who is away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from domain.vocabulary import Role
from infrastructure.http import RequestBody
from infrastructure.paging import NextCursor
from services.agencies.schemas.words import Id, Name, Spans, Zone


class StaffEntry(RequestBody):
    name: Name
    team_id: Id | None = None
    roles: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
    active: bool = True


class StaffView(BaseModel):
    """`name` only for colleagues of the same agency."""

    staff_id: str
    agency_id: str
    name: str | None
    team_id: str | None
    roles: list[Role]
    active: bool


class StaffList(BaseModel):
    items: list[StaffView]
    next_cursor: NextCursor


class HoursEntry(RequestBody):
    """Spans of a week in local time, such as `mon.0900-1700`; without a zone, in the agency's."""

    zone: Zone | None = None
    spans: Spans


class HoursView(BaseModel):
    """No spans: nothing is known of her hours."""

    staff_id: str
    zone: str
    spans: list[str]


class AbsenceEntry(RequestBody):
    """Why somebody is away is nobody's business here. `until` is the first moment of being back."""

    from_at: Annotated[AwareDatetime, Field(alias="from")]
    until_at: Annotated[AwareDatetime, Field(alias="until")]
    stand_in_id: Id | None = None


class StandsInFor(BaseModel):
    """Somebody counts on whoever will be away herself."""

    staff_id: str
    from_at: Annotated[datetime, Field(serialization_alias="from")]
    until_at: Annotated[datetime, Field(serialization_alias="until")]


class AbsenceView(BaseModel):
    """`stands_in_for`: absences of others, at the same time, that name her as the stand-in."""

    absence_id: UUID
    staff_id: str
    from_at: Annotated[datetime, Field(serialization_alias="from")]
    until_at: Annotated[datetime, Field(serialization_alias="until")]
    stand_in_id: str | None
    ended_at: datetime | None
    stands_in_for: list[StandsInFor] = []


def absence_view(row: Mapping[str, Any]) -> AbsenceView:
    return AbsenceView(
        **{name: row[name] for name in AbsenceView.model_fields if name != "stands_in_for"}
    )


class AbsenceList(BaseModel):
    """`there_now`: whoever is there at this moment, herself or the end of the chain of stand-ins."""

    items: list[AbsenceView]
    next_cursor: NextCursor
    there_now: str | None
