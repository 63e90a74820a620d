"""What is shared with a provider: chosen field by field, on whose word, and how that ends.

What is sent is frozen; a later change is a version of its own, sent with consent again. To protect a child
something may be shared without consent: only what is needed, with the reason, looked at afterwards by somebody
else. Source: practice.md, section 2.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.disclosure import Custody, Viewer
from domain.errors import Hidden, Malformed, Refusal
from domain.referral import Consent, Referral
from domain.referral_reasons import CONSENT_WITHDRAWN
from domain.referral_states import ENDED, Party, ReferralNotInState
from domain.referring import cancel
from domain.vocabulary import ReferralState, Role

S = ReferralState


class ConsentDoesNotStand(Refusal):
    """The consent is not on record for this case, or has been withdrawn."""

    code = "consent-does-not-stand"


class SharingHasStopped(Refusal):
    """Consent was withdrawn: nothing more is shared by this referral."""

    code = "sharing-has-stopped"


class SharingReviewedByAnother(Refusal):
    """Sharing without consent is looked at by somebody other than who shared."""

    code = "sharing-reviewed-by-another"


class SharingReviewedBefore(Refusal):
    """This has been looked at before, or there was consent to it."""

    code = "sharing-reviewed-before"


class SharedField(StrEnum):
    """What a caseworker may choose to share with a provider, field by field."""

    NAME = "name"
    AGE = "age"
    GENDER = "gender"
    LOCATION = "location"
    CONTACT = "contact"
    LANGUAGE = "language"
    SCHOOL = "school"
    CONCERNS = "concerns"
    NEEDS = "needs"
    STRENGTHS = "strengths"
    SAFETY = "safety"
    AVAILABILITY = "availability"


MEANINGS: Mapping[SharedField, str] = {
    SharedField.NAME: "What the child is called",
    SharedField.AGE: "In years, or a band of years",
    SharedField.GENDER: "As the child says",
    SharedField.LOCATION: "Where the child is, as near as the service needs it",
    SharedField.CONTACT: "A safe way to reach child or family, and when",
    SharedField.LANGUAGE: "Which languages help to understand each other",
    SharedField.SCHOOL: "Which school, where the service works with it",
    SharedField.CONCERNS: "What gives concern, as far as this service needs to know",
    SharedField.NEEDS: "What is needed, in the child's and family's words",
    SharedField.STRENGTHS: "What the help can build on",
    SharedField.SAFETY: "What keeps child, family and staff safe at a meeting",
    SharedField.AVAILABILITY: "When they can come",
}
SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Version:
    """One sending, frozen. `consent` None: shared without it, until `reviewed_at` still to be looked at."""

    number: int
    sent_at: datetime
    sent_by: str
    fields: tuple[str, ...]
    digest: bytes  # of the texts, under the case's key
    consent: Consent | None
    reviewed_at: datetime | None = None
    reviewed_by: str | None = None
    justified: bool | None = None


def content(texts: Mapping[str, str]) -> bytes:
    """The one way of writing what is shared, for its digest."""
    return json.dumps(dict(texts), ensure_ascii=False, sort_keys=True).encode()


def demand_basis(consent: Consent | None, because: str | None) -> None:
    """Somebody's consent, or the reason why the child is protected without it: one of them, never both."""
    if (consent is None) == (because is None):
        raise Malformed(
            "Consent is needed, or the reason for sharing without it.",
            field="consent",
            allowed=["consent", "without_consent"],
        )


def demand_open(referral: Referral) -> None:
    """Raises SharingHasStopped, ReferralNotInState where nothing more can be sent."""
    if referral.sharing_stopped_at is not None:
        raise SharingHasStopped
    if referral.state in ENDED or referral.state is S.DRAFT:
        raise ReferralNotInState("Nothing is under way to be shared.", field="state")


def share(referral: Referral, consent: Consent | None) -> Referral:
    """The next version, on this consent or, where that is None, without any."""
    return replace(
        referral,
        shared_version=referral.shared_version + 1,
        consent=consent,
        without_consent=consent is None,
    )


def stops_on_withdrawal(referral: Referral, withdrawn: Consent) -> bool:
    """Whether this referral shares on the consent that is withdrawn."""
    given = referral.consent
    if given is None or referral.sharing_stopped_at is not None:
        return False
    if given.consent_id is not None:
        return given.consent_id == withdrawn.consent_id
    return (given.given_by, given.purpose) == (withdrawn.given_by, withdrawn.purpose)


def stop(referral: Referral, at: datetime) -> Referral:
    """Nothing more is shared, and what has not helped yet is taken back; help that was given stays."""
    stopped = replace(referral, sharing_stopped_at=at)
    if referral.state in ENDED or referral.service_given_at is not None:
        return stopped
    return cancel(stopped, CONSENT_WITHDRAWN, Party.PATHWAY, at)


def demand_reviewer(viewer: Viewer, case: Custody, version: Version) -> None:
    """The case's supervisor, or a manager of her agency, and never whoever shared; raises Hidden too."""
    if version.consent is not None or version.reviewed_at is not None:
        raise SharingReviewedBefore
    supervises = viewer.has(Role.SUPERVISOR) and viewer.staff_id == case.supervisor_id
    manages = viewer.has(Role.MANAGER) and viewer.agency_id == case.agency_id
    if viewer.staff_id in (version.sent_by, case.caseworker_id):
        raise SharingReviewedByAnother
    if not (supervises or manages):
        raise Hidden


def review(version: Version, by: str, justified: bool, at: datetime) -> Version:
    return replace(version, reviewed_at=at, reviewed_by=by, justified=justified)
