"""Plays a story on skipped time, in seconds, and holds it to what the file expects as the demo does."""

from typing import Any

from deploy.demo import check
from deploy.demo.cast import Company
from deploy.demo.story import Story
from domain.vocabulary import Role
from tests.acceptance.town import Town
from tests.services.served import a_token


async def play(story: Story, town: Town) -> list[str]:
    """What differs from the story; raises ActFailed where an answer does."""
    kept: dict[str, str] = {}
    company = Company(town.client, town.urls, story, kept)
    await company.sign_in()
    await company.set_stage()
    for number, act in enumerate(story.acts):
        await town.until(act.at)
        await company.act(act, key=f"{story.story}-{number}")
    await town.settle()
    for at in (bring.at for bring in story.clock if bring.at > story.acts[-1].at):
        await town.until(at)
    return differences(story, town, kept) + await as_operations_see_it(story, town)


async def as_operations_see_it(story: Story, town: Town) -> list[str]:
    """Overdue is what the story leaves open past its day and nothing else; the watchdog finds nothing."""
    overdue = await _as_operations(town, "/overdue")
    seen = sorted(item["step"] for item in overdue)
    now = town.time.now()
    left = sorted(owed.step for owed in story.owed if owed.ends == "open" and owed.due < now)
    wrong = [] if seen == left else [f"operations see overdue {seen}, the story leaves {left}"]
    return wrong + [f"watchdog: {found}" for found in await _as_operations(town, "/watchdog")]


async def _as_operations(town: Town, path: str) -> list[dict[str, Any]]:
    token = a_token("operator", "throughline", Role.OPERATIONS)
    headers = {"Authorization": f"Bearer {token}"}
    answer = await town.client.get(town.urls["operations"] + path, headers=headers)
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def differences(story: Story, town: Town, kept: dict[str, str]) -> list[str]:
    heard, plan = town.wire.heard, town.time.plan
    rows = [
        *check.clock_rows(story, heard, kept, plan),
        *check.duty_rows(story, heard, kept),
    ]
    wrong = [
        f"{row.what} {row.step} {row.about}: {row.note} (planned {row.planned}, actual {row.actual})"
        for row in rows
        if not row.ok
    ]
    wrong += [
        f"not announced, or not in order: {fact}" for fact in check.missing_facts(story, heard)
    ]
    wrong += [f"announced twice: {moment}" for moment in check.doubled(heard)]
    texts = {f"mail {number}": mail for number, mail in enumerate(town.office.mails)}
    texts |= {f"the event {item.type}": item.raw for item in heard}
    wrong += [f"personal data: {leak}" for leak in check.leaked(story, texts)]
    return wrong
