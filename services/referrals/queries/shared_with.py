"""What has been shared by a referral, version by version, and when each agency saw it: for the case's side."""

from collections.abc import Mapping

from domain.referral import Consent, Referral
from domain.sharing import MEANINGS, SUMMARY, SharedField
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.schemas.asking import ConsentGiven
from services.referrals.schemas.views import (
    FieldList,
    FieldView,
    SeenView,
    SharingView,
    VersionView,
)
from services.referrals.store import texts, versions


async def sharing_view(
    uow: UnitOfWork, referral: Referral, found: Mapping[str, str]
) -> SharingView:
    sent = []
    for version in await versions.of(uow, referral):
        said = texts.of_version(found, version.number)
        sent.append(
            VersionView(
                version=version.number,
                sent_at=version.sent_at,
                sent_by=version.sent_by,
                content_hash=version.digest.hex(),
                summary=said.get(SUMMARY),
                shared=fields_of(said),
                consent=consent_view(version.consent),
                without_consent=found.get(f"{texts.NOTE}without-consent-{version.number}"),
                reviewed_at=version.reviewed_at,
                reviewed_by=version.reviewed_by,
                justified=version.justified,
            )
        )
    seen = [
        SeenView.model_validate(each._mapping) for each in await versions.readings_of(uow, referral)
    ]
    return SharingView(stopped_at=referral.sharing_stopped_at, versions=sent, seen=seen)


def fields_of(said: Mapping[str, str]) -> dict[SharedField, str]:
    """In the order of the catalogue."""
    return {
        field: said[f"{texts.SHARED}{field}"]
        for field in SharedField
        if f"{texts.SHARED}{field}" in said
    }


def consent_view(consent: Consent | None) -> ConsentGiven | None:
    if consent is None:
        return None
    return ConsentGiven(
        given_by=consent.given_by,
        purpose=consent.purpose,
        recorded_at=consent.recorded_at,
        consent_id=consent.consent_id,
    )


def shareable() -> FieldList:
    """The catalogue from which a caseworker chooses."""
    return FieldList(
        items=[FieldView(field=field, meaning=meaning) for field, meaning in MEANINGS.items()]
    )
