"""Reads every chain of the audit through, from its first entry to its head."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg

from deploy.migrations.bootstrap import SERVICES
from infrastructure.audit_chain import AuditEntry

# A left join from the heads: a chain whose entries are all gone still has its head.
_CHAINS = """
select stream.subject, stream.audit_sequence, stream.audit_head, entry.sequence, entry.at, entry.staff_id,
       entry.agency_id, entry.roles, entry.action, entry.section, entry.outcome, entry.hash
from "{0}".streams stream left join "{0}".audit entry on entry.subject = stream.subject
where stream.audit_sequence > 0 order by stream.subject, entry.sequence
"""
_ORPHANS = """
select distinct entry.subject from "{0}".audit entry
left join "{0}".streams stream on stream.subject = entry.subject where stream.subject is null
"""
Head = tuple[int, str]  # how many entries, and the hash of the last in hexadecimal
Hashes = Mapping[tuple[str, int], str]


@dataclass
class Chains:
    """Of one service: the head of each subject, and a sentence for each chain that is not whole."""

    service: str
    heads: dict[str, Head]
    entries: int
    broken: list[str]
    hashes: Hashes  # of the entries that were asked for


async def read_chains(
    connection: asyncpg.Connection, service: str, wanted: frozenset[tuple[str, int]] = frozenset()
) -> Chains:
    """In one snapshot, so that commands may go on meanwhile; `wanted`: subject and sequence."""
    found = Chains(service, {}, 0, [], hashes := {})
    previous, expected, subject, spoilt = b"", 0, "", True
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        async for row in connection.cursor(_CHAINS.format(service)):
            if row["subject"] != subject:
                _close(found, subject, expected, previous, spoilt)
                subject, previous, expected, spoilt = row["subject"], b"", 0, False
                found.heads[subject] = (row["audit_sequence"], bytes(row["audit_head"]).hex())
            if spoilt or row["sequence"] is None:
                continue
            expected, found.entries = expected + 1, found.entries + 1
            if not _follows(row, previous, expected):
                found.broken.append(
                    f"{service} {subject}: entry {expected} is not as it was written"
                )
                spoilt = True
                continue
            previous = bytes(row["hash"])
            if (subject, expected) in wanted:
                hashes[subject, expected] = previous.hex()
        _close(found, subject, expected, previous, spoilt)
        for orphan in await connection.fetch(_ORPHANS.format(service)):
            found.broken.append(f"{service} {orphan['subject']}: entries without a head")
    return found


def _follows(row: Any, previous: bytes, expected: int) -> bool:
    entry = AuditEntry(
        row["subject"], row["at"], row["staff_id"], row["agency_id"], row["roles"], row["action"],
        row["section"], row["outcome"],
    )  # fmt: skip
    whole: bool = row["sequence"] == expected and bytes(row["hash"]) == entry.hash(
        previous, expected
    )
    return whole


def _close(found: Chains, subject: str, last: int, previous: bytes, spoilt: bool) -> None:
    if not spoilt and found.heads[subject] != (last, previous.hex()):
        found.broken.append(f"{found.service} {subject}: entries after {last} are missing")


async def read_all(url: str, wanted: Mapping[str, frozenset[tuple[str, int]]]) -> list[Chains]:
    """`url` logs in as one who may read every schema; raises OSError and asyncpg.PostgresError."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        there = {
            row["nspname"] for row in await connection.fetch("select nspname from pg_namespace")
        }
        return [
            await read_chains(connection, service, wanted.get(service, frozenset()))
            for service in SERVICES
            if service in there
        ]
    finally:
        await connection.close()
