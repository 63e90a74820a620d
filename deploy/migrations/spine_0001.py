"""The spine's tables as every service's migration 0001 makes them. Frozen: a change is a new migration."""

_STATEMENTS = (
    """CREATE TABLE {schema}.streams (
    subject text NOT NULL,
    sequence bigint NOT NULL,
    audit_sequence bigint NOT NULL,
    audit_head bytea NOT NULL,
    CONSTRAINT streams_pkey PRIMARY KEY (subject)
)""",
    """CREATE TABLE {schema}.outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    id uuid NOT NULL,
    aggregatetype text NOT NULL,
    aggregateid text NOT NULL,
    type text NOT NULL,
    payload jsonb NOT NULL,
    subject text NOT NULL,
    sequence bigint NOT NULL,
    source text NOT NULL,
    time timestamptz NOT NULL,
    traceparent text,
    queued_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT outbox_pkey PRIMARY KEY (seq)
)""",
    """CREATE TABLE {schema}.inbox (
    event_id uuid NOT NULL,
    applied_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT inbox_pkey PRIMARY KEY (event_id)
)""",
    """CREATE TABLE {schema}.parked_events (
    id bigint GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL,
    event_id uuid,
    type text,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    record_key bytea,
    header_names text[] NOT NULL,
    header_values bytea[] NOT NULL,
    body bytea,
    reason text NOT NULL,
    sentence text NOT NULL,
    parked_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    skipped_at timestamptz,
    skipped_by text,
    skipped_because text,
    CONSTRAINT parked_events_pkey PRIMARY KEY (id),
    CONSTRAINT parked_events_topic_partition_offset_key UNIQUE (topic, partition, "offset")
)""",
    """CREATE INDEX parked_events_key_idx ON {schema}.parked_events (key, id) WHERE skipped_at IS NULL""",
    """CREATE TABLE {schema}.audit (
    subject text NOT NULL,
    sequence bigint NOT NULL,
    at timestamptz NOT NULL,
    staff_id text NOT NULL,
    agency_id text NOT NULL,
    roles text NOT NULL,
    action text NOT NULL,
    section text,
    outcome text NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_pkey PRIMARY KEY (subject, sequence)
)""",
    """CREATE TABLE {schema}.idempotency (
    viewer text NOT NULL,
    key text NOT NULL,
    route text NOT NULL,
    body_hash bytea NOT NULL,
    status integer,
    body bytea,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT idempotency_pkey PRIMARY KEY (viewer, key)
)""",
    """CREATE TABLE {schema}.case_keys (
    subject text NOT NULL,
    key_id text NOT NULL,
    wrapped bytea,
    erased_at timestamptz,
    CONSTRAINT case_keys_pkey PRIMARY KEY (subject)
)""",
    """CREATE TABLE {schema}.deadlines (
    id uuid NOT NULL,
    case_ref text NOT NULL,
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    step text NOT NULL,
    agency_id text NOT NULL,
    responsible text NOT NULL,
    person_id text,
    anchor text NOT NULL,
    anchor_id uuid NOT NULL,
    anchored_at timestamptz NOT NULL,
    rule text NOT NULL,
    policy text NOT NULL,
    calendar text NOT NULL,
    due_at timestamptz NOT NULL,
    moments jsonb NOT NULL,
    version integer NOT NULL,
    state text NOT NULL,
    settled_at timestamptz,
    successor_id uuid,
    acknowledged_by text,
    acknowledged_at timestamptz,
    CONSTRAINT deadlines_pkey PRIMARY KEY (id)
)""",
    """CREATE INDEX deadlines_case_ref_idx ON {schema}.deadlines (case_ref)""",
    """CREATE INDEX deadlines_due_at_idx ON {schema}.deadlines (due_at) WHERE state = 'open'""",
    """CREATE TABLE {schema}.deadline_announcements (
    deadline_id uuid NOT NULL,
    version integer NOT NULL,
    moment text NOT NULL,
    outcome text NOT NULL,
    event_id uuid,
    at timestamptz NOT NULL,
    CONSTRAINT deadline_announcements_pkey PRIMARY KEY (deadline_id, version, moment),
    CONSTRAINT deadline_announcements_deadline_id_fkey FOREIGN KEY(deadline_id) REFERENCES {schema}.deadlines (id)
)""",
    """CREATE TABLE {schema}.deadline_changes (
    id bigint GENERATED ALWAYS AS IDENTITY,
    deadline_id uuid NOT NULL,
    change text NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    because text NOT NULL,
    approved_by text,
    due_at timestamptz NOT NULL,
    new_due_at timestamptz,
    CONSTRAINT deadline_changes_pkey PRIMARY KEY (id),
    CONSTRAINT deadline_changes_deadline_id_fkey FOREIGN KEY(deadline_id) REFERENCES {schema}.deadlines (id)
)""",
    """CREATE INDEX deadline_changes_deadline_id_idx ON {schema}.deadline_changes (deadline_id)""",
)


def statements(schema: str) -> tuple[str, ...]:
    """The DDL, in order, for one schema; the name is our own and never comes from outside."""
    return tuple(statement.format(schema=schema) for statement in _STATEMENTS)


def tables() -> tuple[str, ...]:
    """Names of the tables in the order they can be dropped."""
    made = (
        line.split(".", 1)[1].split(" ", 1)[0] for line in _STATEMENTS if "CREATE TABLE" in line
    )
    return tuple(reversed(tuple(made)))
