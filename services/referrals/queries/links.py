"""Links given out for a referral, and what became of them: for the case's side."""

from uuid import UUID

from domain.provider_link import ProviderLink
from domain.referral_states import Party
from infrastructure import links as signed_links
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.schemas.links import LinkAnswer, LinkList, LinkView
from services.referrals.store import links, records


async def of(uow: UnitOfWork, referral_id: UUID) -> LinkList:
    """Raises Missing, Hidden (audited)."""
    opened, _ = await records.load(uow, referral_id, "list-links", Party.SENDER)
    return LinkList(
        items=[
            LinkView(
                link_id=link.id,
                attempt=link.attempt,
                agency_id=link.agency_id,
                language=link.language,
                issued_at=link.issued_at,
                issued_by=link.issued_by,
                expires_at=link.expires_at,
                revoked_at=link.revoked_at,
                locked_at=link.locked_at,
                opened_at=link.opened_at,
            )
            for link in await links.of(uow, opened.referral)
        ]
    )


def answer(link: ProviderLink, code: str) -> LinkAnswer:
    """The only time that the code is shown."""
    return LinkAnswer(
        link_id=link.id,
        url=signed_links.address(link.id, link.expires_at),
        code=code,
        expires_at=link.expires_at,
    )
