"""The service's own tables, beside the spine's."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

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
    Index("staff_known_agency_id_idx", "agency_id"),
)

AGENCIES = Table(
    "agencies_known",
    METADATA,
    Column("agency_id", Text, primary_key=True),
    Column("zone", Text, nullable=False),
    Column("as_of", _INSTANT, nullable=False),
)

NOTIFICATIONS = Table(
    "notifications",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("cause_id", Uuid, nullable=False),
    Column("case_ref", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("step_title", Text, nullable=False),
    Column("staff_id", Text, nullable=False),
    Column("agency_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("owner", Text, nullable=True),
    Column("deadline_id", Uuid, nullable=True),
    Column("due_at", _INSTANT, nullable=True),
    Column("meeting_at", _INSTANT, nullable=True),
    Column("requested_at", _INSTANT, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("ended_at", _INSTANT, nullable=True),
    Column("given_up_because", Text, nullable=True),
    Column("settled_at", _INSTANT, nullable=True),
    Column("acknowledged_by", Text, nullable=True),
    Column("acknowledged_at", _INSTANT, nullable=True),
    # One for each event and member of staff.
    UniqueConstraint("cause_id", "staff_id"),
    Index(
        "notifications_unacknowledged_idx",
        "staff_id",
        "id",
        postgresql_where=text("acknowledged_at IS NULL"),
    ),
    Index(
        "notifications_acknowledged_idx",
        "staff_id",
        "id",
        postgresql_where=text("acknowledged_at IS NOT NULL"),
    ),
    Index("notifications_deadline_id_idx", "deadline_id"),
)

RECIPIENTS = Table(
    "recipients",
    METADATA,
    Column("staff_id", Text, primary_key=True),
    Column("email", LargeBinary, nullable=False),  # sealed
    Column("language", Text, nullable=False),
    Column("set_at", _INSTANT, nullable=False),
    Column("set_by", Text, nullable=False),
)

# Announcements that overtook the word of their case: the topics are read side by side.
AWAITING = Table(
    "awaiting_case",
    METADATA,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("case_ref", Text, nullable=False, index=True),
    Column("cause_id", Uuid, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
)

# Somebody should have been told, and there is nobody.
FINDINGS = Table(
    "findings",
    METADATA,
    Column("cause_id", Uuid, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("case_ref", Text, nullable=False),
    Column("agency_id", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("found_at", _INSTANT, nullable=False),
)
