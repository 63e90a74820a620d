"""Identifying and registering a child. Source: practice.md, step 1."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace

from contracts.events import Event
from contracts.events.cases import CaseIdentified, CaseRefused, CaseRegistered, ConsentRecorded
from domain import disclosure, reference, registration
from domain.case import Case
from domain.consent import Consent, give
from domain.deadlines import Deadline
from domain.disclosure import Action, Custody
from domain.errors import Malformed, Unavailable
from domain.likeness import kept
from domain.registration import Screening
from domain.vocabulary import Section
from infrastructure import blind_index
from infrastructure.crypto import case_key
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening, recognising
from services.cases.commands.audited import audited
from services.cases.commands.practice import people_for, practice_of
from services.cases.commands.recognising import described
from services.cases.schemas.deadlines import DeadlineView
from services.cases.schemas.likeness import LikelySame
from services.cases.schemas.registration import (
    CaseBody,
    ConsentView,
    Expectations,
    InformedConsent,
    IntakeAnswer,
    IntakeBody,
    Referral,
    RegistrationAnswer,
    RegistrationBody,
)
from services.cases.store import cases, consents, directory, registering
from services.cases.store.cases import Sealed
from services.cases.store.facts import FactRow
from services.cases.store.narratives import sealed

_TRIES = 5


async def identify(uow: UnitOfWork, body: IntakeBody) -> IntakeAnswer:
    """Screens a referral: recorded either way, refused with a reason when it meets no criterion."""
    disclosure.demand(uow.viewer, Custody(body.agency_id), Action.IDENTIFY)
    practice = practice_of(uow, await directory.ask(uow, body.agency_id))
    referred, screening = registration.identify(
        "", practice.pack, body.agency_id, body.source, body.criteria, uow.viewer.staff_id, uow.now
    )
    case, _ = await _add(uow, replace(referred, team_id=body.team_id), body)
    await happening.happened(uow, case, _identified(case, screening), Section.REFERENCE)
    uow.audit("identify-child", case.ref, Section.REGISTRATION)
    return IntakeAnswer(
        case_ref=case.ref,
        status=case.status,
        reason=screening.reason or None,
        advice=None if screening.is_met else registration.ADVICE_OTHER_HELP,
        likely_same=await recognising.likely_same(uow, case, described(body.child, uow.now)),
    )


async def register_new(uow: UnitOfWork, body: CaseBody) -> RegistrationAnswer:
    """A child who is referred and registered in one, at the caseworker's own agency."""
    agency_id = uow.viewer.agency_id
    disclosure.demand(uow.viewer, Custody(agency_id), Action.REGISTER)
    if body.agency_id not in (None, agency_id):
        raise Malformed(
            "A child is registered at your own agency.", field="agency_id", allowed=[agency_id]
        )
    registration.demand_consent(body.consent.purposes, body.consent.explained)
    people, known = await people_for(
        uow, agency_id, body.caseworker_id, body.supervisor_id, body.team_id
    )
    pack = practice_of(uow, known).pack
    registration.demand_criteria(pack, body.criteria)
    referred, _ = registration.identify(
        "", pack, agency_id, body.source, body.criteria, uow.viewer.staff_id, uow.now
    )
    given = _consents(uow, body.consent)
    case, lines = await _add(
        uow, registration.register(referred, people, uow.now), body, body.expectations, given
    )
    owed: list[Deadline] = []
    for said, row in lines:
        uow.emit(said, row.id)
        owed += await happening.follow(uow, case, row, is_new=True)
    uow.audit("register-case", case.ref, Section.REGISTRATION)
    likely = await recognising.likely_same(uow, case, described(body.child, uow.now))
    return _answer(case, given, happening.seen(uow, case, owed), likely)


@audited("register-case", Section.REGISTRATION)
async def register_identified(
    uow: UnitOfWork, ref: str, body: RegistrationBody
) -> RegistrationAnswer:
    """A child whose referral is on the record becomes a case."""
    identified = await cases.load(uow, ref, uow.viewer, to=Action.REGISTER)
    registration.demand_consent(body.consent.purposes, body.consent.explained)
    team_id = body.team_id or identified.team_id
    people, _ = await people_for(
        uow, identified.agency_id, body.caseworker_id, body.supervisor_id, team_id
    )
    case = registration.register(identified, people, uow.now)
    given = _consents(uow, body.consent)
    await cases.save(uow, case)
    key = await case_key(uow, ref)
    told = sealed(key, ref, "expectations", body.expectations.model_dump())
    await cases.keep_expectations(uow, ref, told)
    await consents.add(uow, case, given)
    for said, section in _registered(uow, case, given):
        await happening.happened(uow, case, said, section)
    likely = await recognising.of_case(uow, case, key)
    return _answer(case, given, await happening.open_deadlines(uow, case), likely)


async def _add(
    uow: UnitOfWork,
    nameless: Case,
    body: Referral,
    expectations: Expectations | None = None,
    given: Sequence[Consent] = (),
) -> tuple[Case, list[tuple[Event, FactRow]]]:
    """The case under a reference of its own, with what is to be said of it; raises Unavailable."""
    marks = list(blind_index.kept(kept(described(body.child, uow.now))))
    for _ in range(_TRIES):
        case = replace(nameless, ref=reference.compose(secrets.choice))
        key = await case_key(uow, case.ref, create=True)
        personal = Sealed(
            identity=sealed(key, case.ref, "identity", body.child.model_dump()),
            concerns=sealed(key, case.ref, "concerns", body.concerns),
            expectations=sealed(key, case.ref, "expectations", expectations.model_dump())
            if expectations
            else None,
        )
        lines = [
            (said, happening.line(uow, case, said, section))
            for said, section in _registered(uow, case, given)
        ]
        if await registering.add(uow, case, personal, given, [row for _, row in lines], marks):
            return case, lines
    raise Unavailable("No free reference was found. Try again.")


def _identified(case: Case, screening: Screening) -> Event:
    if not screening.is_met:
        return CaseRefused(
            case_ref=case.ref,
            at=case.identified_at,
            agency_id=case.agency_id,
            reason=screening.reason,
        )
    return CaseIdentified(
        case_ref=case.ref,
        at=case.identified_at,
        agency_id=case.agency_id,
        team_id=case.team_id,
        source=case.source,
        policy=case.policy,
    )


def _registered(
    uow: UnitOfWork, case: Case, given: Sequence[Consent]
) -> Iterator[tuple[Event, Section]]:
    """What is said of a registration: the case first, then each consent."""
    if case.caseworker_id is None or case.supervisor_id is None:
        return
    yield (
        CaseRegistered(
            case_ref=case.ref,
            at=uow.now,
            agency_id=case.agency_id,
            team_id=case.team_id,
            caseworker_id=case.caseworker_id,
            supervisor_id=case.supervisor_id,
            risk=case.risk,
            source=case.source,
            policy=case.policy,
        ),
        Section.REFERENCE,
    )
    for consent in given:
        yield (
            ConsentRecorded(
                case_ref=case.ref,
                at=consent.recorded_at,
                consent_id=consent.id,
                given_by=consent.given_by,
                purpose=consent.purpose,
            ),
            Section.CONSENT,
        )


def _consents(uow: UnitOfWork, said: InformedConsent) -> list[Consent]:
    return [
        give(
            Consent(
                new_id(),
                said.given_by,
                purpose,
                said.how,
                uow.now,
                said.until,
                given_at=said.given_at,
            )
        )
        for purpose in dict.fromkeys(said.purposes)
    ]


def _answer(
    case: Case, given: Sequence[Consent], owed: list[DeadlineView], likely: list[LikelySame]
) -> RegistrationAnswer:
    return RegistrationAnswer(
        case_ref=case.ref,
        status=case.status,
        risk=case.risk,
        policy=case.policy,
        caseworker_id=case.caseworker_id or "",
        supervisor_id=case.supervisor_id or "",
        consents=[
            ConsentView(consent_id=str(each.id), given_by=each.given_by, purpose=each.purpose)
            for each in given
        ],
        deadlines=owed,
        likely_same=likely,
    )
