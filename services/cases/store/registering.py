"""A new case in one statement: a round trip is what a registration mostly waits for."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from domain.case import Case
from domain.consent import Consent
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.cases import Sealed
from services.cases.store.facts import FactRow

# Nothing is written when the reference is taken, so that the caller may choose another.
_ADD = text("""
WITH added AS (
    INSERT INTO cases (ref, agency_id, team_id, caseworker_id, supervisor_id, referrer_id, status, risk,
        policy, source, criteria, identified_at, registered_at, needs, risks, causes, plan_version,
        times_reopened, reviewers, identity, concerns, expectations)
    VALUES (:ref, :agency_id, :team_id, :caseworker_id, :supervisor_id, :referrer_id, :status, :risk,
        :policy, :source, :criteria, :identified_at, :registered_at, 0, 0, 0, 0,
        0, '{}', :identity, :concerns, :expectations)
    ON CONFLICT DO NOTHING RETURNING ref
), consented AS (
    INSERT INTO consents (id, case_ref, given_by, purpose, how, recorded_at, recorded_by, until,
        given_at)
    SELECT consent.id, added.ref, given_by, purpose, how, recorded_at, :by, until, given_at
    FROM added, unnest(CAST(:c_id AS uuid[]), CAST(:c_given_by AS text[]), CAST(:c_purpose AS text[]),
        CAST(:c_how AS text[]), CAST(:c_recorded_at AS timestamptz[]), CAST(:c_until AS timestamptz[]),
        CAST(:c_given_at AS timestamptz[]))
        AS consent (id, given_by, purpose, how, recorded_at, until, given_at)
), noted AS (
    INSERT INTO facts (id, case_ref, name, section, at, recorded_at, recorded_by, subject_type,
        subject_id, codes)
    SELECT fact.id, added.ref, name, section, at, recorded_at, :by, subject_type, subject_id,
        CAST(codes AS jsonb)
    FROM added, unnest(CAST(:f_id AS uuid[]), CAST(:f_name AS text[]), CAST(:f_section AS text[]),
        CAST(:f_at AS timestamptz[]), CAST(:f_recorded_at AS timestamptz[]),
        CAST(:f_subject_type AS text[]), CAST(:f_subject_id AS text[]), CAST(:f_codes AS text[]))
        AS fact (id, name, section, at, recorded_at, subject_type, subject_id, codes)
), found_by AS (
    INSERT INTO likeness_keys (mark, case_ref)
    SELECT mark, added.ref FROM added, unnest(CAST(:marks AS bytea[])) AS mark
)
SELECT ref FROM added
""")


async def add(
    uow: UnitOfWork,
    case: Case,
    sealed: Sealed,
    consents: Sequence[Consent],
    facts: Sequence[FactRow],
    marks: Sequence[bytes],
) -> bool:
    """Whether it was added; False when another case has this reference already.

    `marks`: under which the child is found again, from the blind index.
    """
    row: dict[str, Any] = {
        "ref": case.ref,
        "agency_id": case.agency_id,
        "team_id": case.team_id,
        "caseworker_id": case.caseworker_id,
        "supervisor_id": case.supervisor_id,
        "referrer_id": case.referrer_id,
        "status": case.status.value,
        "risk": case.risk.value,
        "policy": case.policy,
        "source": case.source.value,
        "criteria": list(case.criteria),
        "identified_at": case.identified_at,
        "registered_at": case.registered_at,
        "identity": sealed.identity,
        "concerns": sealed.concerns,
        "expectations": sealed.expectations,
        "by": uow.viewer.staff_id,
        "marks": list(marks),
    }
    parts = ("id", "given_by", "purpose", "how", "recorded_at", "until", "given_at")
    row |= _columns("c_", parts, consents)
    row |= _columns(
        "f_",
        ("id", "name", "section", "at", "recorded_at", "subject_type", "subject_id"),
        facts,
    )
    row["f_codes"] = [json.dumps(fact.codes) for fact in facts]
    return (await uow.connection.execute(_ADD, row)).first() is not None


def _columns(prefix: str, names: Sequence[str], rows: Sequence[object]) -> dict[str, list[Any]]:
    return {f"{prefix}{name}": [getattr(row, name) for row in rows] for name in names}
