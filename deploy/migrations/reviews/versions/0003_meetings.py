"""Conferences and planning meetings, decisions as duties, reports, postponements, and who has a hand in a case."""

from alembic import context, op

revision = "reviews_0003"
down_revision = "reviews_0002"

_UP = (
    "ALTER TABLE {schema}.cases_known ADD COLUMN reviews_before integer NOT NULL DEFAULT 0",
    "ALTER TABLE {schema}.reviews ADD COLUMN child_participation text",
    "ALTER TABLE {schema}.reviews ADD COLUMN attended text[]",
    "ALTER TABLE {schema}.reviews ADD COLUMN postponements integer NOT NULL DEFAULT 0",
    """CREATE TABLE {schema}.case_hands (
    case_ref text NOT NULL,
    staff_id text NOT NULL,
    CONSTRAINT case_hands_pkey PRIMARY KEY (case_ref, staff_id)
)""",
    """INSERT INTO {schema}.case_hands (case_ref, staff_id)
    SELECT case_ref, person FROM {schema}.cases_known, unnest(ARRAY[caseworker_id, supervisor_id]) AS person
    WHERE person IS NOT NULL ON CONFLICT DO NOTHING""",
    """CREATE TABLE {schema}.case_helpers (
    referral_id uuid NOT NULL,
    agency_id text NOT NULL,
    case_ref text NOT NULL,
    state text NOT NULL,
    CONSTRAINT case_helpers_pkey PRIMARY KEY (referral_id, agency_id)
)""",
    "CREATE INDEX case_helpers_case_ref_idx ON {schema}.case_helpers (case_ref)",
    """CREATE TABLE {schema}.review_postponements (
    review_id uuid NOT NULL,
    times integer NOT NULL,
    reason text NOT NULL,
    note bytea,
    before timestamptz NOT NULL,
    after timestamptz NOT NULL,
    postponed_at timestamptz NOT NULL,
    postponed_by text NOT NULL,
    CONSTRAINT review_postponements_pkey PRIMARY KEY (review_id, times),
    CONSTRAINT review_postponements_review_id_fkey FOREIGN KEY (review_id)
        REFERENCES {schema}.reviews (id)
)""",
    """CREATE TABLE {schema}.meetings (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    kind text NOT NULL,
    policy text NOT NULL,
    state text NOT NULL,
    called_by text NOT NULL,
    called_at timestamptz NOT NULL,
    chair_id text NOT NULL,
    participants text[] NOT NULL,
    meeting_at timestamptz NOT NULL,
    sequence integer NOT NULL,
    purpose bytea NOT NULL,
    held_at timestamptz,
    child_took_part boolean,
    child_participation text,
    why_not bytea,
    minutes bytea,
    attended text[],
    CONSTRAINT meetings_pkey PRIMARY KEY (id),
    CONSTRAINT meetings_case_ref_fkey FOREIGN KEY (case_ref)
        REFERENCES {schema}.cases_known (case_ref)
)""",
    "CREATE INDEX meetings_case_ref_idx ON {schema}.meetings (case_ref, meeting_at)",
    """CREATE TABLE {schema}.meeting_changes (
    meeting_id uuid NOT NULL,
    sequence integer NOT NULL,
    reason text NOT NULL,
    chair_id text NOT NULL,
    participants text[] NOT NULL,
    meeting_at timestamptz NOT NULL,
    set_at timestamptz NOT NULL,
    set_by text NOT NULL,
    CONSTRAINT meeting_changes_pkey PRIMARY KEY (meeting_id, sequence),
    CONSTRAINT meeting_changes_meeting_id_fkey FOREIGN KEY (meeting_id)
        REFERENCES {schema}.meetings (id)
)""",
    """CREATE TABLE {schema}.decisions (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    taken_in uuid NOT NULL,
    chair_id text,
    place integer NOT NULL,
    text bytea NOT NULL,
    owner text NOT NULL,
    owner_id text,
    owner_agency_id text NOT NULL,
    due date NOT NULL,
    due_at timestamptz,
    taken_at timestamptz NOT NULL,
    carried_out_at timestamptz,
    carried_out_by text,
    CONSTRAINT decisions_pkey PRIMARY KEY (id),
    CONSTRAINT decisions_case_ref_fkey FOREIGN KEY (case_ref)
        REFERENCES {schema}.cases_known (case_ref)
)""",
    "CREATE UNIQUE INDEX decisions_taken_in_place_key ON {schema}.decisions (taken_in, place)",
    """CREATE INDEX decisions_owner_id_idx ON {schema}.decisions (owner_id)
    WHERE carried_out_at IS NULL""",
    """INSERT INTO {schema}.decisions
        (id, case_ref, taken_in, chair_id, place, text, owner, owner_agency_id, due, taken_at)
    SELECT gen_random_uuid(), review.case_ref, review.id, review.chair_id, decision.place, decision.text,
           decision.owner, known.agency_id, decision.due, review.held_at
    FROM {schema}.review_decisions decision
    JOIN {schema}.reviews review ON review.id = decision.review_id
    JOIN {schema}.cases_known known ON known.case_ref = review.case_ref""",
    "DROP TABLE {schema}.review_decisions",
    """CREATE TABLE {schema}.reports (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    asked_for uuid NOT NULL,
    agency_id text NOT NULL,
    staff_id text,
    due_at timestamptz NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL,
    dropped boolean NOT NULL,
    received_at timestamptz,
    received_by text,
    text bytea,
    CONSTRAINT reports_pkey PRIMARY KEY (id),
    CONSTRAINT reports_case_ref_fkey FOREIGN KEY (case_ref)
        REFERENCES {schema}.cases_known (case_ref)
)""",
    "CREATE INDEX reports_asked_for_idx ON {schema}.reports (asked_for)",
    """CREATE INDEX reports_agency_id_idx ON {schema}.reports (agency_id)
    WHERE received_at IS NULL AND NOT dropped""",
)
_DOWN = (
    """CREATE TABLE {schema}.review_decisions (
    review_id uuid NOT NULL,
    place integer NOT NULL,
    text bytea NOT NULL,
    owner text NOT NULL,
    due date NOT NULL,
    CONSTRAINT review_decisions_pkey PRIMARY KEY (review_id, place),
    CONSTRAINT review_decisions_review_id_fkey FOREIGN KEY (review_id)
        REFERENCES {schema}.reviews (id)
)""",
    """INSERT INTO {schema}.review_decisions (review_id, place, text, owner, due)
    SELECT decision.taken_in, decision.place, decision.text, decision.owner, decision.due
    FROM {schema}.decisions decision JOIN {schema}.reviews review ON review.id = decision.taken_in""",
    *(
        f"DROP TABLE {{schema}}.{table}"
        for table in (
            "reports", "decisions", "meeting_changes", "meetings", "review_postponements",
            "case_helpers", "case_hands",
        )
    ),
    "ALTER TABLE {schema}.reviews DROP COLUMN postponements",
    "ALTER TABLE {schema}.reviews DROP COLUMN attended",
    "ALTER TABLE {schema}.reviews DROP COLUMN child_participation",
    "ALTER TABLE {schema}.cases_known DROP COLUMN reviews_before",
)  # fmt: skip


def upgrade() -> None:
    _run(_UP)


def downgrade() -> None:
    _run(_DOWN)


def _run(statements: tuple[str, ...]) -> None:
    schema = context.config.attributes["schema"]
    for statement in statements:
        op.execute(statement.format(schema=schema))
