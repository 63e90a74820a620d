"""The consent that a sending rests on: on record where it is named, and not withdrawn since."""

from datetime import datetime

from domain.errors import Malformed
from domain.referral import Consent
from domain.sharing import ConsentDoesNotStand
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store import known
from services.referrals.store.known import KnownCase


async def demand_consent(uow: UnitOfWork, case: KnownCase, given: Consent) -> None:
    """On the case's record when it is named by id; not withdrawn since, in either form."""
    if given.recorded_at > uow.now:
        raise Malformed("Consent is recorded before it is relied on.", field="consent.recorded_at")
    on_record = await known.consents(uow, case.case_ref)
    if given.consent_id is not None:
        standing = [
            each
            for each, withdrawn_at in on_record
            if each.consent_id == given.consent_id and withdrawn_at is None
        ]
        if not standing:
            raise ConsentDoesNotStand(field="consent.consent_id")
    elif any(_undoes(each, withdrawn_at, given) for each, withdrawn_at in on_record):
        raise ConsentDoesNotStand(field="consent")


def _undoes(known_as: Consent, withdrawn_at: datetime | None, given: Consent) -> bool:
    """Whether the same person took the same consent back after it was given."""
    same = (known_as.given_by, known_as.purpose) == (given.given_by, given.purpose)
    return same and withdrawn_at is not None and withdrawn_at >= given.recorded_at
