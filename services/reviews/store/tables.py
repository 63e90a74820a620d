"""The service's own tables, beside the spine's."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from infrastructure.spine import NAMING, spine_tables

METADATA = MetaData(naming_convention=NAMING)
SPINE = spine_tables(METADATA)
_INSTANT = TIMESTAMP(timezone=True)

CASES = Table(
    "cases_known",
    METADATA,
    Column("case_ref", Text, primary_key=True),
    Column("agency_id", Text, nullable=False),
    Column("team_id", Text, nullable=True),
    Column("caseworker_id", Text, nullable=True),
    Column("supervisor_id", Text, nullable=True),
    Column("policy", Text, nullable=False),
    Column("risk", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
)

STAFF = Table(
    "staff_known",
    METADATA,
    Column("staff_id", Text, primary_key=True),
    Column("agency_id", Text, nullable=False),
    Column("team_id", Text, nullable=True),
    Column("roles", ARRAY(Text), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("as_of", _INSTANT, nullable=False),
)

_STANDING = text("state IN ('scheduled', 'convened')")
REVIEWS = Table(
    "reviews",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("case_ref", Text, ForeignKey("cases_known.case_ref"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("policy", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("scheduled_at", _INSTANT, nullable=False),
    Column("due_at", _INSTANT, nullable=False),
    Column("convene_at", _INSTANT, nullable=False),
    Column("chair_sought", Boolean, nullable=False),
    Column("chair_id", Text, nullable=True),
    Column("participants", ARRAY(Text), nullable=False),
    Column("meeting_at", _INSTANT, nullable=True),
    Column("outcome", Text, nullable=True),
    Column("held_at", _INSTANT, nullable=True),
    Column("child_took_part", Boolean, nullable=True),
    Column("why_not", LargeBinary, nullable=True),  # sealed
    Column("minutes", LargeBinary, nullable=True),  # sealed
    Index("reviews_case_ref_number_key", "case_ref", "number", unique=True),
    # One review at a time stands on a case.
    Index("reviews_case_ref_idx", "case_ref", unique=True, postgresql_where=_STANDING),
    Index("reviews_chair_id_idx", "chair_id", postgresql_where=_STANDING),
)

DECISIONS = Table(
    "review_decisions",
    METADATA,
    Column("review_id", Uuid, ForeignKey("reviews.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("text", LargeBinary, nullable=False),  # sealed
    Column("owner", Text, nullable=False),
    Column("due", Date, nullable=False),
)

# Append-only: every meeting that was set, by whom.
MEETINGS = Table(
    "review_meetings",
    METADATA,
    Column("review_id", Uuid, ForeignKey("reviews.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("chair_id", Text, nullable=False),
    Column("participants", ARRAY(Text), nullable=False),
    Column("meeting_at", _INSTANT, nullable=False),
    Column("set_at", _INSTANT, nullable=False),
    Column("set_by", Text, nullable=False),
)
