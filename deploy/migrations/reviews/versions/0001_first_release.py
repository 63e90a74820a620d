"""Reviews' tables as first released."""

from alembic import context, op

from deploy.migrations.spine_0001 import statements, tables

revision = "reviews_0001"
down_revision = None

_OWN = (
    """CREATE TABLE {schema}.cases_known (
    case_ref text NOT NULL,
    agency_id text NOT NULL,
    team_id text,
    caseworker_id text,
    supervisor_id text,
    policy text NOT NULL,
    risk text NOT NULL,
    is_open boolean NOT NULL,
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
    """CREATE TABLE {schema}.reviews (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    number integer NOT NULL,
    policy text NOT NULL,
    state text NOT NULL,
    scheduled_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    convene_at timestamptz NOT NULL,
    chair_sought boolean NOT NULL,
    chair_id text,
    participants text[] NOT NULL,
    meeting_at timestamptz,
    outcome text,
    held_at timestamptz,
    child_took_part boolean,
    why_not bytea,
    minutes bytea,
    CONSTRAINT reviews_pkey PRIMARY KEY (id),
    CONSTRAINT reviews_case_ref_fkey FOREIGN KEY (case_ref)
        REFERENCES {schema}.cases_known (case_ref)
)""",
    "CREATE UNIQUE INDEX reviews_case_ref_number_key ON {schema}.reviews (case_ref, number)",
    """CREATE UNIQUE INDEX reviews_case_ref_idx ON {schema}.reviews (case_ref)
    WHERE state IN ('scheduled', 'convened')""",
    """CREATE INDEX reviews_chair_id_idx ON {schema}.reviews (chair_id)
    WHERE state IN ('scheduled', 'convened')""",
    """CREATE TABLE {schema}.review_decisions (
    review_id uuid NOT NULL,
    place integer NOT NULL,
    text bytea NOT NULL,
    owner text NOT NULL,
    due date NOT NULL,
    CONSTRAINT review_decisions_pkey PRIMARY KEY (review_id, place),
    CONSTRAINT review_decisions_review_id_fkey FOREIGN KEY (review_id)
        REFERENCES {schema}.reviews (id)
)""",
    """CREATE TABLE {schema}.review_meetings (
    review_id uuid NOT NULL,
    place integer NOT NULL,
    chair_id text NOT NULL,
    participants text[] NOT NULL,
    meeting_at timestamptz NOT NULL,
    set_at timestamptz NOT NULL,
    set_by text NOT NULL,
    CONSTRAINT review_meetings_pkey PRIMARY KEY (review_id, place),
    CONSTRAINT review_meetings_review_id_fkey FOREIGN KEY (review_id)
        REFERENCES {schema}.reviews (id)
)""",
)
_TABLES = ("review_meetings", "review_decisions", "reviews", "staff_known", "cases_known")


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in (*statements(schema), *(own.format(schema=schema) for own in _OWN)):
        op.execute(statement)


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for table in (*_TABLES, *tables()):
        op.execute(f"DROP TABLE {schema}.{table}")
