"""Who read or wrote what, in a hash chain a subject: an entry that was changed, removed or added later shows.

The chain's head lies beside it in `streams`; signed checkpoints of all heads are kept outside the database.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

ALLOWED = "allowed"

_HEAD = text("SELECT audit_sequence, audit_head FROM streams WHERE subject = :subject")
_CHAIN = text("""
SELECT sequence, hash, subject, at, staff_id, agency_id, roles, action, section, outcome
FROM audit WHERE subject = :subject ORDER BY sequence
""")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Somebody did, or was refused, something concerning a subject. Codes and ids only."""

    subject: str
    at: datetime
    staff_id: str
    agency_id: str
    roles: str
    action: str
    section: str | None
    outcome: str

    def hash(self, previous: bytes, sequence: int) -> bytes:
        """SHA-256 over the hash before it and this row in one canonical form."""
        row = [
            self.subject, sequence, self.at.astimezone(UTC).isoformat(), self.staff_id, self.agency_id,
            self.roles, self.action, self.section, self.outcome,
        ]  # fmt: skip
        canonical = json.dumps(row, separators=(",", ":"), ensure_ascii=False).encode()
        return hashlib.sha256(previous + canonical).digest()


async def first_broken(connection: AsyncConnection, subject: str) -> int | None:
    """The sequence of the first entry that is not as it was written, or is missing; None: all is well."""
    head = (await connection.execute(_HEAD, {"subject": subject})).first()
    expected, previous = 0, b""
    for row in await connection.execute(_CHAIN, {"subject": subject}):
        expected += 1
        entry = AuditEntry(*row[2:])
        if row.sequence != expected or bytes(row.hash) != entry.hash(previous, expected):
            return expected
        previous = bytes(row.hash)
    last, kept = (head.audit_sequence, bytes(head.audit_head)) if head else (0, b"")
    return None if (last, kept) == (expected, previous) else expected + 1
