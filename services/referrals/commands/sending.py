"""A referral made by the case's side: as a draft that can be changed, or sent at once. What is sent is frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from contracts.events.referrals import ReferralSharedAnew
from domain import sharing
from domain.capacity import EnquiryForAnotherNeed
from domain.errors import Malformed
from domain.referral import Consent, Referral
from domain.referral_states import Party, ReferralNotInState
from domain.referring import CaseIsClosed, NoPathway
from domain.sharing import SUMMARY, SharedField, Version
from domain.vocabulary import Bearer, ReferralState
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.commands import duties
from services.referrals.commands.asking import ask_next
from services.referrals.commands.consenting import demand_consent
from services.referrals.store import enquiries, known, records, texts, versions
from services.referrals.store.known import KnownCase

_BECAUSE = f"{texts.NOTE}without-consent-"


@dataclass(frozen=True, slots=True, repr=False)
class Wish:
    """What the case's side asks for; `without_consent` is the reason for sharing without anybody's."""

    need: str
    area: str
    urgent: bool
    summary: str
    shared: Mapping[SharedField, str] = field(default_factory=dict)
    consent: Consent | None = None
    without_consent: str | None = None
    enquiry_id: UUID | None = None
    accompany: Bearer | None = None
    accompany_by: datetime | None = None
    age: int | None = None
    language: str | None = None

    @property
    def written(self) -> dict[str, str]:
        """Its texts by the names under which they are sealed."""
        found = _sent(self.summary, self.shared)
        if self.age is not None:
            found[texts.AGE] = str(self.age)
        if self.language is not None:
            found[texts.LANGUAGE] = self.language
        if self.without_consent is not None:
            found[f"{_BECAUSE}1"] = self.without_consent
        return found


async def request(uow: UnitOfWork, case_ref: str, wish: Wish) -> UUID:
    """Raises CaseNotKnownYet, CaseIsClosed, ConsentDoesNotStand, NoPathway, Hidden, Malformed."""
    case = await known.case_to_refer(uow, case_ref)
    referral = await _made(uow, case, wish)
    await records.add(uow, referral)
    uow.audit("request-referral", case_ref)
    return (await _send(uow, case, referral, wish.written)).id


async def draft(uow: UnitOfWork, case_ref: str, wish: Wish) -> UUID:
    """Nobody is asked yet, and nothing is owed; raises as request does, but for consent and pathway."""
    case = await known.case_to_refer(uow, case_ref)
    referral = await _made(uow, case, wish)
    await records.add(uow, referral)
    await records.save(uow, referral, "drafted")
    await texts.redraft(uow, referral, wish.written)
    uow.audit("draft-referral", case_ref)
    return referral.id


async def redraft(uow: UnitOfWork, referral_id: UUID, wish: Wish) -> None:
    """The draft as a whole, in place of what it was; raises ReferralNotInState once it has been sent."""
    opened, _ = await records.load(uow, referral_id, "change-draft", Party.SENDER)
    before = _demand_draft(opened.referral)
    made = await _made(uow, opened.case, wish)
    kept = replace(made, id=before.id, requested_at=before.requested_at)
    await records.save(uow, kept, "draft-changed")
    await texts.redraft(uow, kept, wish.written)


async def send(uow: UnitOfWork, referral_id: UUID) -> None:
    """The draft as it stands, frozen from now on."""
    opened, _ = await records.load(uow, referral_id, "send-referral", Party.SENDER)
    referral = replace(_demand_draft(opened.referral), requested_by=uow.viewer.staff_id)
    case = await known.case_to_refer(uow, referral.case_ref)
    found = await texts.unseal(uow, referral, texts.DRAFT)
    await texts.drop_draft(uow, referral)
    written = {name.removeprefix(texts.DRAFT): text for name, text in found.items()}
    await _send(uow, case, referral, written)


async def send_anew(
    uow: UnitOfWork,
    referral_id: UUID,
    *,
    summary: str,
    shared: Mapping[SharedField, str],
    consent: Consent | None,
    because: str | None,
) -> None:
    """What is shared has changed: a version of its own, on somebody's word again. Need and area stay."""
    opened, _ = await records.load(uow, referral_id, "share-anew", Party.SENDER)
    sharing.demand_open(opened.referral)
    sharing.demand_basis(consent, because)
    if consent is not None:
        await demand_consent(uow, opened.case, consent)
    referral = sharing.share(opened.referral, consent)
    sent = _sent(summary, shared)
    before = texts.named(referral.shared_version)
    await texts.seal(uow, referral, {f"{before}{name}": text for name, text in sent.items()})
    fields = await _freeze(uow, referral, sent)
    await records.save(uow, referral, "shared-anew")
    _say_shared_anew(uow, referral, fields)
    if because is not None:
        await texts.seal(uow, referral, {f"{_BECAUSE}{referral.shared_version}": because})
        await duties.sharing_to_be_reviewed(uow, opened.case, referral, new_id())


def _sent(summary: str, shared: Mapping[SharedField, str]) -> dict[str, str]:
    return {SUMMARY: summary, **{f"{texts.SHARED}{name}": text for name, text in shared.items()}}


async def _made(uow: UnitOfWork, case: KnownCase, wish: Wish) -> Referral:
    if case.closed:
        raise CaseIsClosed
    if wish.accompany_by is not None and wish.accompany_by <= uow.now:
        raise Malformed("Somebody is found from now on.", field="accompaniment.arrange_by")
    await _demand_enquiry(uow, wish)
    return Referral(
        id=new_id(),
        case_ref=case.case_ref,
        need=wish.need,
        area=wish.area,
        urgent=wish.urgent,
        requested_by=uow.viewer.staff_id,
        requested_at=uow.now,
        consent=wish.consent,
        without_consent=wish.without_consent is not None,
        enquiry_id=wish.enquiry_id,
        accompany=wish.accompany,
        accompany_by=wish.accompany_by,
    )


async def _send(
    uow: UnitOfWork, case: KnownCase, draft_: Referral, written: Mapping[str, str]
) -> Referral:
    because = written.get(f"{_BECAUSE}1")
    if case.closed:
        raise CaseIsClosed
    sharing.demand_basis(draft_.consent, because)
    if draft_.consent is not None:
        await demand_consent(uow, case, draft_.consent)
    if await known.pathway(uow, draft_.need, draft_.area) is None:
        raise NoPathway(field="need", allowed=await known.pathways(uow))
    before = await records.failed_of_case(uow, case, draft_.need)
    referral = sharing.share(draft_, draft_.consent)
    await texts.seal(uow, referral, written)
    shared = {
        name: text
        for name, text in written.items()
        if name == SUMMARY or name.startswith(texts.SHARED)
    }
    await _freeze(uow, referral, shared)
    asked, event_id = await ask_next(uow, case, referral)
    for failed in before:
        await duties.owed_by_case(uow, case, failed, "referral.requested-anew", event_id)
    await _owed_from_sending(uow, case, asked, event_id)
    return asked


async def _owed_from_sending(
    uow: UnitOfWork, case: KnownCase, asked: Referral, event_id: UUID
) -> None:
    """What the case's side owes for itself; where nobody was asked, nothing was shared and nobody goes along."""
    if asked.current is None:
        return
    if asked.without_consent:
        await duties.sharing_to_be_reviewed(uow, case, asked, event_id)
    if asked.accompany_by is not None:
        fact = "referral.accompaniment-asked"
        due = max(asked.accompany_by, uow.now)
        await duties.owed_by_case(uow, case, asked, fact, event_id, agreed_due=due)


def _say_shared_anew(uow: UnitOfWork, referral: Referral, fields: tuple[str, ...]) -> None:
    if referral.current is None:
        return
    uow.emit(
        ReferralSharedAnew(
            case_ref=referral.case_ref,
            at=uow.now,
            referral_id=referral.id,
            to_agency_id=referral.current.provider.agency_id,
            version=referral.shared_version,
            fields=fields,
        )
    )


async def _freeze(
    uow: UnitOfWork, referral: Referral, shared: Mapping[str, str]
) -> tuple[str, ...]:
    """Keeps what is sent as it is now; answers the names of its fields."""
    version = Version(
        number=referral.shared_version,
        sent_at=uow.now,
        sent_by=uow.viewer.staff_id,
        fields=tuple(sorted(name.removeprefix(texts.SHARED) for name in shared)),
        digest=await texts.digest(uow, referral.case_ref, shared),
        consent=referral.consent,
    )
    await versions.add(uow, referral, version)
    return version.fields


async def _demand_enquiry(uow: UnitOfWork, wish: Wish) -> None:
    """The enquiry was the agency's own, for the same need and area."""
    if wish.enquiry_id is None:
        return
    enquiry = await enquiries.load_own(uow, wish.enquiry_id)
    if enquiry is None or (enquiry.need, enquiry.area) != (wish.need, wish.area):
        raise EnquiryForAnotherNeed(field="enquiry_id")


def _demand_draft(referral: Referral) -> Referral:
    if referral.state is not ReferralState.DRAFT:
        raise ReferralNotInState("What has been sent is not changed any more.", field="state")
    return referral
