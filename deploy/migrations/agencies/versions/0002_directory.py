"""Terms of offers, places, public contacts, team leads, working hours, absences; ids by which others know us."""

from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from alembic import context, op

revision = "agencies_0002"
down_revision = "agencies_0001"

# As domain.listing has it, frozen here: an id once given out never changes.
_NAMESPACE = UUID("5f2d8c1a-7c0e-5b64-9a3d-687364733330")
_ADDED = (
    "ALTER TABLE {schema}.agencies ADD COLUMN hsds_id uuid",
    "ALTER TABLE {schema}.agencies ADD COLUMN description text",
    "ALTER TABLE {schema}.agencies ADD COLUMN phone text",
    "ALTER TABLE {schema}.agencies ADD COLUMN email text",
    "ALTER TABLE {schema}.agencies ADD COLUMN url text",
    "ALTER TABLE {schema}.teams ADD COLUMN lead_id text",
    "ALTER TABLE {schema}.offers ADD COLUMN hsds_id uuid",
    "ALTER TABLE {schema}.offers ADD COLUMN areas text[]",
    "ALTER TABLE {schema}.offers ADD COLUMN languages text[] NOT NULL DEFAULT '{{}}'",
    "ALTER TABLE {schema}.offers ADD COLUMN youngest integer",
    "ALTER TABLE {schema}.offers ADD COLUMN oldest integer",
    "ALTER TABLE {schema}.offers ADD COLUMN waiting_days integer",
    "ALTER TABLE {schema}.offers ADD COLUMN paused boolean NOT NULL DEFAULT false",
    "ALTER TABLE {schema}.offers ADD COLUMN withdrawn boolean NOT NULL DEFAULT false",
    "ALTER TABLE {schema}.offers ADD COLUMN description text",
    "ALTER TABLE {schema}.offers ADD COLUMN eligibility text",
    "ALTER TABLE {schema}.offers ADD COLUMN phone text",
    "ALTER TABLE {schema}.offers ADD COLUMN email text",
    "ALTER TABLE {schema}.offers ADD COLUMN url text",
    "ALTER TABLE {schema}.offers ADD COLUMN opening text[] NOT NULL DEFAULT '{{}}'",
    "ALTER TABLE {schema}.offers ADD COLUMN places text[] NOT NULL DEFAULT '{{}}'",
    "UPDATE {schema}.offers SET areas = ARRAY[area]",
)
_THEN = (
    "ALTER TABLE {schema}.agencies ALTER COLUMN hsds_id SET NOT NULL",
    "ALTER TABLE {schema}.agencies ADD CONSTRAINT agencies_hsds_id_key UNIQUE (hsds_id)",
    "ALTER TABLE {schema}.offers ALTER COLUMN hsds_id SET NOT NULL",
    "ALTER TABLE {schema}.offers ALTER COLUMN areas SET NOT NULL",
    "ALTER TABLE {schema}.offers ADD CONSTRAINT offers_hsds_id_key UNIQUE (hsds_id)",
    *(
        f"ALTER TABLE {{schema}}.offers ALTER COLUMN {name} DROP DEFAULT"
        for name in ("languages", "paused", "withdrawn", "opening", "places")
    ),
    "CREATE INDEX offers_need_offer_id_idx ON {schema}.offers (need, offer_id)",
    """CREATE TABLE {schema}.places (
    agency_id text NOT NULL,
    place_id text NOT NULL,
    hsds_id uuid NOT NULL,
    kind text NOT NULL,
    name text,
    url text,
    latitude double precision,
    longitude double precision,
    address jsonb,
    CONSTRAINT places_pkey PRIMARY KEY (agency_id, place_id),
    CONSTRAINT places_agency_id_hsds_id_key UNIQUE (agency_id, hsds_id),
    CONSTRAINT places_agency_id_fkey FOREIGN KEY(agency_id) REFERENCES {schema}.agencies (agency_id)
)""",
    """CREATE TABLE {schema}.working_hours (
    staff_id text NOT NULL,
    zone text NOT NULL,
    spans text[] NOT NULL,
    CONSTRAINT working_hours_pkey PRIMARY KEY (staff_id),
    CONSTRAINT working_hours_staff_id_fkey FOREIGN KEY(staff_id) REFERENCES {schema}.staff (staff_id)
)""",
    """CREATE TABLE {schema}.absences (
    absence_id uuid NOT NULL,
    agency_id text NOT NULL,
    staff_id text NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    stand_in_id text,
    recorded_by text NOT NULL,
    ended_at timestamptz,
    CONSTRAINT absences_pkey PRIMARY KEY (absence_id),
    CONSTRAINT absences_agency_id_fkey FOREIGN KEY(agency_id) REFERENCES {schema}.agencies (agency_id),
    CONSTRAINT absences_staff_id_fkey FOREIGN KEY(staff_id) REFERENCES {schema}.staff (staff_id)
)""",
    "CREATE INDEX absences_agency_id_until_at_idx ON {schema}.absences (agency_id, until_at)",
    "CREATE INDEX absences_staff_id_idx ON {schema}.absences (staff_id)",
)
_COLUMNS: dict[str, tuple[str, ...]] = {
    "offers": (
        "hsds_id", "areas", "languages", "youngest", "oldest", "waiting_days", "paused", "withdrawn",
        "description", "eligibility", "phone", "email", "url", "opening", "places",
    ),
    "teams": ("lead_id",),
    "agencies": ("hsds_id", "description", "phone", "email", "url"),
}  # fmt: skip


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in _ADDED:
        op.execute(statement.format(schema=schema))
    _name(schema, "agencies", "agency_id", "agency")
    _name(schema, "offers", "offer_id", "offer")
    for statement in _THEN:
        op.execute(statement.format(schema=schema))


def _name(schema: str, table: str, key: str, kind: str) -> None:
    columns: Any = (sa.column(key, sa.Text), sa.column("hsds_id", sa.Uuid))
    rows = sa.table(table, *columns, schema=schema)
    connection = op.get_bind()
    for ours in connection.execute(sa.select(rows.c[key])).scalars().all():
        outer = uuid5(_NAMESPACE, f"{kind}/{ours}")
        connection.execute(sa.update(rows).where(rows.c[key] == ours).values(hsds_id=outer))


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for table in ("absences", "working_hours", "places"):
        op.execute(f"DROP TABLE {schema}.{table}")
    op.execute(f"DROP INDEX {schema}.offers_need_offer_id_idx")
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {schema}.{table} DROP COLUMN {column}")
