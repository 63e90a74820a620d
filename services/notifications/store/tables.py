"""The service's own tables, beside the spine's."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
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
    Column("risk", Text, nullable=False, server_default="unknown"),
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
    Column("case_ref", Text, nullable=True),  # empty: about an enquiry, which is about no child
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
    Column("stand_in_for", Text, nullable=True),
    Column("subject_id", Uuid, nullable=True),  # the review or meeting of an invitation
    Column("sequence", Integer, nullable=True),
    Column("channel", Text, nullable=True),
    Column("failed_channels", ARRAY(Text), nullable=False, server_default="{}"),
    Column("not_before", _INSTANT, nullable=True),
    Column("bounced_at", _INSTANT, nullable=True),
    # In wall time: whoever sends it now has it to itself until then.
    Column("leased_until", _INSTANT, nullable=True),
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
    Index("notifications_case_ref_idx", "case_ref", "id"),
    Index("notifications_digest_idx", "staff_id", postgresql_where=text("state = 'digest'")),
    Index("notifications_given_up_idx", "id", postgresql_where=text("state = 'given-up'")),
)

RECIPIENTS = Table(
    "recipients",
    METADATA,
    Column("staff_id", Text, primary_key=True),
    Column("email", LargeBinary, nullable=False),  # sealed
    Column("language", Text, nullable=False),
    Column("set_at", _INSTANT, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("phone", LargeBinary, nullable=True),  # sealed
    Column("email_bad_at", _INSTANT, nullable=True),
    Column("phone_bad_at", _INSTANT, nullable=True),
)

# How somebody wants to be told; without a row, by e-mail and at once.
PREFERENCES = Table(
    "preferences",
    METADATA,
    Column("staff_id", Text, primary_key=True),
    Column("channels", JSONB, nullable=False),
    Column("quiet", Text, nullable=False),
    Column("quiet_from", Integer, nullable=True),  # minutes of the day, in the zone
    Column("quiet_until", Integer, nullable=True),
    Column("digest_hour", Integer, nullable=True),
    Column("zone", Text, nullable=True),
    Column("acknowledge_by_link", Boolean, nullable=False),
    Column("considered_on", Date, nullable=True),  # the local day for which a digest was weighed
    Column("set_at", _INSTANT, nullable=False),
    Column("set_by", Text, nullable=False),
)

WORKING_HOURS = Table(
    "working_hours",
    METADATA,
    Column("staff_id", Text, primary_key=True),
    Column("zone", Text, nullable=False),
    Column("spans", ARRAY(Text), nullable=False),
    Column("as_of", _INSTANT, nullable=False),
)

ABSENCES = Table(
    "absences",
    METADATA,
    Column("absence_id", Uuid, primary_key=True),
    Column("staff_id", Text, nullable=False, index=True),
    Column("agency_id", Text, nullable=False),
    Column("from_at", _INSTANT, nullable=False),
    Column("until_at", _INSTANT, nullable=False),
    Column("stand_in_id", Text, nullable=True),
    Column("welcomed", Boolean, nullable=False, server_default="false"),
    Index("absences_unwelcomed_idx", "until_at", postgresql_where=text("NOT welcomed")),
)

# Meetings as they stand: who was invited, and how often the date was given (RFC 5545, SEQUENCE).
MEETINGS = Table(
    "meetings_known",
    METADATA,
    Column("subject_id", Uuid, primary_key=True),
    Column("case_ref", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("meeting_at", _INSTANT, nullable=False),
    Column("chair_id", Text, nullable=False),
    Column("invited", ARRAY(Text), nullable=False),
)

# One a recipient and day; `spacing` is after how many days an unchanged backlog is counted again.
DIGESTS = Table(
    "digests",
    METADATA,
    Column("staff_id", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("zone", Text, nullable=False),
    Column("fresh", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("overdue", Integer, nullable=False),
    Column("spacing", Integer, nullable=False),
    Column("away", Boolean, nullable=False),
    Column("made_at", _INSTANT, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("ended_at", _INSTANT, nullable=True),
    Column("given_up_because", Text, nullable=True),
    Column("leased_until", _INSTANT, nullable=True),
    Index("digests_waiting_idx", "made_at", postgresql_where=text("state = 'waiting'")),
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
    Column("case_ref", Text, nullable=True),
    Column("agency_id", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("found_at", _INSTANT, nullable=False),
)
