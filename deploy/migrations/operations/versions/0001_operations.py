"""Operations' tables as first released."""

from alembic import context, op

from deploy.migrations.spine_0001 import statements, tables

revision = "operations_0001"
down_revision = None

_OWN = (
    """CREATE TABLE {schema}.duties (
    deadline_id uuid NOT NULL,
    owner text NOT NULL,
    case_ref text NOT NULL,
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    step text NOT NULL,
    agency_id text NOT NULL,
    responsible text NOT NULL,
    person_id text,
    due_at timestamptz NOT NULL,
    state text NOT NULL,
    settled_at timestamptz,
    missed_at timestamptz,
    rung integer,
    acknowledged_by text,
    CONSTRAINT duties_pkey PRIMARY KEY (deadline_id)
)""",
    "CREATE INDEX duties_open_idx ON {schema}.duties (due_at, deadline_id) WHERE state = 'open'",
    "CREATE INDEX duties_case_idx ON {schema}.duties (case_ref)",
    """CREATE TABLE {schema}.cases_followed (
    case_ref text NOT NULL,
    agency_id text NOT NULL,
    active boolean NOT NULL,
    since timestamptz NOT NULL,
    heard_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT cases_followed_pkey PRIMARY KEY (case_ref)
)""",
    """CREATE TABLE {schema}.problems (
    event_id uuid NOT NULL,
    case_ref text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    code text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT problems_pkey PRIMARY KEY (event_id)
)""",
)


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in (*statements(schema), *(own.format(schema=schema) for own in _OWN)):
        op.execute(statement)


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for table in ("problems", "cases_followed", "duties", *tables()):
        op.execute(f"DROP TABLE {schema}.{table}")
