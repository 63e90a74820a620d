"""Transfers with their handover lists, and caseloads handed over."""

from alembic import context, op

revision = "cases_0003"
down_revision = "cases_0002"

_OWN: tuple[str, ...] = (
    """CREATE TABLE {schema}.transfers (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    from_agency_id text NOT NULL,
    to_agency_id text NOT NULL,
    to_team_id text,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    reason text NOT NULL,
    basis text NOT NULL,
    policy_choice text NOT NULL,
    state text NOT NULL,
    answered_by text,
    answered_at timestamptz,
    answer text,
    CONSTRAINT transfers_pkey PRIMARY KEY (id),
    CONSTRAINT transfers_case_ref_fkey FOREIGN KEY(case_ref) REFERENCES {schema}.cases (ref)
)""",
    # One question at a time: two acceptances can never compete for a case.
    """CREATE UNIQUE INDEX transfers_pending_idx ON {schema}.transfers (case_ref)
    WHERE state = 'requested'""",
    """CREATE INDEX transfers_to_agency_id_idx ON {schema}.transfers (to_agency_id, requested_at, id)""",
    """CREATE INDEX transfers_from_agency_id_idx
    ON {schema}.transfers (from_agency_id, requested_at, id)""",
    """CREATE TABLE {schema}.handover_items (
    id uuid NOT NULL,
    transfer_id uuid NOT NULL,
    place integer NOT NULL,
    kind text NOT NULL,
    what text NOT NULL,
    due_at timestamptz,
    note bytea,
    ticked_by text,
    ticked_at timestamptz,
    CONSTRAINT handover_items_pkey PRIMARY KEY (id),
    CONSTRAINT handover_items_transfer_id_fkey FOREIGN KEY(transfer_id)
        REFERENCES {schema}.transfers (id)
)""",
    """CREATE INDEX handover_items_transfer_id_idx ON {schema}.handover_items (transfer_id)""",
    """CREATE TABLE {schema}.caseload_handovers (
    id uuid NOT NULL,
    staff_id text NOT NULL,
    agency_id text NOT NULL,
    handed_over_by text NOT NULL,
    handed_over_at timestamptz NOT NULL,
    manifest jsonb NOT NULL,
    CONSTRAINT caseload_handovers_pkey PRIMARY KEY (id)
)""",
    """CREATE INDEX caseload_handovers_staff_id_idx
    ON {schema}.caseload_handovers (staff_id, handed_over_at)""",
)
_TABLES = ("caseload_handovers", "handover_items", "transfers")


def upgrade() -> None:
    schema = context.config.attributes["schema"]
    for statement in _OWN:
        op.execute(statement.format(schema=schema))


def downgrade() -> None:
    schema = context.config.attributes["schema"]
    for table in _TABLES:
        op.execute(f"DROP TABLE {schema}.{table}")
