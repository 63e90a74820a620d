"""What somebody may do who comes by a link: give the code, then speak for the provider that was asked.

The visitor is no member of staff and has no token: the signed link and its code are all the right there is. Once
both are given, the same commands are called as by staff of the provider, in the link's own name.
"""

import base64
import binascii
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from domain import provider_link
from domain.disclosure import Viewer
from domain.errors import Missing
from domain.provider_link import (
    CodeNeeded,
    ProviderLink,
    ReferralLinkLocked,
    ReferralLinkOver,
)
from domain.statement import read_code
from domain.vocabulary import Role
from infrastructure import links as signed_links
from infrastructure.clock import wall_now
from infrastructure.crypto import CaseKey, case_key, open_sealed, seal
from infrastructure.key_ring import SealError
from infrastructure.links import LinkNotSigned
from infrastructure.settings import settings
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store import links, records
from services.referrals.store.records import Opened

VISITOR = Viewer("link", "link", None, frozenset())
_OPEN = "open-referral-link"


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """A link that leads somewhere, with its referral and the case's key."""

    link: ProviderLink
    opened: Opened
    key: CaseKey


async def who_comes(uow: UnitOfWork, token: str) -> Viewer:
    """In whose name the link speaks; raises ReferralLinkOver. It gives no right by itself: visit does."""
    link = await links.find(uow, _link_id(token))
    return Viewer(link.used_by, link.agency_id, None, frozenset({Role.PROVIDER}))


async def visit(uow: UnitOfWork, token: str) -> Visit:
    """Held until the commit, the referral before the link: whoever revokes it meanwhile comes before or after.

    Raises ReferralLinkOver, ReferralLinkLocked (audited).
    """
    link_id = _link_id(token)
    opened = await records.for_link(uow, (await links.find(uow, link_id)).referral_id)
    link = await links.find(uow, link_id, lock=True)
    case_ref = opened.referral.case_ref
    try:
        provider_link.demand_usable(link, opened.referral, uow.now)
        return Visit(link, opened, await case_key(uow, case_ref))
    except ReferralLinkLocked:
        uow.audit(_OPEN, case_ref, outcome=ReferralLinkLocked.code)
        raise
    except Missing:
        uow.audit(_OPEN, case_ref, outcome=ReferralLinkOver.code)
        raise ReferralLinkOver from None


async def give_code(uow: UnitOfWork, token: str, code: str) -> tuple[Visit, str | None]:
    """What keeps the referral open in this browser; None for a wrong code, which is counted.

    Whoever locks the link is told so by the link: an exception would undo the lock.
    """
    found = await visit(uow, token)
    is_right = await links.is_code(uow, found.link, found.key, read_code(code))
    link = provider_link.guessed(found.link, is_right, settings().link_attempts, uow.now)
    await links.save(uow, link)
    uow.audit(
        _OPEN, found.opened.referral.case_ref, outcome="allowed" if is_right else "wrong-code"
    )
    return replace(found, link=link), _pass(found) if is_right else None


def is_open(found: Visit, given: str) -> bool:
    """Whether the browser was let in by the code a short while ago, by the wall's clock."""
    try:
        sealed = base64.urlsafe_b64decode(given.encode())
        case_ref = found.opened.referral.case_ref
        until = open_sealed(found.key, case_ref, _bound(found.link), sealed)
    except (SealError, binascii.Error, ValueError):
        return False
    return wall_now() < datetime.fromisoformat(until)


async def demand_open(uow: UnitOfWork, token: str, given: str) -> Visit:
    """For whoever wants to say something; raises CodeNeeded too."""
    found = await visit(uow, token)
    if not is_open(found, given):
        raise CodeNeeded
    return found


def _pass(found: Visit) -> str:
    """Opens this one link, for a short while, and only as long as the case's key exists."""
    until = wall_now() + timedelta(minutes=settings().link_minutes)
    case_ref = found.opened.referral.case_ref
    sealed = seal(found.key, case_ref, _bound(found.link), until.isoformat())
    return base64.urlsafe_b64encode(sealed).decode()


def _bound(link: ProviderLink) -> str:
    return f"referral-pass/{link.id}"


def _link_id(token: str) -> UUID:
    try:
        return signed_links.verify(token, signed_links.link_ring()).link_id
    except LinkNotSigned:
        raise ReferralLinkOver from None
