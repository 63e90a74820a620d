"""What the case's side asks for."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from domain.referral import Consent
from domain.sharing import SharedField
from domain.vocabulary import Bearer, Person
from infrastructure.http import RequestBody
from services.referrals.schemas.words import CaseRef, Code, LanguageCode, Note, Text


class ConsentGiven(RequestBody):
    """On whose word the fields are shared; `consent_id` where the case has it on record."""

    given_by: Person
    purpose: Code = "referral"
    recorded_at: AwareDatetime
    consent_id: UUID | None = None

    def as_consent(self) -> Consent:
        return Consent(**self.model_dump())


class WithoutConsent(RequestBody):
    """To protect the child: why nobody could be asked. It is looked at afterwards."""

    reason: Note


class Accompaniment(RequestBody):
    """Somebody is to go with the child; `arrange_by`: until when that is settled."""

    who: Bearer
    arrange_by: AwareDatetime


class WhatIsAsked(RequestBody):
    """`shared` is chosen field by field; the provider sees the summary and these, as they are when sent.

    `age` and `language` only help to pass by offers that do not suit; the provider does not see them.
    """

    need: Code
    area: Code
    urgent: bool = False
    summary: Text
    shared: dict[SharedField, Note] = Field(default_factory=dict)
    consent: ConsentGiven | None = None
    without_consent: WithoutConsent | None = None
    enquiry_id: UUID | None = None
    accompaniment: Accompaniment | None = None
    age: Annotated[int, Field(ge=0, le=25)] | None = None
    language: LanguageCode | None = None


class ReferralRequest(WhatIsAsked):
    """`draft`: nobody is asked yet. Consent, or the reason for doing without, is needed to send."""

    case_ref: CaseRef
    draft: bool = False


class SharedAnew(RequestBody):
    """All that is shared from now on, in place of what was sent before."""

    summary: Text
    shared: dict[SharedField, Note] = Field(default_factory=dict)
    consent: ConsentGiven | None = None
    without_consent: WithoutConsent | None = None


class SharingReview(RequestBody):
    """Whether what was shared without consent was needed, and not more than was needed."""

    justified: bool
    note: Note
