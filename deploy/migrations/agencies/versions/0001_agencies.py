"""The directory's tables as first released."""

from alembic import context, op

from deploy.migrations.spine_0001 import statements, tables

revision = "agencies_0001"
down_revision = None

_OWN = (
    """CREATE TABLE {schema}.agencies (
    agency_id text NOT NULL,
    name text NOT NULL,
    zone text NOT NULL,
    policy text NOT NULL,
    CONSTRAINT agencies_pkey PRIMARY KEY (agency_id)
)""",
    """CREATE TABLE {schema}.teams (
    agency_id text NOT NULL,
    team_id text NOT NULL,
    name text NOT NULL,
    CONSTRAINT teams_pkey PRIMARY KEY (agency_id, team_id),
    CONSTRAINT teams_agency_id_fkey FOREIGN KEY(agency_id) REFERENCES {schema}.agencies (agency_id)
)""",
    """CREATE TABLE {schema}.staff (
    staff_id text NOT NULL,
    agency_id text NOT NULL,
    sealed_name bytea NOT NULL,
    team_id text,
    roles text[] NOT NULL,
    active boolean NOT NULL,
    CONSTRAINT staff_pkey PRIMARY KEY (staff_id),
    CONSTRAINT staff_agency_id_fkey FOREIGN KEY(agency_id) REFERENCES {schema}.agencies (agency_id)
)""",
    "CREATE INDEX staff_agency_id_idx ON {schema}.staff (agency_id)",
    """CREATE TABLE {schema}.offers (
    offer_id text NOT NULL,
    agency_id text NOT NULL,
    need text NOT NULL,
    area text NOT NULL,
    capacity integer NOT NULL,
    title text NOT NULL,
    CONSTRAINT offers_pkey PRIMARY KEY (offer_id),
    CONSTRAINT offers_agency_id_fkey FOREIGN KEY(agency_id) REFERENCES {schema}.agencies (agency_id)
)""",
    "CREATE INDEX offers_agency_id_idx ON {schema}.offers (agency_id)",
    """CREATE TABLE {schema}.pathways (
    need text NOT NULL,
    area text NOT NULL,
    offers text[] NOT NULL,
    providers text[] NOT NULL,
    published_by text NOT NULL,
    CONSTRAINT pathways_pkey PRIMARY KEY (need, area)
)""",
)


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in (*statements(schema), *(own.format(schema=schema) for own in _OWN)):
        op.execute(statement)


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for table in ("pathways", "offers", "staff", "teams", "agencies", *tables()):
        op.execute(f"DROP TABLE {schema}.{table}")
