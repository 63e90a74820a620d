"""Figures about referrals that recognise nobody."""

from domain.referral_measures import Measured, Reached, cells, told

ACCEPTED, ASKED = Reached.ACCEPTED, Reached.ACKNOWLEDGED


def test_few_are_not_told_and_neither_is_their_time() -> None:
    measured = [
        Measured("talks", ACCEPTED, 4, 12.0, 40.0),
        Measured("talks", ASKED, 5, 2.0, 9.5),
        Measured("circle", ACCEPTED, None, None, None),
    ]
    assert told(measured, least=5) == [
        Measured("circle", ACCEPTED, None, None, None),
        Measured("talks", ASKED, 5, 2.0, 9.5),  # in the order of the way, not of the alphabet
        Measured("talks", ACCEPTED, None, None, None),
    ]


def test_a_cell_of_few_shows_that_there_are_some_and_an_empty_one_is_not_there() -> None:
    counts = {("housing", "north"): 7, ("housing", "south"): 2, ("money", "north"): 0}
    assert cells(counts, 5) == {("housing", "north"): 7, ("housing", "south"): None}


def test_what_has_no_count_tells_no_time_either() -> None:
    measured = [Measured("talks", ACCEPTED, None, 3.0, 4.0), Measured("talks", ASKED, 1, 2.0, 2.5)]
    assert told(measured, least=1) == [
        Measured("talks", ASKED, 1, 2.0, 2.5),
        Measured("talks", ACCEPTED, None, None, None),
    ]


def test_a_count_of_the_least_is_told() -> None:
    assert cells({("money", "north"): 5, ("money", "south"): 4}, 5) == {
        ("money", "north"): 5,
        ("money", "south"): None,
    }
