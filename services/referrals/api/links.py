"""Links for a provider without an account."""

from uuid import UUID

from fastapi import Response, status

from infrastructure.http import Router, Uow
from services.referrals.commands import linking
from services.referrals.queries import links
from services.referrals.schemas.links import LinkAnswer, LinkList, LinkRequest

router = Router(tags=["links"])


@router.post("/referrals/{referral_id}/link", status_code=status.HTTP_201_CREATED)
async def issue_link(uow: Uow, referral_id: UUID, asked: LinkRequest) -> LinkAnswer:
    """A link for the provider asked now, which is mailed, and the code that opens it: shown here once."""
    link, code = await linking.issue(
        uow, referral_id, valid_days=asked.valid_days, language=asked.language
    )
    return links.answer(link, code)


@router.get("/referrals/{referral_id}/links")
async def list_links(uow: Uow, referral_id: UUID) -> LinkList:
    """Every link given out, and what became of it."""
    return await links.of(uow, referral_id)


@router.delete("/referrals/{referral_id}/links/{link_id}", status_code=204)
async def revoke_link(uow: Uow, referral_id: UUID, link_id: UUID) -> Response:
    """The link leads nowhere from now on."""
    await linking.revoke(uow, referral_id, link_id)
    return Response(status_code=204)
