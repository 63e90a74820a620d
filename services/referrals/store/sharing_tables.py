"""The tables of what is shared: each sending, who has read it and when, links for providers without an account."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from services.referrals.store.tables import metadata

_Instant = TIMESTAMP(timezone=True)

shared_versions = Table(
    "shared_versions",
    metadata,
    Column("referral_id", Uuid, ForeignKey("referrals.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sent_at", _Instant, nullable=False),
    Column("sent_by", Text, nullable=False),
    Column("fields", ARRAY(Text), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("consent_given_by", Text, nullable=True),
    Column("consent_purpose", Text, nullable=True),
    Column("consent_recorded_at", _Instant, nullable=True),
    Column("consent_id", Uuid, nullable=True),
    Column("reviewed_at", _Instant, nullable=True),
    Column("reviewed_by", Text, nullable=True),
    Column("justified", Boolean, nullable=True),
)
readings = Table(
    "readings",
    metadata,
    Column("referral_id", Uuid, ForeignKey("referrals.id"), primary_key=True),
    Column("agency_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("first_at", _Instant, nullable=False),
    Column("last_at", _Instant, nullable=False),
)
provider_links = Table(
    "provider_links",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("referral_id", Uuid, ForeignKey("referrals.id"), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("agency_id", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("issued_at", _Instant, nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("expires_at", _Instant, nullable=False),
    Column("revoked_at", _Instant, nullable=True),
    Column("attempts", Integer, nullable=False),
    Column("locked_at", _Instant, nullable=True),
    Column("opened_at", _Instant, nullable=True),
    Column("code_digest", LargeBinary, nullable=False),
)
