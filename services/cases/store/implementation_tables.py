"""The tables of what is done between plan and closure: codes and instants, the words among the narratives."""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from services.cases.store.tables import metadata


def _id() -> Column[Any]:
    return Column("id", Uuid, primary_key=True)


def _case_ref() -> Column[Any]:
    return Column("case_ref", Text, ForeignKey("cases.ref"), nullable=False)


def _text(name: str, nullable: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=nullable)


def _instant(name: str, nullable: bool = False) -> Column[Any]:
    return Column(name, TIMESTAMP(timezone=True), nullable=nullable)


# Append-only, as are readings and verifications.
supports = Table(
    "supports",
    metadata,
    _id(),
    _case_ref(),
    _text("kind"),
    _instant("occurred_at"),
    Column("with_whom", ARRAY(Text), nullable=False),
    _text("agency_id", nullable=True),
    Column("action_id", Uuid, ForeignKey("actions.id")),
    Column("referral_id", Uuid),
    _instant("recorded_at"),
    _text("recorded_by"),
    Index("supports_case_ref_idx", "case_ref", "occurred_at"),
)

# A measure that goes on in the next version of the plan keeps its id, and with it its readings.
goal_measures = Table(
    "goal_measures",
    metadata,
    Column("id", Uuid, nullable=False),
    Column("plan_version", Integer, nullable=False),
    _case_ref(),
    Column("place", Integer, nullable=False),
    Column("by", Date),
    PrimaryKeyConstraint("id", "plan_version"),
    Index("goal_measures_case_ref_idx", "case_ref", "plan_version"),
)

measure_readings = Table(
    "measure_readings",
    metadata,
    _id(),
    _case_ref(),
    Column("measure_id", Uuid, nullable=False),
    _instant("measured_at"),
    Column("reached", Boolean, nullable=False),
    _instant("recorded_at"),
    _text("recorded_by"),
    Index("measure_readings_case_ref_idx", "case_ref", "measured_at"),
)

open_questions = Table(
    "open_questions",
    metadata,
    _id(),
    _case_ref(),
    Column("place", Integer, nullable=False),
    _text("responsible_id"),
    _instant("due_at", nullable=True),
    _instant("asked_at"),
    _text("asked_by"),
    _instant("answered_at", nullable=True),
    _text("answered_by", nullable=True),
    Index("open_questions_case_ref_idx", "case_ref", "asked_at"),
)

statement_verifications = Table(
    "statement_verifications",
    metadata,
    _id(),
    _case_ref(),
    Column("statement_id", Uuid, nullable=False),
    _text("state"),
    _instant("recorded_at"),
    _text("recorded_by"),
    Index("statement_verifications_case_ref_idx", "case_ref", "recorded_at"),
)

unmet_needs = Table(
    "unmet_needs",
    metadata,
    _id(),
    _case_ref(),
    _text("need"),
    _text("area"),
    Column("plan_version", Integer, nullable=False),
    _instant("noted_at"),
    _text("noted_by"),
    _instant("met_at", nullable=True),
    _text("met_by", nullable=True),
    Column("referral_id", Uuid),
    Index("unmet_needs_case_ref_idx", "case_ref", "noted_at"),
)
