"""While somebody is away, whoever stands in is told now and she is told later."""

from datetime import UTC, datetime

from domain.absence import Absence
from domain.notifying import Told
from domain.standing_in import reach
from domain.vocabulary import Role

NORTH = "agency-north"
NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
BEGUN, OVER = datetime(2027, 2, 20, tzinfo=UTC), datetime(2027, 3, 20, tzinfo=UTC)
CORA = Told("cora", NORTH, Role.CASEWORKER)
SAMI = Told("sami", NORTH, Role.SUPERVISOR)


def away(staff_id: str, stand_in: str | None = None, until: datetime = OVER) -> Absence:
    return Absence(staff_id, BEGUN, until, stand_in)


def reached(*told: Told, absences: tuple[Absence, ...], above: tuple[Told, ...] = ()):  # type: ignore[no-untyped-def]
    found = reach(told, absences, NOW, lambda _: above)
    return [(each.staff_id, each.stand_in_for, each.later) for each in found]


def test_whoever_is_there_is_told_herself() -> None:
    assert reached(CORA, SAMI, absences=()) == [("cora", None, False), ("sami", None, False)]
    over = away("cora", "carl", until=NOW)
    assert reached(CORA, absences=(over,)) == [("cora", None, False)]


def test_the_stand_in_is_told_for_the_post_and_the_absent_one_later() -> None:
    assert reached(CORA, absences=(away("cora", "carl"),)) == [
        ("carl", Role.CASEWORKER, False),
        ("cora", None, True),
    ]


def test_a_stand_in_who_is_away_too_is_stood_in_for() -> None:
    absences = (away("cora", "carl"), away("carl", "dana"))
    assert [each[0] for each in reached(CORA, absences=absences)] == ["dana", "cora"]


def test_a_stand_in_who_is_told_anyhow_is_told_once_in_her_own_role() -> None:
    assert reached(SAMI, CORA, absences=(away("cora", "sami"),)) == [
        ("sami", None, False),
        ("cora", None, True),
    ]


def test_without_a_stand_in_the_next_in_line_is_told() -> None:
    found = reached(CORA, absences=(away("cora"),), above=(SAMI,))
    assert found == [("sami", Role.CASEWORKER, False), ("cora", None, True)]


def test_when_nobody_else_is_there_the_absent_one_is_told_as_ever() -> None:
    absences = (away("cora"), away("sami"))
    assert reached(CORA, absences=absences, above=(SAMI,)) == [("cora", None, False)]
    assert [each.staff_id for each in reach((CORA,), absences, NOW)] == ["cora"]


def test_one_who_stands_in_for_another_absent_one_is_told_now() -> None:
    both = (away("cora", "carl"), away("sami", "cora"))
    assert reached(SAMI, CORA, absences=both) == [
        ("carl", Role.SUPERVISOR, False),
        ("sami", None, True),
        ("cora", None, True),
    ]


def test_who_is_next_in_line_is_asked_by_the_role_of_whoever_is_away() -> None:
    asked: list[Role] = []

    def above(role: Role) -> tuple[Told, ...]:
        asked.append(role)
        return (SAMI,)

    reach((CORA,), (away("cora"),), NOW, above)
    assert asked == [Role.CASEWORKER]
