"""What somebody may do who comes by a link: give the code, read the statement, say something.

The visitor is no member of staff and has no token; the link and its code are all the right there is. The case is
loaded in the platform's own name, and every visit is audited under the link.
"""

import base64
import binascii
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from contracts.events.cases import FeedbackReceived
from domain import statement
from domain.case import Case
from domain.disclosure import Viewer
from domain.errors import Missing
from domain.statement import Link, LinkLocked, LinkOver, TooMuchFeedback
from domain.vocabulary import FeedbackKind, Section, SubjectType
from infrastructure.clock import wall_now
from infrastructure.crypto import CaseKey, case_key, open_sealed, seal
from infrastructure.ids import new_id
from infrastructure.key_ring import SealError
from infrastructure.settings import settings
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.store import cases, statements

VISITOR = Viewer(statement.VISITED_BY, statement.VISITED_BY, None, frozenset())
_OPEN = "open-statement"


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """A link that leads somewhere, with its case and the child's key."""

    link: Link
    case: Case
    key: CaseKey


async def visit(uow: UnitOfWork, typed: str, *, lock: bool = False) -> Visit:
    """Raises LinkOver for a link that never was, ended or was revoked; LinkLocked after wrong codes."""
    try:
        link = await statements.find(uow, UUID(typed), lock=lock)
    except ValueError:
        raise LinkOver from None
    try:
        statement.demand_usable(link, uow.now)
        case, _ = await cases.read(uow, link.case_ref, Viewer.system(uow.service))
        return Visit(link, case, await case_key(uow, link.case_ref))
    except (Missing, LinkLocked) as over:
        is_locked = isinstance(over, LinkLocked)
        outcome = LinkLocked.code if is_locked else LinkOver.code
        uow.audit(_OPEN, link.case_ref, _by(link), outcome=outcome)
        raise over if is_locked else LinkOver from None


async def give_code(uow: UnitOfWork, typed: str, code: str) -> tuple[Visit, str | None]:
    """What keeps the statement open in this browser; None for a wrong code, which is counted.

    Whoever locks the link is told so by the link: an exception would undo the lock. Raises LinkOver, LinkLocked.
    """
    found = await visit(uow, typed, lock=True)
    link = found.link
    is_right = await statements.is_code(uow, link, found.key, statement.read_code(code))
    tried = statement.guessed(link, is_right, settings().statement_attempts, uow.now)
    await statements.save(uow, tried)
    uow.audit(_OPEN, link.case_ref, _by(link), outcome="allowed" if is_right else "wrong-code")
    if tried.locked_at is not None:
        codes = {"link_id": str(link.id)}
        await happening.happened(
            uow, found.case, "statement-link.locked", Section.CONTACTS, codes=codes
        )
    return replace(found, link=tried), _pass(found) if is_right else None


def is_open(found: Visit, given: str) -> bool:
    """Whether the browser was let in by the code a short while ago, by the wall's clock."""
    try:
        sealed = base64.urlsafe_b64decode(given.encode())
        until = open_sealed(found.key, found.case.ref, _bound(found.link), sealed)
    except (SealError, binascii.Error, ValueError):
        return False
    return wall_now() < datetime.fromisoformat(until)


async def say(uow: UnitOfWork, found: Visit, kind: FeedbackKind, words: str) -> None:
    """What child or family say is on the record; a complaint, a question or a call for help is owed an answer.

    Raises TooMuchFeedback.
    """
    link, case = found.link, found.case
    if await statements.count_by(uow, link) >= settings().statement_feedback:
        raise TooMuchFeedback
    feedback_id = new_id()
    await statements.add_feedback(uow, link, found.key, feedback_id, kind, words)
    subject = (SubjectType.ACTION, str(feedback_id))
    said = FeedbackReceived(case_ref=case.ref, at=uow.now, feedback_id=feedback_id, kind=kind)
    await happening.happened(uow, case, said, Section.CONTACTS, subject=subject)
    if statement.awaits_answer(kind):
        await happening.happened(
            uow, case, f"feedback.{kind.value}", Section.CONTACTS, subject=subject
        )
    uow.audit("give-feedback", case.ref, _by(link))


def seen(uow: UnitOfWork, found: Visit) -> None:
    """The statement was read."""
    uow.audit("read-statement", found.case.ref, _by(found.link))


def _pass(found: Visit) -> str:
    """Opens this one link, for a short while, and only as long as the child's key exists."""
    until = wall_now() + timedelta(minutes=settings().statement_minutes)
    sealed = seal(found.key, found.case.ref, _bound(found.link), until.isoformat())
    return base64.urlsafe_b64encode(sealed).decode()


def _bound(link: Link) -> str:
    return f"statement-pass/{link.id}"


def _by(link: Link) -> str:
    """Which link it was, where the audit says of a member of staff which section."""
    return f"link {link.id}"
