"""The tables of the family's statement: links, and what was said by them, all words sealed."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from services.cases.store.tables import metadata

statement_links = Table(
    "statement_links",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_ref", Text, ForeignKey("cases.ref"), nullable=False),
    Column("language", Text, nullable=False),
    Column("for_whom", Text, nullable=False),
    Column("issued_at", TIMESTAMP(timezone=True), nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
    Column("revoked_at", TIMESTAMP(timezone=True)),
    Column("attempts", Integer, nullable=False),
    Column("locked_at", TIMESTAMP(timezone=True)),
    Column("opened_at", TIMESTAMP(timezone=True)),
    Column("withheld", ARRAY(Uuid), nullable=False),
    Column("code_digest", LargeBinary, nullable=False),
    Column("contact", LargeBinary),
    Index("statement_links_case_ref_idx", "case_ref"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_ref", Text, ForeignKey("cases.ref"), nullable=False),
    Column("link_id", Uuid, ForeignKey("statement_links.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("received_at", TIMESTAMP(timezone=True), nullable=False),
    Column("words", LargeBinary, nullable=False),
    Column("answered_at", TIMESTAMP(timezone=True)),
    Column("answered_by", Text),
    Column("answer", LargeBinary),
    Index("feedback_case_ref_idx", "case_ref"),
)
