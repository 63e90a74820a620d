"""A need that no service meets is noted once, until a service is found."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.case import StepOutOfOrder
from domain.unmet_needs import (
    NeedAlreadyNoted,
    NeedMetAlready,
    UnmetNeed,
    became,
    meet,
    note,
    standing,
)
from domain.vocabulary import CaseStatus
from tests.domain.case_builders import NOW, a_case

NEED = UnmetNeed(UUID(int=1), "support-group", "north", 1, NOW, "amal-h")
LATER = NOW + timedelta(hours=1)
REFERRAL = UUID(int=7)


def test_need_is_noted_once_for_an_area_as_long_as_it_is_unmet() -> None:
    south = replace(NEED, id=UUID(int=2), area="south")
    assert note(a_case(), NEED, [south]) == NEED
    with pytest.raises(NeedAlreadyNoted) as refused:
        note(a_case(), replace(NEED, id=UUID(int=3)), [south, NEED])
    assert refused.value.field == "need"
    assert standing([south, NEED], "support-group", "north") == NEED
    assert standing([south, NEED], "housing", "north") is None
    met = meet(a_case(), NEED, "amal-h", None, LATER)
    assert standing([met], "support-group", "north") is None
    assert note(a_case(), NEED, [met]) == NEED


def test_what_became_of_a_need_is_told_of_its_area_however_often_it_was_noted() -> None:
    met, again = replace(NEED, met_at=NOW), replace(NEED, met_at=LATER)
    south = replace(NEED, area="south")
    north = ("support-group", "north")
    assert became([]) == {}
    assert became([met, south]) == {north: NOW, ("support-group", "south"): None}
    for known in ([met, again], [again, met]):
        assert became(known) == {north: LATER}
    for known in ([met, NEED], [NEED, met], [met, NEED, again]):
        assert became(known) == {north: None}


def test_need_is_met_once_perhaps_by_a_referral() -> None:
    met = meet(a_case(), NEED, "sofia-k", REFERRAL, LATER)
    assert met == replace(NEED, met_at=LATER, met_by="sofia-k", referral_id=REFERRAL)
    with pytest.raises(NeedMetAlready):
        meet(a_case(), met, "amal-h", None, LATER)


def test_needs_of_a_closed_case_stay_as_they_are() -> None:
    closed = a_case(CaseStatus.CLOSED)
    with pytest.raises(StepOutOfOrder):
        note(closed, NEED, [])
    with pytest.raises(StepOutOfOrder):
        meet(closed, NEED, "amal-h", None, LATER)
