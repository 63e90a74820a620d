"""The referrals service's tables as first released."""

from alembic import context, op

from deploy.migrations.spine_0001 import statements, tables

revision = "referrals_0001"
down_revision = None

_OWN = (
    """CREATE TABLE {schema}.cases_known (
    case_ref text NOT NULL,
    agency_id text NOT NULL,
    team_id text,
    caseworker_id text NOT NULL,
    supervisor_id text NOT NULL,
    policy text NOT NULL,
    risk text NOT NULL,
    closed boolean NOT NULL,
    CONSTRAINT cases_known_pkey PRIMARY KEY (case_ref)
)""",
    "CREATE INDEX cases_known_caseworker_id_idx ON {schema}.cases_known (caseworker_id)",
    "CREATE INDEX cases_known_supervisor_id_idx ON {schema}.cases_known (supervisor_id)",
    """CREATE TABLE {schema}.consents_known (
    consent_id uuid NOT NULL,
    case_ref text NOT NULL,
    given_by text NOT NULL,
    purpose text NOT NULL,
    recorded_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    CONSTRAINT consents_known_pkey PRIMARY KEY (consent_id)
)""",
    "CREATE INDEX consents_known_case_ref_idx ON {schema}.consents_known (case_ref)",
    """CREATE TABLE {schema}.offers_known (
    offer_id text NOT NULL,
    agency_id text NOT NULL,
    need text NOT NULL,
    area text NOT NULL,
    capacity integer NOT NULL,
    CONSTRAINT offers_known_pkey PRIMARY KEY (offer_id)
)""",
    """CREATE TABLE {schema}.pathways_known (
    need text NOT NULL,
    area text NOT NULL,
    offers text[] NOT NULL,
    providers text[] NOT NULL,
    CONSTRAINT pathways_known_pkey PRIMARY KEY (need, area)
)""",
    """CREATE TABLE {schema}.referrals (
    id uuid NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,
    case_ref text NOT NULL,
    need text NOT NULL,
    area text NOT NULL,
    urgent boolean NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    consent_given_by text NOT NULL,
    consent_purpose text NOT NULL,
    consent_recorded_at timestamptz NOT NULL,
    consent_id uuid,
    state text NOT NULL,
    detail text,
    appointment_at timestamptz,
    service_given_at timestamptz,
    confirmed boolean,
    confirmed_by text,
    ended_at timestamptz,
    ended_because text,
    CONSTRAINT referrals_pkey PRIMARY KEY (id),
    CONSTRAINT referrals_place_key UNIQUE (place)
)""",
    "CREATE INDEX referrals_case_ref_idx ON {schema}.referrals (case_ref)",
    """CREATE TABLE {schema}.attempts (
    referral_id uuid NOT NULL,
    number integer NOT NULL,
    offer_id text NOT NULL,
    agency_id text NOT NULL,
    asked_at timestamptz NOT NULL,
    acknowledged_at timestamptz,
    answered_at timestamptz,
    rejected_because text,
    CONSTRAINT attempts_pkey PRIMARY KEY (referral_id, number),
    CONSTRAINT attempts_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES {schema}.referrals (id)
)""",
    "CREATE INDEX attempts_agency_idx ON {schema}.attempts (agency_id, referral_id)",
    """CREATE TABLE {schema}.texts (
    referral_id uuid NOT NULL,
    name text NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT texts_pkey PRIMARY KEY (referral_id, name),
    CONSTRAINT texts_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES {schema}.referrals (id)
)""",
)
_TABLES = (
    "texts",
    "attempts",
    "referrals",
    "pathways_known",
    "offers_known",
    "consents_known",
    "cases_known",
)


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in (*statements(schema), *(own.format(schema=schema) for own in _OWN)):
        op.execute(statement)


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for table in (*_TABLES, *tables()):
        op.execute(f"DROP TABLE {schema}.{table}")
