"""What is done between plan and closure: support, readings of measures, questions, verifications, unmet needs."""

from alembic import context, op

revision = "cases_0004"
down_revision = "cases_0003"

_OWN: tuple[str, ...] = (
    # Which version of the plan an action or a line of follow-ups belongs to; null: none, or not known.
    """ALTER TABLE {schema}.actions ADD COLUMN plan_version integer""",
    """ALTER TABLE {schema}.follow_ups ADD COLUMN plan_version integer""",
    # When it was given, where that was not when it was written down.
    """ALTER TABLE {schema}.consents ADD COLUMN given_at timestamptz""",
    """CREATE TABLE {schema}.supports (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    kind text NOT NULL,
    occurred_at timestamptz NOT NULL,
    with_whom text[] NOT NULL,
    agency_id text,
    action_id uuid,
    referral_id uuid,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    CONSTRAINT supports_pkey PRIMARY KEY (id),
    CONSTRAINT supports_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref),
    CONSTRAINT supports_action_id_fkey FOREIGN KEY(action_id) REFERENCES {schema}.actions (id)
)""",
    """CREATE INDEX supports_case_ref_idx ON {schema}.supports (case_ref, occurred_at)""",
    """CREATE TABLE {schema}.goal_measures (
    id uuid NOT NULL,
    plan_version integer NOT NULL,
    case_ref text NOT NULL,
    place integer NOT NULL,
    by date,
    CONSTRAINT goal_measures_pkey PRIMARY KEY (id, plan_version),
    CONSTRAINT goal_measures_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX goal_measures_case_ref_idx ON {schema}.goal_measures (case_ref, plan_version)""",
    """CREATE TABLE {schema}.measure_readings (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    measure_id uuid NOT NULL,
    measured_at timestamptz NOT NULL,
    reached boolean NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    CONSTRAINT measure_readings_pkey PRIMARY KEY (id),
    CONSTRAINT measure_readings_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX measure_readings_case_ref_idx ON {schema}.measure_readings (case_ref, measured_at)""",
    """CREATE TABLE {schema}.open_questions (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    place integer NOT NULL,
    responsible_id text NOT NULL,
    due_at timestamptz,
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL,
    answered_at timestamptz,
    answered_by text,
    CONSTRAINT open_questions_pkey PRIMARY KEY (id),
    CONSTRAINT open_questions_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX open_questions_case_ref_idx ON {schema}.open_questions (case_ref, asked_at)""",
    """CREATE TABLE {schema}.statement_verifications (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    statement_id uuid NOT NULL,
    state text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    CONSTRAINT statement_verifications_pkey PRIMARY KEY (id),
    CONSTRAINT statement_verifications_case_ref_fkey FOREIGN KEY(case_ref)
        REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX statement_verifications_case_ref_idx
    ON {schema}.statement_verifications (case_ref, recorded_at)""",
    """CREATE TABLE {schema}.unmet_needs (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    need text NOT NULL,
    area text NOT NULL,
    plan_version integer NOT NULL,
    noted_at timestamptz NOT NULL,
    noted_by text NOT NULL,
    met_at timestamptz,
    met_by text,
    referral_id uuid,
    CONSTRAINT unmet_needs_pkey PRIMARY KEY (id),
    CONSTRAINT unmet_needs_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX unmet_needs_case_ref_idx ON {schema}.unmet_needs (case_ref, noted_at)""",
)
_APPEND_ONLY = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'throughline_cases') THEN
        REVOKE UPDATE, DELETE ON {schema}.supports, {schema}.goal_measures,
            {schema}.measure_readings, {schema}.statement_verifications FROM throughline_cases;
    END IF;
END $$
"""
_TABLES = (
    "unmet_needs",
    "statement_verifications",
    "open_questions",
    "measure_readings",
    "goal_measures",
    "supports",
)


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in (*_OWN, _APPEND_ONLY):
        op.execute(statement.format(schema=schema))


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for table in _TABLES:
        op.execute(f"DROP TABLE {schema}.{table}")
    for table in ("follow_ups", "actions"):
        op.execute(f"ALTER TABLE {schema}.{table} DROP COLUMN plan_version")
    op.execute(f"ALTER TABLE {schema}.consents DROP COLUMN given_at")
