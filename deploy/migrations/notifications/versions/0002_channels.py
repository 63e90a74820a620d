"""Channels, preferences, quiet hours, digests, stand-ins, bounces, and meetings that move."""

from alembic import context, op

revision = "notifications_0002"
down_revision = "notifications_0001"

_OWN = (
    "ALTER TABLE {schema}.cases_known ADD COLUMN risk text DEFAULT 'unknown' NOT NULL",
    "ALTER TABLE {schema}.notifications ALTER COLUMN case_ref DROP NOT NULL",
    """ALTER TABLE {schema}.notifications
    ADD COLUMN stand_in_for text,
    ADD COLUMN subject_id uuid,
    ADD COLUMN sequence integer,
    ADD COLUMN channel text,
    ADD COLUMN failed_channels text[] DEFAULT '{{}}' NOT NULL,
    ADD COLUMN not_before timestamptz,
    ADD COLUMN bounced_at timestamptz,
    ADD COLUMN leased_until timestamptz""",
    """CREATE INDEX notifications_case_ref_idx ON {schema}.notifications (case_ref, id)""",
    """CREATE INDEX notifications_digest_idx ON {schema}.notifications (staff_id)
    WHERE state = 'digest'""",
    """CREATE INDEX notifications_given_up_idx ON {schema}.notifications (id)
    WHERE state = 'given-up'""",
    "ALTER TABLE {schema}.findings ALTER COLUMN case_ref DROP NOT NULL",
    """ALTER TABLE {schema}.recipients
    ADD COLUMN phone bytea,
    ADD COLUMN email_bad_at timestamptz,
    ADD COLUMN phone_bad_at timestamptz""",
    """CREATE TABLE {schema}.preferences (
    staff_id text NOT NULL,
    channels jsonb NOT NULL,
    quiet text NOT NULL,
    quiet_from integer,
    quiet_until integer,
    digest_hour integer,
    zone text,
    acknowledge_by_link boolean NOT NULL,
    considered_on date,
    set_at timestamptz NOT NULL,
    set_by text NOT NULL,
    CONSTRAINT preferences_pkey PRIMARY KEY (staff_id)
)""",
    """CREATE TABLE {schema}.working_hours (
    staff_id text NOT NULL,
    zone text NOT NULL,
    spans text[] NOT NULL,
    as_of timestamptz NOT NULL,
    CONSTRAINT working_hours_pkey PRIMARY KEY (staff_id)
)""",
    """CREATE TABLE {schema}.absences (
    absence_id uuid NOT NULL,
    staff_id text NOT NULL,
    agency_id text NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    stand_in_id text,
    welcomed boolean DEFAULT false NOT NULL,
    CONSTRAINT absences_pkey PRIMARY KEY (absence_id)
)""",
    "CREATE INDEX absences_staff_id_idx ON {schema}.absences (staff_id)",
    "CREATE INDEX absences_unwelcomed_idx ON {schema}.absences (until_at) WHERE NOT welcomed",
    """CREATE TABLE {schema}.meetings_known (
    subject_id uuid NOT NULL,
    case_ref text NOT NULL,
    step text NOT NULL,
    sequence integer NOT NULL,
    meeting_at timestamptz NOT NULL,
    chair_id text NOT NULL,
    invited text[] NOT NULL,
    CONSTRAINT meetings_known_pkey PRIMARY KEY (subject_id)
)""",
    """CREATE TABLE {schema}.digests (
    staff_id text NOT NULL,
    day date NOT NULL,
    zone text NOT NULL,
    fresh integer NOT NULL,
    open integer NOT NULL,
    overdue integer NOT NULL,
    spacing integer NOT NULL,
    away boolean NOT NULL,
    made_at timestamptz NOT NULL,
    state text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    ended_at timestamptz,
    given_up_because text,
    leased_until timestamptz,
    CONSTRAINT digests_pkey PRIMARY KEY (staff_id, day)
)""",
    "CREATE INDEX digests_waiting_idx ON {schema}.digests (made_at) WHERE state = 'waiting'",
)
_UNDONE = (
    "DROP TABLE {schema}.digests",
    "DROP TABLE {schema}.meetings_known",
    "DROP TABLE {schema}.absences",
    "DROP TABLE {schema}.working_hours",
    "DROP TABLE {schema}.preferences",
    "ALTER TABLE {schema}.recipients DROP COLUMN phone, DROP COLUMN email_bad_at, DROP COLUMN phone_bad_at",
    "DELETE FROM {schema}.findings WHERE case_ref IS NULL",
    "ALTER TABLE {schema}.findings ALTER COLUMN case_ref SET NOT NULL",
    "DROP INDEX {schema}.notifications_case_ref_idx",
    "DROP INDEX {schema}.notifications_digest_idx",
    "DROP INDEX {schema}.notifications_given_up_idx",
    """ALTER TABLE {schema}.notifications DROP COLUMN stand_in_for, DROP COLUMN subject_id,
    DROP COLUMN sequence, DROP COLUMN channel, DROP COLUMN failed_channels, DROP COLUMN not_before,
    DROP COLUMN bounced_at, DROP COLUMN leased_until""",
    "DELETE FROM {schema}.notifications WHERE case_ref IS NULL",
    "ALTER TABLE {schema}.notifications ALTER COLUMN case_ref SET NOT NULL",
    "ALTER TABLE {schema}.cases_known DROP COLUMN risk",
)


def upgrade() -> None:
    _run(_OWN)


def downgrade() -> None:
    _run(_UNDONE)


def _run(statements: tuple[str, ...]) -> None:
    schema = context.config.attributes["schema"]
    for statement in statements:
        op.execute(statement.format(schema=schema))
