"""The directory's own tables. A member of staff's name is sealed; agencies, offers and places are public."""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

from infrastructure.spine import NAMING, spine_tables

metadata = MetaData(naming_convention=NAMING)
spine = spine_tables(metadata)


def _text(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False)


def _maybe(name: str) -> Column[Any]:
    return Column(name, Text, nullable=True)


def _texts(name: str) -> Column[Any]:
    return Column(name, ARRAY(Text), nullable=False)


def _figure(name: str) -> Column[Any]:
    return Column(name, Integer, nullable=True)


def _of_agency(**options: Any) -> Column[Any]:
    return Column("agency_id", Text, ForeignKey("agencies.agency_id"), nullable=False, **options)


agencies = Table(
    "agencies",
    metadata,
    Column("agency_id", Text, primary_key=True),
    _text("name"),
    _text("zone"),
    _text("policy"),
    Column("hsds_id", Uuid, nullable=False, unique=True),
    _maybe("description"),
    _maybe("phone"),
    _maybe("email"),
    _maybe("url"),
)
teams = Table(
    "teams",
    metadata,
    Column("agency_id", Text, ForeignKey("agencies.agency_id"), primary_key=True),
    Column("team_id", Text, primary_key=True),
    _text("name"),
    _maybe("lead_id"),
)
staff = Table(
    "staff",
    metadata,
    Column("staff_id", Text, primary_key=True),
    _of_agency(index=True),
    Column("sealed_name", LargeBinary, nullable=False),
    _maybe("team_id"),
    _texts("roles"),
    Column("active", Boolean, nullable=False),
)
working_hours = Table(
    "working_hours",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.staff_id"), primary_key=True),
    _text("zone"),
    _texts("spans"),
)
absences = Table(
    "absences",
    metadata,
    Column("absence_id", Uuid, primary_key=True),
    _of_agency(),
    Column("staff_id", Text, ForeignKey("staff.staff_id"), nullable=False, index=True),
    Column("from_at", TIMESTAMP(timezone=True), nullable=False),
    Column("until_at", TIMESTAMP(timezone=True), nullable=False),
    _maybe("stand_in_id"),
    _text("recorded_by"),
    Column("ended_at", TIMESTAMP(timezone=True), nullable=True),
    Index("absences_agency_id_until_at_idx", "agency_id", "until_at"),
)
offers = Table(
    "offers",
    metadata,
    Column("offer_id", Text, primary_key=True),
    _of_agency(index=True),
    _text("need"),
    _text("area"),
    Column("capacity", Integer, nullable=False),
    _text("title"),
    Column("hsds_id", Uuid, nullable=False, unique=True),
    _texts("areas"),
    _texts("languages"),
    _figure("youngest"),
    _figure("oldest"),
    _figure("waiting_days"),
    Column("paused", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    _maybe("description"),
    _maybe("eligibility"),
    _maybe("phone"),
    _maybe("email"),
    _maybe("url"),
    _texts("opening"),
    _texts("places"),
    Index("offers_need_offer_id_idx", "need", "offer_id"),
)
places = Table(
    "places",
    metadata,
    Column("agency_id", Text, ForeignKey("agencies.agency_id"), primary_key=True),
    Column("place_id", Text, primary_key=True),
    Column("hsds_id", Uuid, nullable=False),
    _text("kind"),
    _maybe("name"),
    _maybe("url"),
    Column("latitude", Double, nullable=True),
    Column("longitude", Double, nullable=True),
    Column("address", JSONB, nullable=True),
    UniqueConstraint("agency_id", "hsds_id"),
)
pathways = Table(
    "pathways",
    metadata,
    Column("need", Text, primary_key=True),
    Column("area", Text, primary_key=True),
    _texts("offers"),
    _texts("providers"),
    # Events of one pathway keep one key, whoever changes it, so that they stay in order.
    _text("published_by"),
)
