"""A file of past facts: what a closure was for is told, so that a pack is tried on it rightly."""

from datetime import timedelta
from pathlib import Path

import pytest

from contracts.past_facts import FactLine
from deploy.policy.errors import PolicyCommandError
from deploy.policy.exporting import with_risks
from deploy.policy.facts_file import past_facts, read_facts, written
from domain.replaying import replay
from domain.time_granted import Grant
from domain.vocabulary import Risk
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


def test_rhythm_that_proposed_a_date_travels_with_the_fact() -> None:
    line = FactLine(case="c-1", fact="follow-up.agreed", at=DAY_0, rhythm="follow-up")
    (past,) = past_facts([line], PACK.id)
    assert (past.rhythm, past.grant) == ("follow-up", None)
    assert '"rhythm":"follow-up"' in written([line])
    assert past_facts([closed()], PACK.id)[0].rhythm is None


@pytest.mark.parametrize(
    ("fact", "granted", "time"),
    [
        ("deadline.extended", '"P14D"', timedelta(days=14)),
        ("deadline.paused", '"PT36H"', timedelta(hours=36)),
        ("deadline.resumed", '"-PT36H"', timedelta(hours=-36)),
        ("deadline.waived", "null", None),
    ],
)
def test_time_granted_is_read_and_written_as_a_length_of_time(
    tmp_path: Path, fact: str, granted: str, time: timedelta | None
) -> None:
    path = tmp_path / "facts.jsonl"
    path.write_text(
        f'{{"case": "c-1", "fact": "{fact}", "at": "2027-03-01T08:00:00Z", "step": "plan-action", '
        f'"granted": {granted}}}\n'
    )
    (past,) = read_facts(path, PACK.id)
    assert past.grant == Grant("plan-action", time)
    line = FactLine(case="c-1", fact=fact, at=DAY_0, step="plan-action", granted=time)
    path.write_text(written([line]))
    assert [each.grant for each in read_facts(path, PACK.id)] == [past.grant]


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ('"fact": "deadline.waived"', "step belongs to deadline.extended, deadline.paused"),
        (
            '"fact": "case.closed", "step": "archive"',
            "step belongs to deadline.extended, deadline.paused, deadline.resumed, deadline.waived, "
            "and is needed there",
        ),
        (
            '"fact": "deadline.paused", "step": "archive"',
            "granted belongs to deadline.extended, deadline.paused, deadline.resumed, and is needed "
            "there",
        ),
        (
            '"fact": "deadline.waived", "step": "archive", "granted": "P1D"',
            "granted belongs to deadline.extended",
        ),
        (
            '"fact": "deadline.paused", "step": "archive", "granted": "soon"',
            "granted: input should be a valid duration",
        ),
    ],
)
def test_grant_that_says_too_little_or_too_much_is_named_by_its_line(
    tmp_path: Path, keys: str, sentence: str
) -> None:
    path = tmp_path / "facts.jsonl"
    path.write_text(f'{{"case": "c-1", "at": "2027-03-01T08:00:00Z", {keys}}}\n')
    with pytest.raises(PolicyCommandError) as refused:
        read_facts(path, PACK.id)
    assert str(refused.value).startswith(f"{path}:1: {sentence}")


def test_risk_of_one_report_is_not_the_risk_of_the_case() -> None:
    given = [
        {"fact": "case.registered", "risk": "low"},
        {
            "fact": "concern.joined",
            "risk": "high",
            "subject_type": "action",
            "subject_id": "report",
        },
        {"fact": "action.agreed", "subject_type": "action", "subject_id": "other"},
        {"fact": "risk.changed", "risk": "medium"},
        {"fact": "plan.agreed"},
    ]
    found = [FactLine.model_validate({"case": "c-1", "at": DAY_0, **each}) for each in given]
    risks = [past.fact.risk for past in past_facts(found, PACK.id)]
    assert risks == [Risk.LOW, Risk.HIGH, Risk.LOW, Risk.MEDIUM, Risk.MEDIUM]
    asked = FactLine(case="c-1", fact="referral.requested", at=DAY_0, owner="referrals")
    cases_own = [each.model_copy(update={"owner": "cases"}) for each in found[:3]]
    assert with_risks([*cases_own, asked])[-1].risk is Risk.LOW
