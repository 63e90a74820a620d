"""Links to the family's statement, and what was said by them. Load the case with its viewer before."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from domain.case import Case
from domain.errors import Missing
from domain.statement import Language, Link, LinkOver
from domain.vocabulary import FeedbackKind, Person
from infrastructure.crypto import CaseKey
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.narratives import opened, sealed
from services.cases.store.statement_tables import feedback, statement_links

_KEPT = [column for column in statement_links.c if column.name not in ("code_digest", "contact")]


@dataclass(frozen=True, slots=True, repr=False)
class Feedback:
    """What child or family said; `words` None: the child's key was destroyed."""

    id: UUID
    link_id: UUID
    kind: FeedbackKind
    given_by: Person
    received_at: datetime
    words: str | None
    answered_at: datetime | None
    answered_by: str | None
    answer: str | None


async def add(uow: UnitOfWork, link: Link, key: CaseKey, code: str, contact: str) -> None:
    """The code itself is kept nowhere: only what it gives under the child's key."""
    await uow.connection.execute(
        insert(statement_links).values(
            id=link.id,
            case_ref=link.case_ref,
            language=link.language.value,
            for_whom=link.for_whom.value,
            issued_at=link.issued_at,
            issued_by=link.issued_by,
            expires_at=link.expires_at,
            attempts=0,
            withheld=sorted(link.withheld),
            code_digest=_digest(key, link.id, code),
            contact=sealed(key, link.case_ref, f"contact/{link.id}", contact) if contact else None,
        )
    )


async def find(uow: UnitOfWork, link_id: UUID, *, lock: bool) -> Link:
    """For whoever comes by the link: it is all they have. Raises LinkOver."""
    query = select(*_KEPT).where(statement_links.c.id == link_id)
    query = query.with_for_update() if lock else query
    row = (await uow.connection.execute(query)).mappings().first()
    if row is None:
        raise LinkOver
    return _link(row)


async def one(uow: UnitOfWork, case: Case, link_id: UUID) -> Link:
    """Raises Missing."""
    found = [each for each in await all_of(uow, case) if each.id == link_id]
    if not found:
        raise Missing
    return found[0]


async def all_of(uow: UnitOfWork, case: Case) -> list[Link]:
    """In the order in which they were given out, ended ones included."""
    query = (
        select(*_KEPT)
        .where(statement_links.c.case_ref == case.ref)
        .order_by(statement_links.c.issued_at, statement_links.c.id)
    )
    return [_link(row) for row in (await uow.connection.execute(query)).mappings()]


async def save(uow: UnitOfWork, link: Link) -> None:
    await uow.connection.execute(
        update(statement_links)
        .where(statement_links.c.id == link.id)
        .values(
            revoked_at=link.revoked_at,
            attempts=link.attempts,
            locked_at=link.locked_at,
            opened_at=link.opened_at,
        )
    )


async def is_code(uow: UnitOfWork, link: Link, key: CaseKey, code: str) -> bool:
    """Compared in a time that says nothing of the code."""
    query = select(statement_links.c.code_digest).where(statement_links.c.id == link.id)
    kept = (await uow.connection.execute(query)).scalar_one()
    return hmac.compare_digest(bytes(kept), _digest(key, link.id, code))


async def contact_of(uow: UnitOfWork, link: Link, key: CaseKey) -> str | None:
    query = select(statement_links.c.contact).where(statement_links.c.id == link.id)
    kept = (await uow.connection.execute(query)).scalar()
    found: str | None = opened(key, link.case_ref, f"contact/{link.id}", kept)
    return found


async def add_feedback(
    uow: UnitOfWork, link: Link, key: CaseKey, feedback_id: UUID, kind: FeedbackKind, words: str
) -> None:
    await uow.connection.execute(
        insert(feedback).values(
            id=feedback_id,
            case_ref=link.case_ref,
            link_id=link.id,
            kind=kind.value,
            given_by=link.for_whom.value,
            received_at=uow.now,
            words=sealed(key, link.case_ref, f"feedback/{feedback_id}", words),
        )
    )


async def count_by(uow: UnitOfWork, link: Link) -> int:
    """How much was said by this link."""
    query = select(func.count()).where(feedback.c.link_id == link.id)
    return int((await uow.connection.execute(query)).scalar_one())


async def feedback_of(uow: UnitOfWork, case: Case, key: CaseKey | None) -> list[Feedback]:
    """Everything that was said, in order."""
    query = (
        select(feedback)
        .where(feedback.c.case_ref == case.ref)
        .order_by(feedback.c.received_at, feedback.c.id)
    )
    return [
        Feedback(
            id=row["id"],
            link_id=row["link_id"],
            kind=FeedbackKind(row["kind"]),
            given_by=Person(row["given_by"]),
            received_at=row["received_at"],
            words=opened(key, case.ref, f"feedback/{row['id']}", row["words"]),
            answered_at=row["answered_at"],
            answered_by=row["answered_by"],
            answer=opened(key, case.ref, f"answer/{row['id']}", row["answer"]),
        )
        for row in (await uow.connection.execute(query)).mappings()
    ]


async def answer(uow: UnitOfWork, case: Case, key: CaseKey, feedback_id: UUID, words: str) -> None:
    await uow.connection.execute(
        update(feedback)
        .where(feedback.c.id == feedback_id)
        .values(
            answered_at=uow.now,
            answered_by=uow.viewer.staff_id,
            answer=sealed(key, case.ref, f"answer/{feedback_id}", words),
        )
    )


def _digest(key: CaseKey, link_id: UUID, code: str) -> bytes:
    """Under the child's key: of no use to whoever has the database alone."""
    return hmac.new(key.secret, f"statement|{link_id}|{code}".encode(), hashlib.sha256).digest()


def _link(row: Mapping[Any, Any]) -> Link:
    return Link(
        id=row["id"],
        case_ref=row["case_ref"],
        language=Language(row["language"]),
        for_whom=Person(row["for_whom"]),
        issued_at=row["issued_at"],
        issued_by=row["issued_by"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        attempts=row["attempts"],
        locked_at=row["locked_at"],
        opened_at=row["opened_at"],
        withheld=frozenset(row["withheld"]),
    )
