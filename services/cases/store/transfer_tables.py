"""The tables of transfers and of caseloads handed over: codes and instants; notes are sealed."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

from services.cases.store.tables import metadata

_INSTANT = TIMESTAMP(timezone=True)

transfers = Table(
    "transfers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_ref", Text, ForeignKey("cases.ref"), nullable=False),
    Column("from_agency_id", Text, nullable=False),
    Column("to_agency_id", Text, nullable=False),
    Column("to_team_id", Text),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", _INSTANT, nullable=False),
    Column("reason", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("policy_choice", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("answered_by", Text),
    Column("answered_at", _INSTANT),
    Column("answer", Text),
    # One question at a time: two acceptances can never compete for a case.
    Index(
        "transfers_pending_idx",
        "case_ref",
        unique=True,
        postgresql_where=text("state = 'requested'"),
    ),
    Index("transfers_to_agency_id_idx", "to_agency_id", "requested_at", "id"),
    Index("transfers_from_agency_id_idx", "from_agency_id", "requested_at", "id"),
)

handover_items = Table(
    "handover_items",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("transfer_id", Uuid, ForeignKey("transfers.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("due_at", _INSTANT),
    Column("note", LargeBinary),
    Column("ticked_by", Text),
    Column("ticked_at", _INSTANT),
    Index("handover_items_transfer_id_idx", "transfer_id"),
)

caseload_handovers = Table(
    "caseload_handovers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("staff_id", Text, nullable=False),
    Column("agency_id", Text, nullable=False),
    Column("handed_over_by", Text, nullable=False),
    Column("handed_over_at", _INSTANT, nullable=False),
    Column("manifest", JSONB, nullable=False),
    Index("caseload_handovers_staff_id_idx", "staff_id", "handed_over_at"),
)
