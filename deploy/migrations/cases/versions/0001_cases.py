"""The tables of cases as first released."""

from alembic import context, op

from deploy.migrations.spine_0001 import statements, tables

revision = "cases_0001"
down_revision = None

_OWN = (
    """CREATE TABLE {schema}.agencies (
    agency_id text NOT NULL,
    zone text NOT NULL,
    policy text NOT NULL,
    CONSTRAINT agencies_pkey PRIMARY KEY (agency_id)
)""",
    """CREATE TABLE {schema}.cases (
    ref text NOT NULL,
    agency_id text NOT NULL,
    team_id text,
    caseworker_id text,
    supervisor_id text,
    referrer_id text,
    status text NOT NULL,
    risk text NOT NULL,
    policy text NOT NULL,
    source text NOT NULL,
    criteria text[] NOT NULL,
    identified_at timestamptz NOT NULL,
    registered_at timestamptz,
    assessed_at timestamptz,
    needs integer NOT NULL,
    risks integer NOT NULL,
    causes integer NOT NULL,
    plan_version integer NOT NULL,
    times_reopened integer NOT NULL,
    reviewers text[] NOT NULL,
    closure_id uuid,
    identity bytea,
    concerns bytea,
    expectations bytea,
    CONSTRAINT cases_pkey PRIMARY KEY (ref)
)""",
    """CREATE INDEX cases_agency_id_idx ON {schema}.cases (agency_id, identified_at, ref)""",
    """CREATE INDEX cases_caseworker_id_idx ON {schema}.cases (caseworker_id, identified_at, ref)""",
    """CREATE TABLE {schema}.staff (
    staff_id text NOT NULL,
    agency_id text NOT NULL,
    team_id text,
    roles text[] NOT NULL,
    active boolean NOT NULL,
    CONSTRAINT staff_pkey PRIMARY KEY (staff_id)
)""",
    """CREATE INDEX staff_agency_id_idx ON {schema}.staff (agency_id)""",
    """CREATE TABLE {schema}.actions (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    kind text NOT NULL,
    place integer NOT NULL,
    responsible text NOT NULL,
    due_at timestamptz NOT NULL,
    answers text[] NOT NULL,
    consents_needed jsonb NOT NULL,
    state text NOT NULL,
    started_at timestamptz,
    done_at timestamptz,
    title bytea NOT NULL,
    CONSTRAINT actions_pkey PRIMARY KEY (id),
    CONSTRAINT actions_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX actions_case_ref_idx ON {schema}.actions (case_ref)""",
    """CREATE TABLE {schema}.closures (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    state text NOT NULL,
    settled_at timestamptz,
    ground text,
    requested_by text,
    requested_at timestamptz,
    status_before text,
    passed_to_stand_in_at timestamptz,
    decided_by text,
    closed_at timestamptz,
    looked_back_at timestamptz,
    CONSTRAINT closures_pkey PRIMARY KEY (id),
    CONSTRAINT closures_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX closures_case_ref_idx ON {schema}.closures (case_ref)""",
    """CREATE TABLE {schema}.consents (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    given_by text NOT NULL,
    purpose text NOT NULL,
    how text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    until timestamptz,
    withdrawn_at timestamptz,
    CONSTRAINT consents_pkey PRIMARY KEY (id),
    CONSTRAINT consents_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX consents_case_ref_idx ON {schema}.consents (case_ref)""",
    """CREATE TABLE {schema}.facts (
    id uuid NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,
    case_ref text NOT NULL,
    name text NOT NULL,
    section text NOT NULL,
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    codes jsonb NOT NULL,
    CONSTRAINT facts_pkey PRIMARY KEY (id),
    CONSTRAINT facts_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX facts_case_ref_idx ON {schema}.facts (case_ref, place)""",
    """CREATE TABLE {schema}.follow_ups (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    place integer NOT NULL,
    with_whom text NOT NULL,
    method text NOT NULL,
    agreed_at timestamptz NOT NULL,
    next_due timestamptz NOT NULL,
    rhythm jsonb NOT NULL,
    last_at timestamptz,
    replaced boolean NOT NULL,
    CONSTRAINT follow_ups_pkey PRIMARY KEY (id),
    CONSTRAINT follow_ups_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX follow_ups_case_ref_idx ON {schema}.follow_ups (case_ref)""",
    """CREATE TABLE {schema}.narratives (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    section text NOT NULL,
    kind text NOT NULL,
    subject_id text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT narratives_pkey PRIMARY KEY (id),
    CONSTRAINT narratives_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX narratives_case_ref_idx ON {schema}.narratives (case_ref)""",
)
# The chronology is append-only, for the service's own role too.
_APPEND_ONLY = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'throughline_cases') THEN
        REVOKE UPDATE, DELETE ON {schema}.facts FROM throughline_cases;
    END IF;
END $$
"""
_TABLES = (
    "staff", "agencies", "facts", "narratives", "follow_ups", "actions", "consents", "closures", "cases",
)  # fmt: skip


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in (*statements(schema), *(own.format(schema=schema) for own in _OWN)):
        op.execute(statement)
    op.execute(_APPEND_ONLY.format(schema=schema))


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for table in (*_TABLES, *tables()):
        op.execute(f"DROP TABLE {schema}.{table}")
