"""What other services owe and have under way on a case, as their events say it: codes and instants only."""

from sqlalchemy import Column, Index, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import TIMESTAMP

from services.cases.store.tables import metadata

_INSTANT = TIMESTAMP(timezone=True)

duties_elsewhere = Table(
    "duties_elsewhere",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_ref", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("subject_type", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("agency_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("person_id", Text),
    Column("anchor", Text, nullable=False),
    Column("anchored_at", _INSTANT, nullable=False),
    Column("policy", Text, nullable=False),
    Column("due_at", _INSTANT, nullable=False),
    Column("state", Text, nullable=False),
    Column("settled_at", _INSTANT),
    Column("successor_id", Uuid),
    Index("duties_elsewhere_case_ref_idx", "case_ref", "due_at"),
)

under_way_elsewhere = Table(
    "under_way_elsewhere",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_ref", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", _INSTANT, nullable=False),
    Column("agency_id", Text),
    Column("need", Text),
    Column("meets_at", _INSTANT),
    Column("ended_at", _INSTANT),
    Index("under_way_elsewhere_case_ref_idx", "case_ref", "since"),
)
