"""Archived files with an end, erasures asked for and decided, and what other services owe on a case."""

from alembic import context, op

revision = "cases_0006"
down_revision = "cases_0005"

_OWN = (
    """ALTER TABLE {schema}.cases ADD COLUMN erased_at timestamptz""",
    """ALTER TABLE {schema}.closures ADD COLUMN erase_at timestamptz""",
    """CREATE INDEX closures_erase_at_idx ON {schema}.closures (erase_at) WHERE erase_at IS NOT NULL""",
    """CREATE TABLE {schema}.erasures (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    basis text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    state text NOT NULL,
    decided_by text,
    decided_at timestamptz,
    reason text,
    CONSTRAINT erasures_pkey PRIMARY KEY (id),
    CONSTRAINT erasures_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    # One question at a time, as with transfers.
    """CREATE UNIQUE INDEX erasures_pending_idx ON {schema}.erasures (case_ref)
    WHERE state = 'requested'""",
    # No reference to cases: what is heard of a case may come from another time of its record.
    """CREATE TABLE {schema}.duties_elsewhere (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    owner text NOT NULL,
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    step text NOT NULL,
    agency_id text NOT NULL,
    role text NOT NULL,
    person_id text,
    anchor text NOT NULL,
    anchored_at timestamptz NOT NULL,
    policy text NOT NULL,
    due_at timestamptz NOT NULL,
    state text NOT NULL,
    settled_at timestamptz,
    successor_id uuid,
    CONSTRAINT duties_elsewhere_pkey PRIMARY KEY (id)
)""",
    """CREATE INDEX duties_elsewhere_case_ref_idx ON {schema}.duties_elsewhere (case_ref, due_at)""",
    """CREATE TABLE {schema}.under_way_elsewhere (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    since timestamptz NOT NULL,
    agency_id text,
    need text,
    meets_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT under_way_elsewhere_pkey PRIMARY KEY (id)
)""",
    """CREATE INDEX under_way_elsewhere_case_ref_idx ON {schema}.under_way_elsewhere (case_ref, since)""",
)
_UNDONE = (
    "DROP TABLE {schema}.under_way_elsewhere",
    "DROP TABLE {schema}.duties_elsewhere",
    "DROP TABLE {schema}.erasures",
    "ALTER TABLE {schema}.closures DROP COLUMN erase_at",
    "ALTER TABLE {schema}.cases DROP COLUMN erased_at",
)


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in _OWN:
        op.execute(statement.format(schema=schema))


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in _UNDONE:
        op.execute(statement.format(schema=schema))
