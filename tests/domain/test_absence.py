"""Who is away, who stands in, and which stand-ins are refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import absence
from domain.absence import (
    Absence,
    AbsenceOverlaps,
    Colleague,
    StandInAway,
    StandInCircle,
    StandInIsSelf,
    StandInUnsuitable,
    StillStandsIn,
    who_stands_in,
)
from domain.errors import DomainError, Malformed, Refusal
from domain.vocabulary import Role
from tests.domain.case_builders import words_of

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)


def away(who: str, begins: int, ends: int, stand_in: str | None = None) -> Absence:
    """From and until, in days from now."""
    return Absence(who, NOW + timedelta(days=begins), NOW + timedelta(days=ends), stand_in)


def on(day: int) -> datetime:
    return NOW + timedelta(days=day)


def a_colleague(who: str, *roles: Role, agency: str = "north", active: bool = True) -> Colleague:
    return Colleague(who, agency, frozenset(roles or {Role.CASEWORKER}), active)


CHAIN = [away("amal", 0, 10, "bela"), away("bela", 2, 5, "cora"), away("cora", 4, 6)]
THERE = [
    ("amal", -1, "amal"),  # not gone yet
    ("amal", 0, "bela"),  # the beginning counts
    ("amal", 2, "cora"),  # the stand-in's stand-in
    ("amal", 4, None),  # nobody stands in for the last one
    ("amal", 5, "bela"),  # she is back
    ("amal", 10, "amal"),  # the end does not count
    ("dina", 3, "dina"),  # never away
]


@pytest.mark.parametrize(("who", "day", "expected"), THERE)
def test_a_chain_leads_to_whoever_is_there_at_the_moment(
    who: str, day: int, expected: str | None
) -> None:
    assert who_stands_in(who, on(day), CHAIN) == expected


def test_a_circle_that_came_about_all_the_same_leads_to_nobody() -> None:
    circle = [away("amal", 0, 9, "bela"), away("bela", 0, 9, "amal")]
    assert who_stands_in("amal", on(1), circle) is None


OVERLAPS = "An absence at that time is on the record: end that one first."
WRONG: list[tuple[Absence, type[DomainError], str, str]] = [
    (away("amal", 3, 3), Malformed, "An absence ends after it begins.", "until"),  # no time at all
    (away("amal", -3, 0), Malformed, "This absence is over already.", "until"),
    (away("amal", 9, 12), AbsenceOverlaps, OVERLAPS, "from"),  # away already for some of it
]


@pytest.mark.parametrize(("new", "refusal", "why", "named"), WRONG)
def test_an_absence_that_cannot_be_is_refused(
    new: Absence, refusal: type[DomainError], why: str, named: str
) -> None:
    with pytest.raises(refusal) as refused:
        absence.demand_absence(new, NOW, CHAIN)
    assert words_of(refused) == (why, named, None)


def test_absences_may_follow_each_other_and_begin_in_the_past() -> None:
    absence.demand_absence(away("amal", 10, 12), NOW, CHAIN)
    absence.demand_absence(away("bela", 1, 2), NOW, CHAIN)
    absence.demand_absence(away("dina", -2, 1), NOW, CHAIN)


STAND_INS: list[tuple[Colleague | None, list[Absence], type[Refusal] | None]] = [
    (a_colleague("bela"), [], None),
    (a_colleague("bela", Role.SUPERVISOR), [], None),  # a leader knows the work
    (a_colleague("bela", Role.AUDITOR), [], StandInUnsuitable),
    (a_colleague("bela", active=False), [], StandInUnsuitable),
    (a_colleague("bela", agency="south"), [], StandInUnsuitable),
    (None, [], StandInUnsuitable),
    (a_colleague("bela"), [away("bela", -1, 3), away("bela", 3, 10)], StandInAway),
    (a_colleague("bela"), [away("bela", 3, 10), away("bela", -1, 3)], StandInAway),  # in any order
    (
        a_colleague("bela"),
        [away("bela", -1, 9), away("bela", 1, 3), away("bela", 9, 10)],  # one within another
        StandInAway,
    ),
    (a_colleague("bela"), [away("bela", -1, 3), away("bela", 4, 10)], None),  # there for a day
    (a_colleague("bela"), [away("bela", 1, 12)], None),  # there for the first day
    (a_colleague("bela"), [away("cora", -1, 12)], None),  # somebody else is away
    (a_colleague("bela"), [away("bela", 2, 9, "amal")], StandInCircle),
    (a_colleague("bela"), [away("bela", 2, 9, "cora"), away("cora", 5, 7, "amal")], StandInCircle),
    (
        a_colleague("bela"),
        [away("bela", 2, 5, "cora"), away("cora", 5, 7, "amal")],
        None,
    ),  # in turn
    (
        a_colleague("bela"),
        [away("bela", 2, 8, "cora"), away("cora", 2, 8, "bela")],
        None,
    ),  # not hers
]


@pytest.mark.parametrize(("stand_in", "known", "refusal"), STAND_INS)
def test_a_stand_in_is_suitable_there_and_closes_no_circle(
    stand_in: Colleague | None, known: list[Absence], refusal: type[Refusal] | None
) -> None:
    new = away("amal", 0, 10, "bela")
    if refusal is None:
        absence.demand_stand_in(new, a_colleague("amal"), stand_in, known)
        return
    with pytest.raises(refusal) as refused:
        absence.demand_stand_in(new, a_colleague("amal"), stand_in, known)
    assert words_of(refused) == (refusal.title(), "stand_in_id", None)


def test_nobody_stands_in_for_herself() -> None:
    with pytest.raises(StandInIsSelf) as refused:
        absence.demand_stand_in(
            away("amal", 0, 1, "amal"), a_colleague("amal"), a_colleague("amal"), []
        )
    assert refused.value.field == "stand_in_id"


SUITING = [
    # whose role, the stand-in's, whether it suits
    (Role.CASEWORKER, Role.CASEWORKER, True),
    (Role.CASEWORKER, Role.SUPERVISOR, True),
    (Role.CASEWORKER, Role.MANAGER, False),
    (Role.SUPERVISOR, Role.SUPERVISOR, True),
    (Role.SUPERVISOR, Role.MANAGER, True),
    (Role.SUPERVISOR, Role.CASEWORKER, False),
    (Role.MANAGER, Role.MANAGER, True),
    (Role.MANAGER, Role.AGENCY_HEAD, True),
    (Role.MANAGER, Role.SUPERVISOR, False),
    (Role.AGENCY_HEAD, Role.MANAGER, True),
    (Role.PROVIDER, Role.PROVIDER, True),
    (Role.PROVIDER, Role.MANAGER, True),
    (Role.PROVIDER, Role.SUPERVISOR, False),
    (Role.AUDITOR, Role.AUDITOR, True),
    (Role.AUDITOR, Role.MANAGER, False),  # nobody above stands in for an auditor
]


@pytest.mark.parametrize(("role", "other", "fits"), SUITING)
def test_a_stand_in_holds_the_same_role_or_one_that_answers_for_it(
    role: Role, other: Role, fits: bool
) -> None:
    assert absence.suits([role], [other]) is fits


def test_who_stands_in_for_somebody_may_not_leave_until_it_is_over() -> None:
    absence.demand_may_leave("bela", on(10), CHAIN)
    with pytest.raises(StillStandsIn) as refused:
        absence.demand_may_leave("bela", NOW, CHAIN)
    assert words_of(refused) == (
        "She stands in for amal: name another stand-in there first.",
        "active",
        ("true",),
    )
    both = [*CHAIN, away("dina", 1, 4, "bela"), away("amal", 11, 12, "bela")]
    with pytest.raises(StillStandsIn, match=r"^She stands in for amal, dina: name another"):
        absence.demand_may_leave("bela", NOW, both)


def test_the_absences_that_name_somebody_are_those_that_are_not_over() -> None:
    assert absence.stands_in_for("bela", on(9), CHAIN) == (CHAIN[0],)
    assert absence.stands_in_for("bela", on(10), CHAIN) == ()


PEOPLE = ("amal", "bela", "cora", "dina")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(PEOPLE),
            st.integers(0, 8),
            st.integers(1, 5),
            st.sampled_from((*PEOPLE, None)),
        ),
        max_size=8,
    ),
    st.integers(0, 14),
)
def test_absences_that_were_accepted_never_lead_in_a_circle_or_to_somebody_away(
    asked: list[tuple[str, int, int, str | None]], day: int
) -> None:
    known: list[Absence] = []
    for who, begins, length, stand_in in asked:
        new = away(who, begins, begins + length, stand_in)
        try:
            absence.demand_absence(new, NOW, known)
            if stand_in is not None:
                absence.demand_stand_in(new, a_colleague(who), a_colleague(stand_in), known)
        except Refusal:
            continue
        known.append(new)
    gone = {each.staff_id: each.stand_in_id for each in known if each.covers(on(day))}
    for who in PEOPLE:
        there = who_stands_in(who, on(day), known)
        assert there not in gone
        if there is None:  # only because somebody of the chain named nobody
            assert None in gone.values()
