"""Tables: referrals with their attempts and sealed texts, and small copies of what other services announced."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from infrastructure.spine import NAMING, spine_tables

metadata = MetaData(naming_convention=NAMING)
spine = spine_tables(metadata)
_Instant = TIMESTAMP(timezone=True)

referrals = Table(
    "referrals",
    metadata,
    Column("id", Uuid, primary_key=True),
    # Lists go from the newest; ids of two processes do not sort by commit.
    Column("place", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("case_ref", Text, nullable=False, index=True),
    Column("need", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", _Instant, nullable=False, index=True),
    Column("consent_given_by", Text, nullable=True),
    Column("consent_purpose", Text, nullable=True),
    Column("consent_recorded_at", _Instant, nullable=True),
    Column("consent_id", Uuid, nullable=True),
    Column("state", Text, nullable=False),
    Column("detail", Text, nullable=True),
    Column("appointment_at", _Instant, nullable=True),
    Column("service_given_at", _Instant, nullable=True),
    Column("confirmed", Boolean, nullable=True),
    Column("confirmed_by", Text, nullable=True),
    Column("ended_at", _Instant, nullable=True),
    Column("ended_because", Text, nullable=True),
    Column("enquiry_id", Uuid, nullable=True),
    Column("shared_version", Integer, nullable=False, server_default="0"),
    Column("without_consent", Boolean, nullable=False, server_default="false"),
    Column("sharing_stopped_at", _Instant, nullable=True),
    Column("hold_until", _Instant, nullable=True),
    Column("missed", Integer, nullable=False, server_default="0"),
    Column("accompany", Text, nullable=True),
    Column("accompany_by", _Instant, nullable=True),
    Column("accompanied_by", Text, nullable=True),
)
attempts = Table(
    "attempts",
    metadata,
    Column("referral_id", Uuid, ForeignKey("referrals.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("offer_id", Text, nullable=False),
    Column("agency_id", Text, nullable=False),
    Column("asked_at", _Instant, nullable=False),
    Column("acknowledged_at", _Instant, nullable=True),
    Column("answered_at", _Instant, nullable=True),
    Column("rejected_because", Text, nullable=True),
    Index("attempts_agency_idx", "agency_id", "referral_id"),
)
# Sealed under the case's key; `summary` and `shared.*` are frozen at sending, `note.*` are written on the way.
texts = Table(
    "texts",
    metadata,
    Column("referral_id", Uuid, ForeignKey("referrals.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
# What became of a referral, in order: details inside a state are kept here, never overwritten.
history = Table(
    "history",
    metadata,
    Column("place", BigInteger, Identity(always=True), primary_key=True),
    Column("referral_id", Uuid, ForeignKey("referrals.id"), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", _Instant, nullable=False),
    Column("agency_id", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=True),
    Column("about_at", _Instant, nullable=True),
)
skips = Table(
    "skips",
    metadata,
    Column("referral_id", Uuid, ForeignKey("referrals.id"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("offer_id", Text, primary_key=True),
    Column("agency_id", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("at", _Instant, nullable=False),
)
cases_known = Table(
    "cases_known",
    metadata,
    Column("case_ref", Text, primary_key=True),
    Column("agency_id", Text, nullable=False),
    Column("team_id", Text, nullable=True),
    Column("caseworker_id", Text, nullable=False, index=True),
    Column("supervisor_id", Text, nullable=False, index=True),
    Column("policy", Text, nullable=False),
    Column("risk", Text, nullable=False),
    Column("closed", Boolean, nullable=False),
)
consents_known = Table(
    "consents_known",
    metadata,
    Column("consent_id", Uuid, primary_key=True),
    Column("case_ref", Text, nullable=False, index=True),
    Column("given_by", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("recorded_at", _Instant, nullable=False),
    Column("withdrawn_at", _Instant, nullable=True),
)
offers_known = Table(
    "offers_known",
    metadata,
    Column("offer_id", Text, primary_key=True),
    Column("agency_id", Text, nullable=False),
    Column("need", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("capacity", Integer, nullable=False),
)
pathways_known = Table(
    "pathways_known",
    metadata,
    Column("need", Text, primary_key=True),
    Column("area", Text, primary_key=True),
    Column("offers", ARRAY(Text), nullable=False),
    Column("providers", ARRAY(Text), nullable=False),
)
offer_terms_known = Table(
    "offer_terms_known",
    metadata,
    Column("offer_id", Text, primary_key=True),
    Column("areas", ARRAY(Text), nullable=False),
    Column("languages", ARRAY(Text), nullable=False),
    Column("youngest", Integer, nullable=True),
    Column("oldest", Integer, nullable=True),
    Column("waiting_days", Integer, nullable=True),
    Column("paused", Boolean, nullable=False),
)
agencies_known = Table(
    "agencies_known",
    metadata,
    Column("agency_id", Text, primary_key=True),
    Column("policy", Text, nullable=False),
)
plan_needs_known = Table(
    "plan_needs_known",
    metadata,
    Column("need_id", Uuid, primary_key=True),
    Column("case_ref", Text, nullable=False),
    Column("need", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("unmet_at", _Instant, nullable=False),
    Column("met_at", _Instant, nullable=True),
)
