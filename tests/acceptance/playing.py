"""Plays a story on skipped time, in seconds, and holds it to what the file expects as the demo does."""

from deploy.demo import check
from deploy.demo.cast import Company
from deploy.demo.story import Story
from tests.acceptance.town import Town


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
    return differences(story, town, kept)


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
