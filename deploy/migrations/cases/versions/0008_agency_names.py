"""What agencies are called, for people; from the directory's events, as agencies themselves are."""

from alembic import context, op

revision = "cases_0008"
down_revision = "cases_0007"

# Apart from the agencies: a name may come before everything else that is said of one.
_OWN = (
    """CREATE TABLE {schema}.agency_names (
    agency_id text NOT NULL,
    name text NOT NULL,
    sequence bigint NOT NULL,
    CONSTRAINT agency_names_pkey PRIMARY KEY (agency_id)
)""",
)
_UNDONE = ("DROP TABLE {schema}.agency_names",)


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in _OWN:
        op.execute(statement.format(schema=schema))


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in _UNDONE:
        op.execute(statement.format(schema=schema))
