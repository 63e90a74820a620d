"""The tables every service carries beside its own: outbox, inbox, streams, audit, deadlines and their kin.

They name no schema: each connection's search_path leads to its service's own.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
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

NAMING = {
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}


@dataclass(frozen=True, slots=True)
class Spine:
    """The tables, for statements."""

    streams: Table
    outbox: Table
    inbox: Table
    parked_events: Table
    audit: Table
    idempotency: Table
    case_keys: Table
    deadlines: Table
    deadline_announcements: Table
    deadline_changes: Table


def spine_tables(metadata: MetaData) -> Spine:
    """Declares the tables on a service's metadata, so that its migrations can be compared with it."""
    return Spine(
        streams=_streams(metadata),
        outbox=_outbox(metadata),
        inbox=_inbox(metadata),
        parked_events=_parked_events(metadata),
        audit=_audit(metadata),
        idempotency=_idempotency(metadata),
        case_keys=_case_keys(metadata),
        deadlines=_deadlines(metadata),
        deadline_announcements=_deadline_announcements(metadata),
        deadline_changes=_deadline_changes(metadata),
    )


def _text(name: str, **options: Any) -> Column[Any]:
    return Column(name, Text, nullable=options.pop("nullable", False), **options)


def _maybe(name: str) -> Column[Any]:
    return Column(name, Text, nullable=True)


def _instant(name: str, **options: Any) -> Column[Any]:
    return Column(
        name, TIMESTAMP(timezone=True), nullable=options.pop("nullable", False), **options
    )


def _recorded(name: str) -> Column[Any]:
    """Wall time, for operators; never a case's own time."""
    return _instant(name, server_default=text("clock_timestamp()"))


def _streams(metadata: MetaData) -> Table:
    """One row a case (or agency): its lock orders everything said and audited about it."""
    return Table(
        "streams",
        metadata,
        _text("subject", primary_key=True),
        Column("sequence", BigInteger, nullable=False),
        Column("audit_sequence", BigInteger, nullable=False),
        Column("audit_head", LargeBinary, nullable=False),
    )


def _outbox(metadata: MetaData) -> Table:
    """Debezium's outbox columns, and what our own relay needs beside them."""
    return Table(
        "outbox",
        metadata,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("id", Uuid, nullable=False),
        _text("aggregatetype"),
        _text("aggregateid"),
        _text("type"),
        Column("payload", JSONB, nullable=False),
        _text("subject"),
        Column("sequence", BigInteger, nullable=False),
        _text("source"),
        _instant("time"),
        _maybe("traceparent"),
        _recorded("queued_at"),
    )


def _inbox(metadata: MetaData) -> Table:
    return Table(
        "inbox",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        _recorded("applied_at"),
    )


def _parked_events(metadata: MetaData) -> Table:
    """Records as they came, in order; `skipped_at` empty: still waiting."""
    return Table(
        "parked_events",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        _text("key"),
        Column("event_id", Uuid, nullable=True),
        _maybe("type"),
        _text("topic"),
        Column("partition", Integer, nullable=False),
        Column("offset", BigInteger, nullable=False),
        Column("record_key", LargeBinary, nullable=True),
        Column("header_names", ARRAY(Text), nullable=False),
        Column("header_values", ARRAY(LargeBinary), nullable=False),
        Column("body", LargeBinary, nullable=True),
        _text("reason"),
        _text("sentence"),
        _recorded("parked_at"),
        _instant("skipped_at", nullable=True),
        _maybe("skipped_by"),
        _maybe("skipped_because"),
        UniqueConstraint("topic", "partition", "offset"),
        Index("parked_events_key_idx", "key", "id", postgresql_where=text("skipped_at IS NULL")),
    )


def _audit(metadata: MetaData) -> Table:
    """Who read or wrote what: one hash chain a subject. Codes and ids only."""
    return Table(
        "audit",
        metadata,
        _text("subject", primary_key=True),
        Column("sequence", BigInteger, primary_key=True),
        _instant("at"),
        _text("staff_id"),
        _text("agency_id"),
        _text("roles"),
        _text("action"),
        _maybe("section"),
        _text("outcome"),
        Column("hash", LargeBinary, nullable=False),
    )


def _idempotency(metadata: MetaData) -> Table:
    """`status` empty: the first request with this key is still at work."""
    return Table(
        "idempotency",
        metadata,
        _text("viewer", primary_key=True),
        _text("key", primary_key=True),
        _text("route"),
        Column("body_hash", LargeBinary, nullable=False),
        Column("status", Integer, nullable=True),
        Column("body", LargeBinary, nullable=True),
        _recorded("created_at"),
    )


def _case_keys(metadata: MetaData) -> Table:
    """`wrapped` empty: destroyed, and with it everything that was sealed."""
    return Table(
        "case_keys",
        metadata,
        _text("subject", primary_key=True),
        _text("key_id"),
        Column("wrapped", LargeBinary, nullable=True),
        _instant("erased_at", nullable=True),
    )


def _deadlines(metadata: MetaData) -> Table:
    return Table(
        "deadlines",
        metadata,
        Column("id", Uuid, primary_key=True),
        _text("case_ref"),
        _text("subject_type"),
        _text("subject_id"),
        _text("step"),
        _text("agency_id"),
        _text("responsible"),
        _maybe("person_id"),
        _text("anchor"),
        Column("anchor_id", Uuid, nullable=False),
        _instant("anchored_at"),
        _text("rule"),
        _text("policy"),
        _text("calendar"),
        _instant("due_at"),
        Column("moments", JSONB, nullable=False),
        Column("version", Integer, nullable=False),
        _text("state"),
        _instant("settled_at", nullable=True),
        Column("successor_id", Uuid, nullable=True),
        _maybe("acknowledged_by"),
        _instant("acknowledged_at", nullable=True),
        Index("deadlines_case_ref_idx", "case_ref"),
        Index("deadlines_due_at_idx", "due_at", postgresql_where=text("state = 'open'")),
    )


def _deadline_announcements(metadata: MetaData) -> Table:
    """Unique per (deadline, version, moment): nothing is announced twice."""
    return Table(
        "deadline_announcements",
        metadata,
        Column("deadline_id", Uuid, ForeignKey("deadlines.id"), primary_key=True),
        Column("version", Integer, primary_key=True),
        _text("moment", primary_key=True),
        _text("outcome"),
        Column("event_id", Uuid, nullable=True),
        _instant("at"),
    )


def _deadline_changes(metadata: MetaData) -> Table:
    """Append-only: what became of a deadline, by whom and why, and when it had been due."""
    return Table(
        "deadline_changes",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("deadline_id", Uuid, ForeignKey("deadlines.id"), nullable=False, index=True),
        _text("change"),
        _instant("at"),
        _text("by"),
        _text("because"),
        _maybe("approved_by"),
        _instant("due_at"),
        _instant("new_due_at", nullable=True),
    )


SPINE = spine_tables(MetaData(naming_convention=NAMING))
