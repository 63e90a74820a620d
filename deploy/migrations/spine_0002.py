"""Requests for more time, in every service that owns deadlines. Frozen: a change is a new migration."""

_STATEMENTS = (
    """CREATE TABLE {schema}.deadline_requests (
    id uuid NOT NULL,
    deadline_id uuid NOT NULL,
    case_ref text NOT NULL,
    kind text NOT NULL,
    why text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    until timestamptz,
    state text NOT NULL,
    decided_by text,
    decided_at timestamptz,
    successor_id uuid,
    bearer_agency_id text NOT NULL,
    case_agency_id text NOT NULL,
    reason bytea NOT NULL,
    note bytea,
    CONSTRAINT deadline_requests_pkey PRIMARY KEY (id),
    CONSTRAINT deadline_requests_deadline_id_fkey FOREIGN KEY(deadline_id) REFERENCES {schema}.deadlines (id)
)""",
    """CREATE INDEX deadline_requests_case_ref_idx ON {schema}.deadline_requests (case_ref)""",
    """CREATE INDEX deadline_requests_successor_id_idx ON {schema}.deadline_requests (successor_id)""",
    # One question about a duty at a time.
    """CREATE UNIQUE INDEX deadline_requests_waiting_idx ON {schema}.deadline_requests (deadline_id)
    WHERE state = 'asked'""",
)
UNDONE = ("DROP TABLE {schema}.deadline_requests",)


def statements(schema: str) -> tuple[str, ...]:
    """The DDL, in order, for one schema; the name is our own and never comes from outside."""
    return tuple(statement.format(schema=schema) for statement in _STATEMENTS)
