"""Children found again at registration: a blind index, and people's decisions; requests for more time."""

from alembic import context, op

from deploy.migrations import spine_0002

revision = "cases_0002"
down_revision = "cases_0001"

_OWN: tuple[str, ...] = (
    """CREATE TABLE {schema}.likeness_keys (
    mark bytea NOT NULL,
    case_ref text NOT NULL,
    CONSTRAINT likeness_keys_pkey PRIMARY KEY (mark, case_ref),
    CONSTRAINT likeness_keys_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX likeness_keys_case_ref_idx ON {schema}.likeness_keys (case_ref)""",
    """CREATE TABLE {schema}.likeness_decisions (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    other_ref text NOT NULL,
    same boolean NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL,
    CONSTRAINT likeness_decisions_pkey PRIMARY KEY (id),
    CONSTRAINT likeness_decisions_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref),
    CONSTRAINT likeness_decisions_other_ref_fkey FOREIGN KEY(other_ref) REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX likeness_decisions_case_ref_idx ON {schema}.likeness_decisions (case_ref)""",
    """CREATE INDEX likeness_decisions_other_ref_idx ON {schema}.likeness_decisions (other_ref)""",
    # Whoever destroys a child's key, by whatever way: what found the child goes with it.
    """CREATE FUNCTION {schema}.forget_likeness() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM {schema}.likeness_keys WHERE case_ref = NEW.subject;
    RETURN NULL;
END $$""",
    """CREATE TRIGGER case_keys_forget_likeness AFTER UPDATE OF wrapped ON {schema}.case_keys
    FOR EACH ROW WHEN (NEW.wrapped IS NULL) EXECUTE FUNCTION {schema}.forget_likeness()""",
)
_APPEND_ONLY = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'throughline_cases') THEN
        REVOKE UPDATE, DELETE ON {schema}.likeness_decisions FROM throughline_cases;
    END IF;
END $$
"""
_UNDONE = (
    *spine_0002.UNDONE,
    "DROP TRIGGER case_keys_forget_likeness ON {schema}.case_keys",
    "DROP FUNCTION {schema}.forget_likeness",
    "DROP TABLE {schema}.likeness_decisions",
    "DROP TABLE {schema}.likeness_keys",
)


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in (*_OWN, _APPEND_ONLY):
        op.execute(statement.format(schema=schema))
    for statement in spine_0002.statements(schema):
        op.execute(statement)


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in _UNDONE:
        op.execute(statement.format(schema=schema))
