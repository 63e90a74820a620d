"""The service's own tables, beside the spine's."""

from sqlalchemy import (
    Boolean,
    Column,
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
    # Reviews before the case was last reopened: the rhythm begins anew.
    Column("reviews_before", Integer, nullable=False, server_default="0"),
)

# Who has planned or recorded on a case, now or earlier: none of them chairs.
HANDS = Table(
    "case_hands",
    METADATA,
    Column("case_ref", Text, primary_key=True),
    Column("staff_id", Text, primary_key=True),
)

# Agencies that a referral was sent to, and how far it has come: asked, accepted, over.
HELPERS = Table(
    "case_helpers",
    METADATA,
    Column("referral_id", Uuid, primary_key=True),
    Column("agency_id", Text, primary_key=True),
    Column("case_ref", Text, nullable=False),
    Column("state", Text, nullable=False),
    Index("case_helpers_case_ref_idx", "case_ref"),
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
    Column("child_participation", Text, nullable=True),
    Column("attended", ARRAY(Text), nullable=True),
    Column("postponements", Integer, nullable=False, server_default="0"),
    Index("reviews_case_ref_number_key", "case_ref", "number", unique=True),
    # One review at a time stands on a case.
    Index("reviews_case_ref_idx", "case_ref", unique=True, postgresql_where=_STANDING),
    Index("reviews_chair_id_idx", "chair_id", postgresql_where=_STANDING),
)

# Append-only: every meeting of a review that was set, by whom.
REVIEW_MEETINGS = Table(
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

# Append-only: every time that a review was put off.
POSTPONEMENTS = Table(
    "review_postponements",
    METADATA,
    Column("review_id", Uuid, ForeignKey("reviews.id"), primary_key=True),
    Column("times", Integer, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("note", LargeBinary, nullable=True),  # sealed
    Column("before", _INSTANT, nullable=False),
    Column("after", _INSTANT, nullable=False),
    Column("postponed_at", _INSTANT, nullable=False),
    Column("postponed_by", Text, nullable=False),
)
