"""What is told in words: sealed as one text a record, bound to its case and its own id."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select

from domain import disclosure
from domain.case import Case
from domain.disclosure import Viewer
from domain.errors import Missing
from domain.vocabulary import Section
from infrastructure.crypto import CaseKey, case_key, open_sealed, seal
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.tables import narratives


@dataclass(frozen=True, slots=True, repr=False)
class Narrative:
    """`content` None: the child's key was destroyed."""

    id: UUID
    section: Section
    kind: str
    subject_id: str
    recorded_at: datetime
    recorded_by: str
    content: dict[str, Any] | None


async def add(
    uow: UnitOfWork,
    case: Case,
    section: Section,
    kind: str,
    subject_id: str,
    narrative_id: UUID,
    content: dict[str, Any],
) -> None:
    key = await case_key(uow, case.ref)
    await uow.connection.execute(
        insert(narratives).values(
            id=narrative_id,
            case_ref=case.ref,
            section=section.value,
            kind=kind,
            subject_id=subject_id,
            recorded_at=uow.now,
            recorded_by=uow.viewer.staff_id,
            content=sealed(key, case.ref, f"{kind}/{narrative_id}", content),
        )
    )


async def all_of(
    uow: UnitOfWork,
    case: Case,
    viewer: Viewer,
    key: CaseKey | None,
    kinds: Collection[str] | None = None,
) -> list[Narrative]:
    """In the order of their recording, those in sections that the viewer sees; `kinds` None: of every kind."""
    seen: Collection[Section] = disclosure.visible_sections(viewer, case.custody)
    query = (
        select(narratives)
        .where(
            narratives.c.case_ref == case.ref,
            narratives.c.section.in_([each.value for each in seen]),
        )
        .order_by(narratives.c.recorded_at, narratives.c.id)
    )
    if kinds is not None:
        query = query.where(narratives.c.kind.in_(list(kinds)))
    return [_read(case, key, row) for row in await uow.connection.execute(query)]


async def about(
    uow: UnitOfWork, case: Case, key: CaseKey | None, kind: str, subject_id: str
) -> list[Narrative]:
    """Those of one kind on one subject, for a caller that has decided who reads them."""
    query = (
        select(narratives)
        .where(
            narratives.c.case_ref == case.ref,
            narratives.c.kind == kind,
            narratives.c.subject_id == subject_id,
        )
        .order_by(narratives.c.recorded_at, narratives.c.id)
    )
    return [_read(case, key, row) for row in await uow.connection.execute(query)]


async def key_of(uow: UnitOfWork, case: Case) -> CaseKey | None:
    """The child's key; None when it was destroyed, and with it every word."""
    try:
        return await case_key(uow, case.ref)
    except Missing:
        return None


def _read(case: Case, key: CaseKey | None, row: Row[Any]) -> Narrative:
    return Narrative(
        id=row.id,
        section=Section(row.section),
        kind=row.kind,
        subject_id=row.subject_id,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        content=opened(key, case.ref, f"{row.kind}/{row.id}", row.content),
    )


def sealed(key: CaseKey, ref: str, field: str, content: object) -> bytes:
    return seal(key, ref, field, json.dumps(content, ensure_ascii=False))


def opened(key: CaseKey | None, ref: str, field: str, content: bytes | None) -> Any:
    """None for what was never recorded, or can be read no more."""
    if key is None or content is None:
        return None
    return json.loads(open_sealed(key, ref, field, bytes(content)))
