"""A file of past facts: what a closure was for is told, so that a pack is tried on it rightly."""

from datetime import timedelta

from contracts.past_facts import FactLine
from deploy.policy.facts_file import past_facts, written
from domain.replaying import replay
from infrastructure.policy_packs import PolicyPacks
from tests.services.served import DAY_0

PACK = PolicyPacks.load().latest("default")


def closed(*marks: str) -> FactLine:
    at = DAY_0 + timedelta(days=1)
    return FactLine(case="c-1", fact="case.closed", at=at, marks=marks, owner="cases")


def test_ground_of_a_closure_travels_with_the_fact() -> None:
    (past,) = past_facts([closed("died")], PACK.id)
    assert past.fact.marks == {"died"}
    assert '"marks":["died"]' in written([closed("died")])


def test_nobody_is_reckoned_to_look_back_with_a_child_who_has_died() -> None:
    for marks, steps in ((("died",), []), (("goals-achieved",), ["look-back"])):
        tried = replay(
            lambda _: PACK, past_facts([closed(*marks)], PACK.id), DAY_0 + timedelta(days=400)
        )
        assert [duty.step for duty in tried.duties] == steps
