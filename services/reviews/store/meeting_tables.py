"""Tables of conferences and planning meetings, and of what reviews and meetings have alike."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from services.reviews.store.tables import METADATA

_INSTANT = TIMESTAMP(timezone=True)

MEETINGS = Table(
    "meetings",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("case_ref", Text, ForeignKey("cases_known.case_ref"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("called_by", Text, nullable=False),
    Column("called_at", _INSTANT, nullable=False),
    Column("chair_id", Text, nullable=False),
    Column("participants", ARRAY(Text), nullable=False),
    Column("meeting_at", _INSTANT, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("purpose", LargeBinary, nullable=False),  # sealed
    Column("held_at", _INSTANT, nullable=True),
    Column("child_took_part", Boolean, nullable=True),
    Column("child_participation", Text, nullable=True),
    Column("why_not", LargeBinary, nullable=True),  # sealed
    Column("minutes", LargeBinary, nullable=True),  # sealed
    Column("attended", ARRAY(Text), nullable=True),
    Index("meetings_case_ref_idx", "case_ref", "meeting_at"),
)

# Append-only: every date, leader and circle that a meeting had.
MEETING_CHANGES = Table(
    "meeting_changes",
    METADATA,
    Column("meeting_id", Uuid, ForeignKey("meetings.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("chair_id", Text, nullable=False),
    Column("participants", ARRAY(Text), nullable=False),
    Column("meeting_at", _INSTANT, nullable=False),
    Column("set_at", _INSTANT, nullable=False),
    Column("set_by", Text, nullable=False),
)

# What a review or a meeting decided: `taken_in` is the one or the other.
DECISIONS = Table(
    "decisions",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("case_ref", Text, ForeignKey("cases_known.case_ref"), nullable=False),
    Column("taken_in", Uuid, nullable=False),
    Column("chair_id", Text, nullable=True),
    Column("place", Integer, nullable=False),
    Column("text", LargeBinary, nullable=False),  # sealed
    Column("owner", Text, nullable=False),
    Column("owner_id", Text, nullable=True),
    Column("owner_agency_id", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("due_at", _INSTANT, nullable=True),
    Column("taken_at", _INSTANT, nullable=False),
    Column("carried_out_at", _INSTANT, nullable=True),
    Column("carried_out_by", Text, nullable=True),
    Index("decisions_taken_in_place_key", "taken_in", "place", unique=True),
    Index("decisions_owner_id_idx", "owner_id", postgresql_where=text("carried_out_at IS NULL")),
)

# What agencies are asked for before a review or a meeting: `asked_for` is the one or the other.
REPORTS = Table(
    "reports",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("case_ref", Text, ForeignKey("cases_known.case_ref"), nullable=False),
    Column("asked_for", Uuid, nullable=False),
    Column("agency_id", Text, nullable=False),
    Column("staff_id", Text, nullable=True),
    Column("due_at", _INSTANT, nullable=False),
    Column("asked_at", _INSTANT, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("dropped", Boolean, nullable=False),
    Column("received_at", _INSTANT, nullable=True),
    Column("received_by", Text, nullable=True),
    Column("text", LargeBinary, nullable=True),  # sealed
    Index("reports_asked_for_idx", "asked_for"),
    Index(
        "reports_agency_id_idx",
        "agency_id",
        postgresql_where=text("received_at IS NULL AND NOT dropped"),
    ),
)
