"""Intakes that join a case in work, and who is away with whom standing in."""

from alembic import context, op

revision = "cases_0007"
down_revision = "cases_0006"

_OWN = (
    """ALTER TABLE {schema}.cases ADD COLUMN joined_to text""",
    """CREATE INDEX cases_joined_to_idx ON {schema}.cases (joined_to) WHERE joined_to IS NOT NULL""",
    # From the directory's events, as agencies and staff are.
    """CREATE TABLE {schema}.absences (
    absence_id uuid NOT NULL,
    staff_id text NOT NULL,
    agency_id text NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    stand_in_id text,
    CONSTRAINT absences_pkey PRIMARY KEY (absence_id)
)""",
    """CREATE INDEX absences_agency_id_idx ON {schema}.absences (agency_id, until_at)""",
)
_UNDONE = (
    "DROP TABLE {schema}.absences",
    "ALTER TABLE {schema}.cases DROP COLUMN joined_to",
)


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in _OWN:
        op.execute(statement.format(schema=schema))


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in _UNDONE:
        op.execute(statement.format(schema=schema))
