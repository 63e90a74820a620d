"""By what right a record is erased, and that two people decide."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.case import Closure, ClosureState, StepOutOfOrder
from domain.erasing import (
    Basis,
    CaseIsErased,
    Erasure,
    ErasureByRequester,
    ErasureNotRequested,
    ErasurePending,
    ErasureState,
    RetentionNotOver,
    approve,
    refuse,
    request,
)
from domain.vocabulary import CaseStatus
from tests.domain.case_builders import NOW, a_case

LATER = NOW + timedelta(hours=1)


def asked(basis: Basis = Basis.COURT_ORDER) -> Erasure:
    return Erasure(UUID(int=1), "TL-0000-0000-0", basis, "mona-m", NOW)


def archived(erase_at=NOW):
    ended = Closure(UUID(int=7), ClosureState.CLOSED, erase_at=erase_at)
    return a_case(CaseStatus.ARCHIVED, closure=ended)


@pytest.mark.parametrize("basis", [Basis.COURT_ORDER, Basis.ENTERED_IN_ERROR])
@pytest.mark.parametrize("status", CaseStatus)
def test_court_or_error_ends_any_record(basis: Basis, status: CaseStatus) -> None:
    assert request(a_case(status), asked(basis), None) == asked(basis)


@pytest.mark.parametrize("status", CaseStatus)
def test_right_to_erasure_waits_for_the_end_of_the_work(status: CaseStatus) -> None:
    right = asked(Basis.RIGHT_TO_ERASURE)
    if status in ("refused", "joined", "closed", "archived"):
        assert request(a_case(status), right, None) == right
    else:
        with pytest.raises(StepOutOfOrder):
            request(a_case(status), right, None)


def test_retention_must_be_over_when_asked_and_when_approved() -> None:
    over = asked(Basis.RETENTION_OVER)
    assert request(archived(), over, None) == over
    unarchived = "a file that is archived, after the time that it is kept"
    for case, allowed in (
        (archived(LATER), f"from {LATER.isoformat()} on"),
        (a_case(CaseStatus.CLOSED), unarchived),
        (replace(archived(LATER), status=CaseStatus.CLOSED), unarchived),
        (replace(archived(LATER), closure=None), unarchived),
        (archived(None), unarchived),
    ):
        with pytest.raises(RetentionNotOver) as refused:
            request(case, over, None)
        assert (refused.value.field, refused.value.allowed) == ("basis", (allowed,))
    with pytest.raises(RetentionNotOver):
        approve(archived(LATER + timedelta(days=1)), over, "max-m", LATER)  # kept longer since


def test_one_request_at_a_time_and_none_of_what_is_gone() -> None:
    with pytest.raises(ErasurePending):
        request(a_case(), asked(), asked())
    with pytest.raises(CaseIsErased):
        request(a_case(erased_at=NOW), asked(), None)


def test_approved_by_another_the_record_is_at_its_end() -> None:
    case, decided = approve(a_case(), asked(), "max-m", LATER)
    assert (case.status, case.erased_at) == (CaseStatus.ARCHIVED, LATER)
    assert decided == replace(
        asked(), state=ErasureState.APPROVED, decided_by="max-m", decided_at=LATER
    )


def test_refused_the_record_stays() -> None:
    assert refuse(asked(), "max-m", "still-needed", LATER) == replace(
        asked(),
        state=ErasureState.REFUSED,
        decided_by="max-m",
        decided_at=LATER,
        reason="still-needed",
    )


def test_whoever_asks_does_not_decide_and_nothing_is_decided_unasked() -> None:
    with pytest.raises(ErasureByRequester):
        approve(a_case(), asked(), "mona-m", LATER)
    with pytest.raises(ErasureByRequester):
        refuse(asked(), "mona-m", "no", LATER)
    with pytest.raises(ErasureNotRequested):
        approve(a_case(), None, "max-m", LATER)
    with pytest.raises(ErasureNotRequested):
        refuse(None, "max-m", "no", LATER)
