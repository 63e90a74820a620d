"""How long a file is kept, and that it is never kept shorter."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.case import Closure, ClosureState, StepOutOfOrder
from domain.closure import ClosureNotRequested, of
from domain.errors import Malformed
from domain.policy import Limit
from domain.retention import ends_at, is_over, keep, over_from
from domain.vocabulary import CaseStatus
from tests.domain.case_builders import NOW, PACK, a_case, words_of

DAY = timedelta(days=1)
TEN_YEARS = replace(PACK, periods={"retention": Limit.parse("120 months")})


def archived(erase_at=None):
    ended = Closure(UUID(int=7), ClosureState.CLOSED, erase_at=erase_at)
    return a_case(CaseStatus.ARCHIVED, closure=ended)


def test_file_is_kept_for_the_packs_period() -> None:
    assert ends_at(NOW, TEN_YEARS) == NOW.replace(year=2036)
    assert ends_at(NOW, PACK) is None


@pytest.mark.parametrize(
    ("case", "over"),
    [
        (archived(NOW), True),
        (archived(NOW + DAY), False),
        (archived(), False),  # kept until people say otherwise
        (replace(archived(NOW), status=CaseStatus.CLOSED), False),
        (a_case(CaseStatus.ARCHIVED), False),
    ],
)
def test_retention_is_over_once_its_end_has_come(case, over) -> None:
    assert is_over(case, NOW) is over


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (archived(NOW), f"from {NOW.isoformat()} on"),
        (archived(), UNKNOWN := "a file that is archived, after the time that it is kept"),
        (replace(archived(NOW), status=CaseStatus.CLOSED), UNKNOWN),
        (a_case(CaseStatus.ARCHIVED), UNKNOWN),
    ],
)
def test_whoever_is_refused_reads_from_when_it_is_over(case, told) -> None:
    assert over_from(case) == told


def test_file_is_kept_longer_never_shorter() -> None:
    case = archived(NOW + 10 * DAY)
    assert of(keep(case, NOW + 11 * DAY, NOW)).erase_at == NOW + 11 * DAY
    for until in (NOW + 10 * DAY, NOW + DAY):
        with pytest.raises(Malformed) as refused:
            keep(case, until, NOW)
        later = f"later than {(NOW + 10 * DAY).isoformat()}"
        assert words_of(refused) == ("A file is kept longer, not shorter.", "until", (later,))
    assert of(keep(archived(), NOW + DAY, NOW)).erase_at == NOW + DAY
    with pytest.raises(Malformed):
        keep(archived(NOW - DAY), NOW, NOW)


def test_file_is_kept_for_a_hundred_years_at_most() -> None:
    case = archived(NOW)
    assert of(keep(case, NOW.replace(year=2126), NOW)).erase_at == NOW.replace(year=2126)
    with pytest.raises(Malformed) as refused:
        keep(case, NOW.replace(year=2127), NOW)
    said = "Nobody would be there to look at it."
    assert words_of(refused) == (said, "until", ("within 100 years",))


def test_only_an_archived_file_is_kept_longer() -> None:
    with pytest.raises(StepOutOfOrder):
        keep(replace(archived(NOW), status=CaseStatus.CLOSED), NOW + DAY, NOW)
    with pytest.raises(ClosureNotRequested):
        keep(a_case(CaseStatus.ARCHIVED), NOW + DAY, NOW)
