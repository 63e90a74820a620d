"""What a service exports as past facts, replayed under the pack it kept: its own deadlines must come out again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.past_facts import FactLine
from deploy.policy.facts_file import past_facts
from domain.replaying import Duty, replay
from infrastructure.policy_packs import PolicyPacks
from tests.services.served import Served

PACKS = PolicyPacks.load()


async def exported(served: Served, who: str, limit: int = 1000) -> list[FactLine]:
    """Every page, one after the other."""
    lines: list[FactLine] = []
    cursor = ""
    while True:
        answer = await served.get(who, f"/operations/facts?limit={limit}{cursor}")
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        lines += [FactLine.model_validate(each) for each in page["items"]]
        if page.get("next_cursor") is None:
            return lines
        cursor = f"&cursor={page['next_cursor']}"


def duties(lines: list[FactLine], until: datetime) -> list[Duty]:
    facts = past_facts(lines, "default@1")
    return list(replay(lambda fact: PACKS.get(fact.policy), facts, until).duties)


async def recorded(served: Served) -> dict[UUID, tuple[str, datetime, datetime | None]]:
    """Each duty's step, last due instant and end, by the id of the deadline that set it."""
    rows = {row["id"]: row for row in await served.rows("SELECT * FROM deadlines")}
    successors = {row["successor_id"] for row in rows.values()}
    found = {}
    for first in rows.values():
        if first["id"] in successors:
            continue
        last = first
        while last["successor_id"]:
            last = rows[last["successor_id"]]
        found[first["id"]] = (last["step"], last["due_at"], last["settled_at"])
    return found
