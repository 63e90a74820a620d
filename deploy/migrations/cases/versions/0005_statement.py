"""Links to the family's statement, and what child and family say by them."""

from alembic import context, op

revision = "cases_0005"
down_revision = "cases_0004"

_OWN = (
    """CREATE TABLE {schema}.statement_links (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    language text NOT NULL,
    for_whom text NOT NULL,
    issued_at timestamptz NOT NULL,
    issued_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    attempts integer NOT NULL,
    locked_at timestamptz,
    opened_at timestamptz,
    withheld uuid[] NOT NULL,
    code_digest bytea NOT NULL,
    contact bytea,
    CONSTRAINT statement_links_pkey PRIMARY KEY (id),
    CONSTRAINT statement_links_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    """CREATE INDEX statement_links_case_ref_idx ON {schema}.statement_links (case_ref)""",
    """CREATE TABLE {schema}.feedback (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    link_id uuid NOT NULL,
    kind text NOT NULL,
    given_by text NOT NULL,
    received_at timestamptz NOT NULL,
    words bytea NOT NULL,
    answered_at timestamptz,
    answered_by text,
    answer bytea,
    CONSTRAINT feedback_pkey PRIMARY KEY (id),
    CONSTRAINT feedback_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref),
    CONSTRAINT feedback_link_id_fkey FOREIGN KEY(link_id) REFERENCES {schema}.statement_links (id)
)""",
    """CREATE INDEX feedback_case_ref_idx ON {schema}.feedback (case_ref)""",
)


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in _OWN:
        op.execute(statement.format(schema=schema))


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for table in ("feedback", "statement_links"):
        op.execute(f"DROP TABLE {schema}.{table}")
