"""Every story that ships, played by every service and workflow on skipped time, held to its minutes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from deploy.demo.story import Story, read, shipped
from tests.acceptance.playing import play
from tests.acceptance.town import town
from tests.stack.databases import TestDatabase

pytestmark = pytest.mark.slow
BEFORE = timedelta(hours=1)  # the stage is set


@pytest.mark.parametrize("name", shipped())
async def test_a_story_goes_as_its_file_says(
    name: str, service_database: Callable[..., TestDatabase], monkeypatch: pytest.MonkeyPatch
) -> None:
    story = read(name)
    async with town(story.begins - BEFORE, service_database, monkeypatch) as open_town:
        assert await play(story, open_town) == []
        assert open_town.office.mails


async def test_whatever_differs_from_a_story_is_named(
    service_database: Callable[..., TestDatabase], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(read("stand-in").begins - BEFORE, service_database, monkeypatch) as open_town:
        wrong = " ".join(await play(told_otherwise(read("stand-in")), open_town))
    assert "missed comprehensive-assessment : not at its minute" in wrong
    assert "reminded comprehensive-assessment ref: not in the story" in wrong
    assert "met comprehensive-assessment : ended as met-late" in wrong
    assert "open case-plan : never set" in wrong
    assert "not announced, or not in order: case.closed" in wrong
    assert "personal data: 'agency-north' in the event" in wrong
    assert "operations see overdue [], the story leaves ['case-plan']" in wrong


def told_otherwise(story: Story) -> Story:
    """The missed duty an hour later and met in time, a reminder and a closure too many, a plan due too early."""
    _, reminded, missed = story.clock
    first, assessed, plan = story.owed
    hour, weeks = timedelta(hours=1), timedelta(weeks=8)
    return story.model_copy(
        update={
            "clock": (reminded, missed.model_copy(update={"at": missed.at + hour})),
            "owed": (
                first,
                assessed.model_copy(update={"ends": "met"}),
                plan.model_copy(update={"due": plan.due - weeks}),
            ),
            "facts": (*story.facts, "case.closed"),
            "secrets": ("agency-north",),
        }
    )
