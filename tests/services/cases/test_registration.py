"""Referrals, registrations, consent; bad input is answered clearly and leaves nothing half done."""

import asyncio

from contracts.events.cases import CaseIdentified, CaseRefused, CaseRegistered, ConsentRecorded
from contracts.events.deadlines import DeadlineMet, DeadlineSet
from domain.vocabulary import Role
from services.cases.app import service
from tests.services.cases.conftest import (
    CARL,
    CHILD,
    CONSENT,
    CORA,
    MATS,
    MONA,
    NAME,
    NORTH,
    PIA,
    RITA,
    SAMI,
    SOUTH,
    a_new_case,
    a_referral,
    a_registration,
    agency,
    done,
    fields,
    open_steps,
    refused,
    staff,
    states,
)
from tests.services.served import DAY_0, shape_differences


async def counts(served) -> dict[str, int]:
    tables = ("cases", "consents", "facts", "case_keys", "deadlines", "outbox", "audit")
    found = {}
    for table in tables:
        found[table] = (await served.rows(f"SELECT count(*) AS n FROM {table}"))[0]["n"]
    return found


async def test_migrated_schema_is_what_the_code_expects(service_database) -> None:
    assert not list(await shape_differences(service, service_database))


async def test_child_is_registered_with_consent_and_the_assessment_is_owed(cases) -> None:
    answer = await done(cases, CORA, "/cases", a_new_case())
    assert (answer["status"], answer["risk"]) == ("registered", "medium")
    assert (answer["caseworker_id"], answer["supervisor_id"]) == ("cora", "sami")
    assert [each["purpose"] for each in answer["consents"]] == CONSENT["purposes"]
    (owed,) = answer["deadlines"]
    assert owed["step"] == "initial-assessment"
    assert owed["responsible"] == {
        "agency_id": NORTH, "role": "caseworker", "person_id": "cora",
    }  # fmt: skip
    assert owed["due_at"].startswith("2027-03-03T08:00")
    assert [each["type"] for each in await cases.said()] == [
        CaseRegistered.type,
        DeadlineSet.type,
        ConsentRecorded.type,
        ConsentRecorded.type,
    ]


async def test_nothing_personal_leaves_the_sealed_fields(cases) -> None:
    await done(cases, CORA, "/cases", a_new_case())
    for table in ("cases", "consents", "facts", "outbox", "audit", "deadlines"):
        assert NAME.encode() not in str(await cases.rows(f"SELECT * FROM {table}")).encode()


async def test_referral_by_a_school_is_identified_and_its_registration_owed(cases) -> None:
    answer = await done(cases, RITA, "/intakes", a_referral())
    assert answer["status"] == "identified"
    assert list(await open_steps(cases, answer["case_ref"])) == ["registration"]
    assert len(await cases.said(CaseIdentified)) == 1


async def test_identified_child_is_registered_under_the_same_reference(cases) -> None:
    ref = (await done(cases, RITA, "/intakes", a_referral()))["case_ref"]
    cases.clock.forward(hours=3)
    answer = await done(cases, CORA, f"/cases/{ref}/registration", a_registration())
    assert answer["case_ref"] == ref
    assert [each["step"] for each in answer["deadlines"]] == ["initial-assessment"]
    assert await states(cases, "registration") == ["met"]
    assert len(await cases.said(DeadlineMet)) == 1
    view = (await cases.get(CORA, f"/cases/{ref}")).json()
    assert view["identity"] == CHILD
    assert view["registration"]["referrer_id"] == "rita"


async def test_child_is_registered_once(cases) -> None:
    ref = (await done(cases, RITA, "/intakes", a_referral()))["case_ref"]
    await done(cases, CORA, f"/cases/{ref}/registration", a_registration())
    await refused(
        cases, CORA, f"/cases/{ref}/registration", a_registration(), 409, "step-out-of-order"
    )


async def test_referral_that_meets_no_criterion_is_answered_and_kept(cases) -> None:
    answer = await done(cases, RITA, "/intakes", a_referral(criteria=[]))
    assert (answer["status"], answer["reason"]) == ("refused", "no-criterion-met")
    assert answer["advice"]
    assert len(await cases.said(CaseRefused)) == 1
    assert await open_steps(cases, answer["case_ref"]) == {}
    seen = await cases.get(RITA, f"/cases/{answer['case_ref']}")
    assert seen.json() == {
        "case_ref": answer["case_ref"], "status": "refused", "agency_id": NORTH,
        "reason": "no-criterion-met", "advice": "other-help-may-fit",
    }  # fmt: skip


async def test_refusal_is_read_by_who_screened_it_and_her_supervisor_and_by_nobody_else(
    cases,
) -> None:
    screened = await done(cases, CORA, "/intakes", a_referral(criteria=[]))
    path = f"/cases/{screened['case_ref']}"
    told = {"status": "refused", "reason": "no-criterion-met", "advice": "other-help-may-fit"}
    for reader in (CORA, SAMI):
        seen = (await cases.get(reader, path)).json()
        assert seen == {"case_ref": screened["case_ref"], "agency_id": NORTH} | told
    assert [(await cases.get(who, path)).status_code for who in (CARL, MATS, PIA)] == [404] * 3
    identified = await done(cases, RITA, "/intakes", a_referral())
    assert "reason" not in (await cases.get(RITA, f"/cases/{identified['case_ref']}")).json()


LACKING = [
    ({"criteria": []}, "criteria-missing", "criteria"),
    ({"criteria": ["poverty"]}, "unknown-criterion", "criteria.0"),
    ({"consent": None}, "malformed", "consent"),
    ({"consent": CONSENT | {"explained": False}}, "malformed", "consent.explained"),
    ({"consent": CONSENT | {"purposes": []}}, "malformed", "consent.purposes"),
    ({"consent": CONSENT | {"until": DAY_0.isoformat()}}, "consent-over", "until"),
    ({"expectations": None}, "malformed", "expectations"),
    ({"source": "newspaper"}, "malformed", "source"),
    ({"religion": "x"}, "malformed", "religion"),  # only essential data
    ({"child": CHILD | {"passport": "x"}}, "malformed", "child.passport"),
    ({"child": CHILD | {"age": -1}}, "malformed", "child.age"),
    ({"child": CHILD | {"name": "  "}}, "malformed", "child.name"),
    ({"concerns": "x" * 9000}, "malformed", "concerns"),
    ({"agency_id": SOUTH}, "malformed", "agency_id"),
    ({"supervisor_id": "cora"}, "same-person", "supervisor_id"),
    ({"supervisor_id": "DROP TABLE"}, "malformed", "supervisor_id"),
    ({"supervisor_id": None}, "malformed", "supervisor_id"),  # nobody known to stand in
]


async def test_registration_that_lacks_something_is_refused_and_nothing_is_kept(cases) -> None:
    for changes, code, field in LACKING:
        problem = await refused(cases, CORA, "/cases", a_new_case(**changes), 422, code)
        assert fields(problem) == [field]
        assert NAME not in str(problem)
    assert set((await counts(cases)).values()) == {0}


async def test_unknown_criterion_names_those_of_the_pack(cases) -> None:
    body = a_referral(criteria=["poverty"])
    problem = await refused(cases, RITA, "/intakes", body, 422, "unknown-criterion")
    assert "emotional-distress" in problem["errors"][0]["allowed"]


async def test_nobody_but_a_caseworker_or_supervisor_registers(cases) -> None:
    for who in (RITA, MONA, PIA):
        await refused(cases, who, "/cases", a_new_case(), 404, "not-found")


async def test_registration_without_a_token_is_refused(cases) -> None:
    await refused(cases, "", "/cases", a_new_case(), 401, "unauthenticated")


async def test_people_the_directory_knows_must_fit(cases) -> None:
    await cases.hear(
        agency(),
        staff("cora", Role.CASEWORKER),
        staff("sami", Role.SUPERVISOR),
        staff("left", Role.SUPERVISOR, active=False),
        staff("far", Role.SUPERVISOR, agency_id=SOUTH),
    )
    for supervisor in ("left", "far"):
        body = a_new_case(supervisor_id=supervisor)
        problem = await refused(cases, CORA, "/cases", body, 422, "malformed")
        assert fields(problem) == ["supervisor_id"]
    body = a_new_case(caseworker_id=None)
    problem = await refused(cases, SAMI, "/cases", body, 422, "malformed")
    assert problem["errors"][0]["allowed"] == ["cora"]
    body = a_new_case(agency_id=SOUTH)
    problem = await refused(cases, CORA, "/cases", body, 422, "malformed")
    assert problem["errors"][0]["allowed"] == [NORTH]
    answer = await done(cases, CORA, "/cases", a_new_case(supervisor_id=None, caseworker_id=None))
    assert (answer["caseworker_id"], answer["supervisor_id"]) == ("cora", "sami")


async def test_referral_that_has_come_is_seen_by_the_agency_and_nobody_else(cases) -> None:
    ref = (await done(cases, RITA, "/intakes", a_referral()))["case_ref"]
    assert (await cases.get(CARL, f"/cases/{ref}")).json()["identity"] == CHILD
    assert (await cases.get(PIA, f"/cases/{ref}")).status_code == 404
    assert "identity" not in (await cases.get(RITA, f"/cases/{ref}")).json()
    await done(cases, SAMI, f"/cases/{ref}/registration", a_registration())
    assert (await cases.get(CARL, f"/cases/{ref}")).json()["identity"] == CHILD  # his team's
    assert "consent" not in (await cases.get(CARL, f"/cases/{ref}")).json()


async def test_same_idempotency_key_registers_once_and_another_body_is_refused(cases) -> None:
    key = {"Idempotency-Key": "registration-of-noor"}
    first = await cases.post(CORA, "/cases", a_new_case(), **key)
    again = await cases.post(CORA, "/cases", a_new_case(), **key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert (await counts(cases))["cases"] == 1
    other = await cases.post(CORA, "/cases", a_new_case(criteria=["neglect"]), **key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")


async def test_many_at_once_each_get_a_reference_of_their_own(cases) -> None:
    answers = await asyncio.gather(*(cases.post(CORA, "/cases", a_new_case()) for _ in range(20)))
    assert len({answer.json()["case_ref"] for answer in answers}) == 20


async def test_odd_characters_are_kept_or_refused_and_never_break_anything(cases) -> None:
    for concerns in ("\ud800", "x\x00y", "ПРИВЕТ 👧 مرحبا"):
        answer = await cases.post(CORA, "/cases", a_new_case(concerns=concerns))
        assert answer.status_code in (201, 422)
        if answer.status_code == 201:
            view = (await cases.get(CORA, f"/cases/{answer.json()['case_ref']}")).json()
            assert view["registration"]["concerns"] == concerns
