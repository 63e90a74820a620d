"""The tables of capacity asked first: nothing in them says for whom."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Integer,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

from services.referrals.store.tables import metadata

_Instant = TIMESTAMP(timezone=True)

enquiries = Table(
    "enquiries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("need", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("age_band", Text, nullable=True),
    Column("language", Text, nullable=True),
    Column("urgent", Boolean, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("agency_id", Text, nullable=False, index=True),
    Column("asked_at", _Instant, nullable=False),
    Column("answer_by", _Instant, nullable=False),
)
enquiry_offers = Table(
    "enquiry_offers",
    metadata,
    Column("enquiry_id", Uuid, ForeignKey("enquiries.id"), primary_key=True),
    Column("offer_id", Text, primary_key=True),
    Column("agency_id", Text, nullable=False, index=True),
    Column("unfit", Text, nullable=True),  # why it was not asked
    Column("answer", Text, nullable=True),
    Column("places", Integer, nullable=True),
    Column("free_from", Date, nullable=True),
    Column("answered_at", _Instant, nullable=True),
    Column("answered_by", Text, nullable=True),
)
