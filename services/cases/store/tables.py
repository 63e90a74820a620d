"""The tables of a case: codes and instants in the open, everything personal or narrative sealed."""

from typing import Any

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
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

from infrastructure.spine import NAMING, spine_tables

metadata = MetaData(naming_convention=NAMING)
spine = spine_tables(metadata)


def _text(name: str, **options: Any) -> Column[Any]:
    return Column(name, Text, nullable=False, **options)


def _maybe(name: str) -> Column[Any]:
    return Column(name, Text, nullable=True)


def _texts(name: str) -> Column[Any]:
    return Column(name, ARRAY(Text), nullable=False)


def _instant(name: str) -> Column[Any]:
    return Column(name, TIMESTAMP(timezone=True), nullable=False)


def _maybe_instant(name: str) -> Column[Any]:
    return Column(name, TIMESTAMP(timezone=True), nullable=True)


def _count(name: str) -> Column[Any]:
    return Column(name, Integer, nullable=False)


def _sealed(name: str, nullable: bool = True) -> Column[Any]:
    return Column(name, LargeBinary, nullable=nullable)


def _case_ref() -> Column[Any]:
    return Column("case_ref", Text, ForeignKey("cases.ref"), nullable=False)


cases = Table(
    "cases",
    metadata,
    _text("ref", primary_key=True),
    _text("agency_id"),
    _maybe("team_id"),
    _maybe("caseworker_id"),
    _maybe("supervisor_id"),
    _maybe("referrer_id"),
    _text("status"),
    _text("risk"),
    _text("policy"),
    _text("source"),
    _texts("criteria"),
    _instant("identified_at"),
    _maybe_instant("registered_at"),
    _maybe_instant("assessed_at"),
    _count("needs"),
    _count("risks"),
    _count("causes"),
    _count("plan_version"),
    _count("times_reopened"),
    _texts("reviewers"),
    Column("closure_id", Uuid, nullable=True),
    _sealed("identity"),
    _sealed("concerns"),
    _sealed("expectations"),
    _maybe_instant("erased_at"),
    _maybe("joined_to"),
    Index("cases_joined_to_idx", "joined_to", postgresql_where=text("joined_to IS NOT NULL")),
    Index("cases_caseworker_id_idx", "caseworker_id", "identified_at", "ref"),
    Index("cases_agency_id_idx", "agency_id", "identified_at", "ref"),
)

closures = Table(
    "closures",
    metadata,
    Column("id", Uuid, primary_key=True),
    _case_ref(),
    _text("state"),
    _maybe_instant("settled_at"),
    _maybe("ground"),
    _maybe("requested_by"),
    _maybe_instant("requested_at"),
    _maybe("status_before"),
    _maybe_instant("passed_to_stand_in_at"),
    _maybe("decided_by"),
    _maybe_instant("closed_at"),
    _maybe_instant("looked_back_at"),
    _maybe_instant("erase_at"),
    Index("closures_case_ref_idx", "case_ref"),
    Index("closures_erase_at_idx", "erase_at", postgresql_where=text("erase_at IS NOT NULL")),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Uuid, primary_key=True),
    _case_ref(),
    _text("given_by"),
    _text("purpose"),
    _text("how"),
    _instant("recorded_at"),
    _text("recorded_by"),
    _maybe_instant("until"),
    _maybe_instant("withdrawn_at"),
    _maybe_instant("given_at"),
    Index("consents_case_ref_idx", "case_ref"),
)

actions = Table(
    "actions",
    metadata,
    Column("id", Uuid, primary_key=True),
    _case_ref(),
    _text("kind"),
    _count("place"),
    _text("responsible"),
    _instant("due_at"),
    _texts("answers"),
    Column("consents_needed", JSONB, nullable=False),
    _text("state"),
    _maybe_instant("started_at"),
    _maybe_instant("done_at"),
    _sealed("title", nullable=False),
    Column("plan_version", Integer, nullable=True),  # of a planned one
    Index("actions_case_ref_idx", "case_ref"),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("id", Uuid, primary_key=True),
    _case_ref(),
    _count("place"),
    _text("with_whom"),
    _text("method"),
    _instant("agreed_at"),
    _instant("next_due"),
    Column("rhythm", JSONB, nullable=False),
    _maybe_instant("last_at"),
    Column("replaced", Boolean, nullable=False),
    Column("plan_version", Integer, nullable=True),
    Index("follow_ups_case_ref_idx", "case_ref"),
)

narratives = Table(
    "narratives",
    metadata,
    Column("id", Uuid, primary_key=True),
    _case_ref(),
    _text("section"),
    _text("kind"),
    _text("subject_id"),
    _instant("recorded_at"),
    _text("recorded_by"),
    _sealed("content", nullable=False),
    Index("narratives_case_ref_idx", "case_ref"),
)

# Append-only: what happened, when, and who recorded it.
facts = Table(
    "facts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place", BigInteger, Identity(always=True), nullable=False),
    _case_ref(),
    _text("name"),
    _text("section"),
    _instant("at"),
    _instant("recorded_at"),
    _text("recorded_by"),
    _text("subject_type"),
    _text("subject_id"),
    Column("codes", JSONB, nullable=False),
    Index("facts_case_ref_idx", "case_ref", "place"),
)

# Copies of the directory, from the events of the agencies service.
agencies = Table(
    "agencies",
    metadata,
    _text("agency_id", primary_key=True),
    _text("zone"),
    _text("policy"),
)

agency_names = Table(
    "agency_names",
    metadata,
    _text("agency_id", primary_key=True),
    _text("name"),
    Column("sequence", BigInteger, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    _text("staff_id", primary_key=True),
    _text("agency_id"),
    _maybe("team_id"),
    _texts("roles"),
    Column("active", Boolean, nullable=False),
    Index("staff_agency_id_idx", "agency_id"),
)

absences = Table(
    "absences",
    metadata,
    Column("absence_id", Uuid, primary_key=True),
    _text("staff_id"),
    _text("agency_id"),
    _instant("from_at"),
    _instant("until_at"),
    _maybe("stand_in_id"),
    Index("absences_agency_id_idx", "agency_id", "until_at"),
)
