"""What each kind of support has to tell, and when it may be recorded."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.case import StepOutOfOrder
from domain.recording import BeforeRegistration, OccurredInFuture
from domain.supporting import (
    ALLOWED,
    DEMANDED,
    Support,
    SupportIncomplete,
    SupportKind,
    SupportMismatch,
    record,
)
from domain.vocabulary import CaseStatus
from tests.domain.case_builders import NOW, a_case

HOUR = timedelta(hours=1)
LATER = NOW + 5 * HOUR


def a_support(kind: SupportKind = SupportKind.DIRECT, at=NOW + HOUR) -> Support:
    return Support(UUID(int=1), kind, at)


@pytest.mark.parametrize("kind", SupportKind)
def test_each_kind_is_recorded_with_what_it_demands_and_with_all_it_may_say(kind) -> None:
    for told in (DEMANDED[kind], (*DEMANDED[kind], *ALLOWED[kind])):
        assert record(a_case(), a_support(kind), told, LATER).kind is kind


@pytest.mark.parametrize("kind", SupportKind)
def test_what_a_kind_demands_may_not_be_left_out(kind) -> None:
    for part in DEMANDED[kind]:
        told = set(DEMANDED[kind]) - {part}
        with pytest.raises(SupportIncomplete) as refused:
            record(a_case(), a_support(kind), told, LATER)
        assert (refused.value.field, refused.value.allowed) == (part, DEMANDED[kind])


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (SupportKind.DIRECT, "where_to"),
        (SupportKind.DIRECT, "referral_id"),
        (SupportKind.ADVOCACY, "where_to"),
        (SupportKind.ACCOMPANIMENT, "toward_whom"),
        (SupportKind.COORDINATION, "toward_whom"),
    ],
)
def test_what_belongs_to_another_kind_is_refused(kind, part) -> None:
    with pytest.raises(SupportMismatch) as refused:
        record(a_case(), a_support(kind), {*DEMANDED[kind], part}, LATER)
    assert refused.value.field == part
    assert refused.value.allowed == (*DEMANDED[kind], *ALLOWED[kind])


def test_support_has_happened_since_the_registration() -> None:
    told = DEMANDED[SupportKind.DIRECT]
    assert record(a_case(), a_support(at=NOW), told, NOW).occurred_at == NOW
    with pytest.raises(OccurredInFuture) as refused:
        record(a_case(), a_support(at=LATER + HOUR), told, LATER)
    assert refused.value.field == "occurred_at"
    with pytest.raises(BeforeRegistration) as refused:
        record(a_case(), a_support(at=NOW - HOUR), told, LATER)
    assert refused.value.field == "occurred_at"
    unregistered = replace(a_case(CaseStatus.REGISTERED), registered_at=None)
    assert record(unregistered, a_support(at=NOW - HOUR), told, LATER)


@pytest.mark.parametrize("status", [CaseStatus.IDENTIFIED, CaseStatus.CLOSED, CaseStatus.ARCHIVED])
def test_support_is_given_while_the_case_is_in_work(status) -> None:
    with pytest.raises(StepOutOfOrder):
        record(a_case(status), a_support(), DEMANDED[SupportKind.DIRECT], LATER)
