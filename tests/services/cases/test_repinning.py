"""A case that goes over to another policy pack, and what becomes of its dates."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts import policies
from contracts.events.cases import CaseRepinned
from contracts.events.deadlines import DeadlineCancelled, DeadlineSet
from deploy.policy.facts_file import past_facts
from domain.replaying import replay
from domain.vocabulary import Role
from infrastructure.policy_packs import PolicyPacks, parse
from services.cases.app import service
from tests.services import served as serving
from tests.services.cases.conftest import (
    CARL,
    CORA,
    MATS,
    MONA,
    OPAL,
    SAMI,
    SOUTH,
    a_finding,
    a_registered_case,
    agency,
    ahead,
    an_active_case,
    done,
    open_steps,
    refused,
    staff,
)
from tests.services.cases.test_past_facts import granted
from tests.services.cases.test_transfer import OWNERS, SAL, a_transfer
from tests.services.replayed import exported, recorded
from tests.services.served import Served, serve
from tests.stack.databases import TestDatabase

DEFAULT = (Path(policies.__file__).parent / "default.yaml").read_text("utf-8")
# Twelve hours for the first assessment at every risk, and two weeks for the plan's actions to be reminded.
STRICT = DEFAULT.replace("pack: default", "pack: strict").replace(
    "{imminent: 24 hours, high: 24 hours, medium: 48 hours, low: 48 hours, unknown: 48 hours}",
    "12 hours",
    1,
)
ELSEWHERE = DEFAULT.replace("pack: default", "pack: elsewhere").replace(
    "  initial-assessment:\n", "  first-look:\n", 1
)


@pytest.fixture
async def cases(
    service_database: Callable[..., TestDatabase], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    packs = dict(PolicyPacks.load().packs)
    for name, content in (("strict", STRICT), ("elsewhere", ELSEWHERE)):
        packs[f"{name}@1"] = parse(f"{name}.yaml", content)
    monkeypatch.setattr(serving, "_PACKS", PolicyPacks(packs))
    async with serve(service, service_database("cases"), monkeypatch) as served:
        yield served


def to(policy: str = "strict@1") -> dict[str, Any]:
    return {"policy": policy, "reason": "The county has a practice of its own"}


async def test_open_duties_are_reckoned_anew_from_their_own_anchors(cases) -> None:
    ref = await a_registered_case(cases)
    registered_at = cases.clock.at
    cases.clock.forward(hours=3)
    answer = await done(cases, SAMI, f"/cases/{ref}/policy", to())
    (move,) = answer["moves"]
    assert (answer["before"], answer["policy"]) == ("default@1", "strict@1")
    assert (move["step"], move["rule"], move["new_rule"]) == (
        "initial-assessment",
        "48 hours from case.registered",
        "12 hours from case.registered",
    )
    assert await open_steps(cases, ref) == {
        "initial-assessment": registered_at + timedelta(hours=12)
    }
    old, new = await cases.rows("SELECT * FROM deadlines ORDER BY state")
    assert (old["state"], old["successor_id"]) == ("cancelled", new["id"])
    assert (new["policy"], new["anchored_at"]) == ("strict@1", registered_at)
    (changed,) = await cases.rows("SELECT * FROM deadline_changes")
    assert (changed["change"], changed["because"], changed["by"]) == (
        "moved",
        "case.repinned",
        "sami",
    )
    assert (changed["due_at"], changed["new_due_at"]) == (old["due_at"], new["due_at"])


async def test_it_is_said_on_the_bus_and_in_the_chronology_and_why_in_the_record(cases) -> None:
    ref = await a_registered_case(cases)
    await done(cases, MONA, f"/cases/{ref}/policy", to())
    assert [each["type"] for each in await cases.said()][-3:] == [
        "deadline.cancelled.v1",
        "deadline.set.v1",
        "case.repinned.v1",
    ]
    (said,) = await cases.said(CaseRepinned)
    assert (said["before"], said["policy"], said["moved"]) == ("default@1", "strict@1", 1)
    assert [each["reason"] for each in await cases.said(DeadlineCancelled)] == ["case.repinned"]
    items = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    assert items[-1]["fact"] == "case.repinned"
    assert "a practice of its own" in (await cases.get(CORA, f"/cases/{ref}")).text


async def test_duties_that_the_new_pack_leaves_as_they_are_stay_and_can_be_met(cases) -> None:
    ref, agreed = await an_active_case(cases)
    before = await open_steps(cases, ref)
    answer = await done(cases, SAMI, f"/cases/{ref}/policy", to())
    assert answer["moves"] == []
    assert await open_steps(cases, ref) == before
    action = agreed["actions"][0]["action_id"]
    path = f"/cases/{ref}/actions/{action}/completion"
    await done(cases, CORA, path, {"note": "The school was met"})
    assert "plan-action" not in await open_steps(cases, ref)


async def test_preview_says_what_would_move_and_changes_nothing(cases) -> None:
    ref = await a_registered_case(cases)
    before = await open_steps(cases, ref)
    said = await cases.said()
    answer = await cases.get(SAMI, f"/cases/{ref}/policy-preview?policy=strict@1")
    (move,) = answer.json()["moves"]
    assert (move["step"], move["successor_id"]) == ("initial-assessment", None)
    assert move["new_due_at"] < move["due_at"]
    assert await open_steps(cases, ref) == before
    assert await cases.said() == said
    assert (await cases.get(SAMI, f"/cases/{ref}")).json()["policy"] == "default@1"


@pytest.mark.parametrize(
    ("who", "policy", "status", "code"),
    [
        (SAMI, "default@1", 409, "policy-unchanged"),
        (SAMI, "elsewhere@1", 409, "policy-leaves-no-duty"),
        (SAMI, "nowhere@1", 422, "malformed"),
        (SAMI, "strict", 422, "malformed"),
        (CORA, "strict@1", 404, "not-found"),  # whoever owes the duties does not choose their dates
        (CARL, "strict@1", 404, "not-found"),
        (MATS, "strict@1", 404, "not-found"),
    ],
)
async def test_move_is_refused_and_so_is_its_preview(cases, who, policy, status, code) -> None:
    ref = await a_registered_case(cases)
    before = await open_steps(cases, ref)
    await refused(cases, who, f"/cases/{ref}/policy", to(policy), status, code)
    preview = await cases.get(who, f"/cases/{ref}/policy-preview?policy={policy}")
    assert (preview.status_code, preview.json()["code"]) == (status, code)
    assert await open_steps(cases, ref) == before


@pytest.mark.parametrize("policy", ["riverside", "strict", "Not a name", "nowhere@1"])
async def test_pack_that_is_not_there_is_refused_with_those_that_are(cases, policy) -> None:
    ref = await a_registered_case(cases)
    path = f"/cases/{ref}/policy-preview?policy={policy}"
    (told,) = (await cases.get(SAMI, path)).json()["errors"]
    assert (told["field"], told["message"]) == ("policy", "There is no such policy pack.")
    assert {"default@1", "strict@1", "working-days@1"} <= set(told["allowed"])
    problem = await refused(cases, SAMI, f"/cases/{ref}/policy", to(policy), 422, "malformed")
    assert problem["errors"] == [told]


async def test_there_and_back_gives_the_dates_of_the_beginning(cases) -> None:
    ref = await a_registered_case(cases)
    before = await open_steps(cases, ref)
    await done(cases, SAMI, f"/cases/{ref}/policy", to())
    await done(cases, SAMI, f"/cases/{ref}/policy", to("default@1"))
    assert await open_steps(cases, ref) == before
    assert len(await cases.said(DeadlineSet)) == 3


async def test_receiving_agencys_pack_is_applied_at_acceptance(cases) -> None:
    await cases.hear(
        agency(SOUTH, policy="strict"),
        staff("sal", Role.SUPERVISOR, agency_id=SOUTH, team="team-s"),
        staff("sara", Role.CASEWORKER, agency_id=SOUTH, team="team-s"),
    )
    for choice, policy, hours in (("apply", "strict@1", 12), ("keep", "default@1", 48)):
        ref = await a_registered_case(cases)
        asked = await done(cases, CORA, f"/cases/{ref}/transfers", a_transfer(policy=choice))
        path = f"/transfers/{asked['transfer_id']}/acceptance"
        answer = await done(cases, SAL, path, OWNERS)
        assert answer["policy"] == policy
        (owed,) = answer["deadlines"]
        assert owed["responsible"]["person_id"] == "sara"
        assert owed["rule"] == f"{hours} hours from case.registered"


async def test_trial_replays_the_move_so_that_the_same_became_of_every_duty(cases) -> None:
    """One case moves twice; on the other an action has been given time, and its follow-up goes on elsewhere."""
    ref = await a_registered_case(cases)
    cases.clock.forward(hours=1)
    await done(cases, SAMI, f"/cases/{ref}/policy", to())
    cases.clock.forward(hours=1)
    await done(cases, SAMI, f"/cases/{ref}/policy", to("working-days@1"))
    asked = {"with": "child", "method": "home-visit"}
    second, plan = await an_active_case(cases, follow_ups=[asked])
    cases.clock.forward(hours=1)
    await granted(cases, second, "plan-action", "extension", new_due=ahead(cases, days=45))
    await done(cases, SAMI, f"/cases/{second}/policy", to("humanitarian@1"))
    cases.clock.forward(days=3)
    track = plan["follow_ups"][0]["follow_up_id"]
    await done(cases, CORA, f"/cases/{second}/follow-ups/{track}/records", a_finding(cases))
    lines = await exported(cases, OPAL)
    policies = [
        list(dict.fromkeys(line.policy for line in lines if line.case == each and not line.step))
        for each in (ref, second)
    ]
    assert policies == [
        ["default@1", "strict@1", "working-days--berlin@1"],
        ["default@1", "humanitarian--berlin@1"],
    ]
    found = replay(
        lambda fact: serving._PACKS.get(fact.policy),
        past_facts(lines, "default@1"),
        cases.clock.at,
    )
    assert {
        duty.id: (duty.step, duty.due_at, duty.settled_at) for duty in found.duties
    } == await recorded(cases)
