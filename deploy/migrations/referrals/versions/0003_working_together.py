"""Drafts, holds, sharing in versions, capacity asked first, links for providers, and what figures are made of."""

from alembic import context, op

revision = "referrals_0003"
down_revision = "referrals_0002"

_COLUMNS = (
    "enquiry_id uuid",
    "shared_version integer NOT NULL DEFAULT 0",
    "without_consent boolean NOT NULL DEFAULT false",
    "sharing_stopped_at timestamptz",
    "hold_until timestamptz",
    "missed integer NOT NULL DEFAULT 0",
    "accompany text",
    "accompany_by timestamptz",
    "accompanied_by text",
)
_CONSENT = ("consent_given_by", "consent_purpose", "consent_recorded_at")
_TABLES = {
    "history": """(
    place bigint GENERATED ALWAYS AS IDENTITY,
    referral_id uuid NOT NULL,
    attempt integer NOT NULL,
    what text NOT NULL,
    state text NOT NULL,
    at timestamptz NOT NULL,
    agency_id text NOT NULL,
    by text NOT NULL,
    reason text,
    about_at timestamptz,
    CONSTRAINT history_pkey PRIMARY KEY (place),
    CONSTRAINT history_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES {schema}.referrals (id)
)""",
    "skips": """(
    referral_id uuid NOT NULL,
    attempt integer NOT NULL,
    offer_id text NOT NULL,
    agency_id text NOT NULL,
    because text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT skips_pkey PRIMARY KEY (referral_id, attempt, offer_id),
    CONSTRAINT skips_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES {schema}.referrals (id)
)""",
    "shared_versions": """(
    referral_id uuid NOT NULL,
    number integer NOT NULL,
    sent_at timestamptz NOT NULL,
    sent_by text NOT NULL,
    fields text[] NOT NULL,
    digest bytea NOT NULL,
    consent_given_by text,
    consent_purpose text,
    consent_recorded_at timestamptz,
    consent_id uuid,
    reviewed_at timestamptz,
    reviewed_by text,
    justified boolean,
    CONSTRAINT shared_versions_pkey PRIMARY KEY (referral_id, number),
    CONSTRAINT shared_versions_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES {schema}.referrals (id)
)""",
    "readings": """(
    referral_id uuid NOT NULL,
    agency_id text NOT NULL,
    version integer NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT readings_pkey PRIMARY KEY (referral_id, agency_id, version),
    CONSTRAINT readings_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES {schema}.referrals (id)
)""",
    "provider_links": """(
    id uuid NOT NULL,
    referral_id uuid NOT NULL,
    attempt integer NOT NULL,
    agency_id text NOT NULL,
    language text NOT NULL,
    issued_at timestamptz NOT NULL,
    issued_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    attempts integer NOT NULL,
    locked_at timestamptz,
    opened_at timestamptz,
    code_digest bytea NOT NULL,
    CONSTRAINT provider_links_pkey PRIMARY KEY (id),
    CONSTRAINT provider_links_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES {schema}.referrals (id)
)""",
    "offer_terms_known": """(
    offer_id text NOT NULL,
    areas text[] NOT NULL,
    languages text[] NOT NULL,
    youngest integer,
    oldest integer,
    waiting_days integer,
    paused boolean NOT NULL,
    CONSTRAINT offer_terms_known_pkey PRIMARY KEY (offer_id)
)""",
    "agencies_known": """(
    agency_id text NOT NULL,
    policy text NOT NULL,
    CONSTRAINT agencies_known_pkey PRIMARY KEY (agency_id)
)""",
    "plan_needs_known": """(
    need_id uuid NOT NULL,
    case_ref text NOT NULL,
    need text NOT NULL,
    area text NOT NULL,
    unmet_at timestamptz NOT NULL,
    met_at timestamptz,
    CONSTRAINT plan_needs_known_pkey PRIMARY KEY (need_id)
)""",
    "enquiries": """(
    id uuid NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,
    need text NOT NULL,
    area text NOT NULL,
    age_band text,
    language text,
    urgent boolean NOT NULL,
    asked_by text NOT NULL,
    agency_id text NOT NULL,
    asked_at timestamptz NOT NULL,
    answer_by timestamptz NOT NULL,
    CONSTRAINT enquiries_pkey PRIMARY KEY (id),
    CONSTRAINT enquiries_place_key UNIQUE (place)
)""",
    "enquiry_offers": """(
    enquiry_id uuid NOT NULL,
    offer_id text NOT NULL,
    agency_id text NOT NULL,
    unfit text,
    answer text,
    places integer,
    free_from date,
    answered_at timestamptz,
    answered_by text,
    CONSTRAINT enquiry_offers_pkey PRIMARY KEY (enquiry_id, offer_id),
    CONSTRAINT enquiry_offers_enquiry_id_fkey FOREIGN KEY(enquiry_id) REFERENCES {schema}.enquiries (id)
)""",
}
_INDEXES = (
    "CREATE INDEX history_referral_id_idx ON {schema}.history (referral_id)",
    "CREATE INDEX provider_links_referral_id_idx ON {schema}.provider_links (referral_id)",
    "CREATE INDEX enquiries_agency_id_idx ON {schema}.enquiries (agency_id)",
    "CREATE INDEX enquiry_offers_agency_id_idx ON {schema}.enquiry_offers (agency_id)",
    "CREATE INDEX referrals_requested_at_idx ON {schema}.referrals (requested_at)",
)


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE {schema}.referrals ADD COLUMN {column}")
    for column in _CONSENT:
        op.execute(f"ALTER TABLE {schema}.referrals ALTER COLUMN {column} DROP NOT NULL")
    for name, body in _TABLES.items():
        op.execute(f"CREATE TABLE {schema}.{name} {body.format(schema=schema)}")
    for index in _INDEXES:
        op.execute(index.format(schema=schema))


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    op.execute(f"DROP INDEX {schema}.referrals_requested_at_idx")
    for name in reversed(_TABLES):
        op.execute(f"DROP TABLE {schema}.{name}")
    # A referral without consent cannot be kept as the former tables had it.
    for column in _CONSENT:
        op.execute(f"ALTER TABLE {schema}.referrals ALTER COLUMN {column} SET NOT NULL")
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE {schema}.referrals DROP COLUMN {column.split()[0]}")
