"""A fact that both sets and moves a step: while a duty stands, it is another reason for it and sets no second."""

from datetime import timedelta
from typing import Any

import pytest

from domain.deadlines import Deadline, Fact, consequences
from domain.policy import Limit, Pack
from domain.vocabulary import DeadlineState, Risk, SubjectType
from infrastructure.policy_packs import PolicyPacks
from tests.domain.deadline_builders import NINE, a_fact, a_pack, a_rule, hours

WITHIN = dict.fromkeys(Risk, Limit.parse("48 hours")) | {Risk.HIGH: Limit.parse("6 hours")}
LOOK = a_rule("look", anchors=("worse",), moved_by=("worse",), within=WITHIN)
PACK = a_pack(LOOK)


def worse(after: float = 0, risk: Risk = Risk.MEDIUM, **changes: Any) -> Fact:
    return a_fact("worse", NINE + hours(after), risk=risk, **changes)


def owed(pack: Pack = PACK) -> Deadline:
    (found,) = consequences(pack, "cases", [], worse()).set
    return found


def test_first_finding_sets_the_duty() -> None:
    assert owed().due_at == NINE + hours(48)


@pytest.mark.parametrize("after", [0.1, 47, 100])  # also when it is overdue
def test_second_finding_is_another_reason_and_gives_no_more_time(after: float) -> None:
    standing = owed()
    found = consequences(PACK, "cases", [standing], worse(after))
    assert (found.set, found.met, found.cancelled) == ((), (), ())
    assert found.reasons == (standing,)


def test_second_finding_at_a_higher_risk_makes_the_one_duty_earlier() -> None:
    standing = owed()
    found = consequences(PACK, "cases", [standing], worse(1, Risk.HIGH))
    (moved,) = found.set
    assert (moved.due_at, moved.version) == (NINE + hours(7), 2)
    assert [each.successor_id for each in found.cancelled] == [moved.id]
    assert found.reasons == ()


def test_finding_after_the_duty_was_met_sets_a_new_one() -> None:
    met = consequences(PACK, "cases", [owed()], a_fact("done", NINE + hours(1))).met
    assert [each.state for each in met] == [DeadlineState.MET]
    found = consequences(PACK, "cases", met, worse(2))
    assert [each.due_at for each in found.set] == [NINE + hours(50)]


def test_pack_that_does_not_say_so_sets_a_second_duty_as_before() -> None:
    pack = a_pack(a_rule("look", anchors=("worse",), within=WITHIN))
    found = consequences(pack, "cases", [owed(pack)], worse(1))
    assert (len(found.set), found.reasons) == (1, ())


def test_duty_on_another_subject_or_of_another_step_is_no_reason_to_set_none() -> None:
    child = a_rule("look", anchors=("worse",), moved_by=("worse",), subject=SubjectType.ACTION)
    other = a_rule("other", anchors=("worse",))
    pack = a_pack(child, other)
    one, two = ({"subject_type": SubjectType.ACTION, "subject_id": each} for each in ("one", "two"))
    standing = consequences(pack, "cases", [], worse(**one)).set
    assert [each.step for each in standing] == ["look", "other"]
    again = consequences(pack, "cases", standing, worse(1, **one))
    assert ([each.step for each in again.set], len(again.reasons)) == (["other"], 1)
    apart = consequences(pack, "cases", standing, worse(1, **two))
    assert [each.step for each in apart.set] == ["look", "other"]


@pytest.mark.parametrize("name", ["default", "working-days", "humanitarian"])
def test_shipped_packs_owe_one_reassessment_however_often_it_is_found_worse(name: str) -> None:
    pack = PolicyPacks.load().latest(name)
    first = consequences(pack, "cases", [], a_fact("situation.worsened", risk=Risk.MEDIUM)).set
    later = a_fact("situation.worsened", NINE + timedelta(hours=1), risk=Risk.MEDIUM)
    found = consequences(pack, "cases", first, later)
    assert (len(first), found.set, found.reasons) == (1, (), first)
