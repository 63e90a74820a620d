"""Notifications' tables as first released."""

from alembic import context, op

from deploy.migrations.spine_0001 import statements, tables

revision = "notifications_0001"
down_revision = None

_OWN = (
    """CREATE TABLE {schema}.cases_known (
    case_ref text NOT NULL,
    agency_id text NOT NULL,
    team_id text,
    caseworker_id text,
    supervisor_id text,
    policy text NOT NULL,
    CONSTRAINT cases_known_pkey PRIMARY KEY (case_ref)
)""",
    """CREATE TABLE {schema}.staff_known (
    staff_id text NOT NULL,
    agency_id text NOT NULL,
    team_id text,
    roles text[] NOT NULL,
    active boolean NOT NULL,
    as_of timestamptz NOT NULL,
    CONSTRAINT staff_known_pkey PRIMARY KEY (staff_id)
)""",
    "CREATE INDEX staff_known_agency_id_idx ON {schema}.staff_known (agency_id)",
    """CREATE TABLE {schema}.agencies_known (
    agency_id text NOT NULL,
    zone text NOT NULL,
    as_of timestamptz NOT NULL,
    CONSTRAINT agencies_known_pkey PRIMARY KEY (agency_id)
)""",
    """CREATE TABLE {schema}.notifications (
    id uuid NOT NULL,
    cause_id uuid NOT NULL,
    case_ref text NOT NULL,
    kind text NOT NULL,
    message text NOT NULL,
    step text NOT NULL,
    step_title text NOT NULL,
    staff_id text NOT NULL,
    agency_id text NOT NULL,
    role text NOT NULL,
    owner text,
    deadline_id uuid,
    due_at timestamptz,
    meeting_at timestamptz,
    requested_at timestamptz NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    ended_at timestamptz,
    given_up_because text,
    settled_at timestamptz,
    acknowledged_by text,
    acknowledged_at timestamptz,
    CONSTRAINT notifications_pkey PRIMARY KEY (id),
    CONSTRAINT notifications_cause_id_staff_id_key UNIQUE (cause_id, staff_id)
)""",
    """CREATE INDEX notifications_unacknowledged_idx ON {schema}.notifications (staff_id, id)
    WHERE acknowledged_at IS NULL""",
    """CREATE INDEX notifications_acknowledged_idx ON {schema}.notifications (staff_id, id)
    WHERE acknowledged_at IS NOT NULL""",
    "CREATE INDEX notifications_deadline_id_idx ON {schema}.notifications (deadline_id)",
    """CREATE TABLE {schema}.recipients (
    staff_id text NOT NULL,
    email bytea NOT NULL,
    language text NOT NULL,
    set_at timestamptz NOT NULL,
    set_by text NOT NULL,
    CONSTRAINT recipients_pkey PRIMARY KEY (staff_id)
)""",
    """CREATE TABLE {schema}.awaiting_case (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    case_ref text NOT NULL,
    cause_id uuid NOT NULL,
    type text NOT NULL,
    payload jsonb NOT NULL,
    CONSTRAINT awaiting_case_pkey PRIMARY KEY (seq),
    CONSTRAINT awaiting_case_cause_id_key UNIQUE (cause_id)
)""",
    "CREATE INDEX awaiting_case_case_ref_idx ON {schema}.awaiting_case (case_ref)",
    """CREATE TABLE {schema}.findings (
    cause_id uuid NOT NULL,
    role text NOT NULL,
    case_ref text NOT NULL,
    agency_id text NOT NULL,
    step text NOT NULL,
    message text NOT NULL,
    found_at timestamptz NOT NULL,
    CONSTRAINT findings_pkey PRIMARY KEY (cause_id, role)
)""",
)
_TABLES = (
    "findings", "awaiting_case", "recipients", "notifications", "agencies_known", "staff_known", "cases_known",
)  # fmt: skip


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in (*statements(schema), *(own.format(schema=schema) for own in _OWN)):
        op.execute(statement)


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for table in (*_TABLES, *tables()):
        op.execute(f"DROP TABLE {schema}.{table}")
