"""Archived files whose time is over: people are asked, and may keep a file longer. Source: practice.md, step 7.

A file is kept for years. No timer sleeps so long: once an hour the record is asked which files are at their end.
See docs/decisions/0301.
"""

import asyncio
from datetime import datetime

import structlog

from domain import closure, retention
from domain.case import Case
from domain.disclosure import Action, Viewer
from domain.errors import Unavailable
from domain.vocabulary import Section, SubjectType
from infrastructure.db import Database
from infrastructure.ids import new_id
from infrastructure.service import Parts
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.commands.audited import audited
from services.cases.schemas.retention import RetentionAnswer, RetentionBody
from services.cases.store import archived, cases, narratives

_EVERY_SECONDS = 3600.0

log = structlog.get_logger(__name__)


@audited("keep-file-longer", Section.CLOSURE)
async def keep_longer(uow: UnitOfWork, ref: str, body: RetentionBody) -> RetentionAnswer:
    """With a reason; the duty to decide is met by it, and comes again at the new end."""
    before = await cases.load(uow, ref, uow.viewer, to=Action.KEEP_FILE)
    case = retention.keep(before, body.until, uow.now)
    await cases.save(uow, case)
    told, closure_id = {"reason": body.reason}, str(closure.of(case).id)
    await narratives.add(uow, case, Section.CLOSURE, "retention", closure_id, new_id(), told)
    await note_end(uow, case, body.until)
    return RetentionAnswer(case_ref=ref, erase_at=body.until)


async def note_end(uow: UnitOfWork, case: Case, until: datetime) -> None:
    """Until when the file is kept, on record in the open: it outlives the words."""
    closure_id = str(closure.of(case).id)
    await happening.happened(
        uow,
        case,
        retention.SET,
        Section.CLOSURE,
        codes={"closure_id": closure_id, "until": until.isoformat()},
    )


async def ask_about_files(db: Database) -> int:
    """Sets the duty to decide for every file whose retention is over; answers for how many. Raises Unavailable."""
    viewer = Viewer.system(db.service)
    async with db.transaction(viewer) as uow:
        refs = await archived.at_their_end(uow)
    for ref in refs:
        async with db.transaction(viewer) as uow:
            await _ask_about(uow, ref)
    return len(refs)


async def watch_retention(parts: Parts) -> None:
    """Until cancelled."""
    while True:
        try:
            if asked := await ask_about_files(parts.db):
                log.info("retention.ended", files=asked)
        except Unavailable:
            log.warning("retention.unasked")
        await asyncio.sleep(_EVERY_SECONDS)


async def _ask_about(uow: UnitOfWork, ref: str) -> None:
    """Another process may have asked meanwhile, or somebody kept the file longer."""
    case = await cases.load(uow, ref, uow.viewer)
    if retention.is_over(case, uow.now) and ref in await archived.at_their_end(uow, ref):
        subject = (SubjectType.CASE, ref)
        await happening.happened(uow, case, retention.ENDED, Section.CLOSURE, subject=subject)
        uow.audit("ask-about-file", ref, Section.CLOSURE)
