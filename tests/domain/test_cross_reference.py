"""A referral or meeting that a record names is of the same case, as far as that was heard."""

import pytest

from domain.cross_reference import Heard, Named, NotOfThisCase, demand_of_case

HERE, ELSEWHERE = "TL-0000-0000-0", "TL-1111-1111-1"


@pytest.mark.parametrize("wanted", Named)
def test_what_was_not_heard_of_yet_is_taken(wanted: Named) -> None:
    demand_of_case(HERE, wanted, None, "referral_id")


@pytest.mark.parametrize("wanted", Named)
def test_what_is_known_of_this_case_is_taken(wanted: Named) -> None:
    demand_of_case(HERE, wanted, Heard(HERE, wanted), "referral_id")


@pytest.mark.parametrize(
    ("heard", "wanted", "told"),
    [
        (Heard(ELSEWHERE, Named.REFERRAL), Named.REFERRAL, "This case has no such referral."),
        (Heard(HERE, Named.MEETING), Named.REFERRAL, "This case has no such referral."),
        (Heard(ELSEWHERE, Named.MEETING), Named.MEETING, "This case has no such meeting."),
        (Heard(HERE, Named.REFERRAL), Named.MEETING, "This case has no such meeting."),
    ],
)
def test_what_is_known_to_be_something_else_is_refused_by_its_field(
    heard: Heard, wanted: Named, told: str
) -> None:
    with pytest.raises(NotOfThisCase) as refused:
        demand_of_case(HERE, wanted, heard, "named_id")
    assert (refused.value.detail, refused.value.field) == (told, "named_id")
