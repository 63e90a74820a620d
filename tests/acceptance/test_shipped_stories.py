"""Every story that ships, played by every service and workflow on skipped time, held to its minutes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from deploy.demo.story import STORIES, read
from tests.acceptance.playing import play
from tests.acceptance.town import town
from tests.stack.databases import TestDatabase

pytestmark = pytest.mark.slow
BEFORE = timedelta(hours=1)  # the stage is set
SHIPPED = sorted(path.stem for path in STORIES.glob("*.yaml"))


@pytest.mark.parametrize("name", SHIPPED)
async def test_a_story_goes_as_its_file_says(
    name: str, service_database: Callable[..., TestDatabase], monkeypatch: pytest.MonkeyPatch
) -> None:
    story = read(name)
    async with town(story.begins - BEFORE, service_database, monkeypatch) as open_town:
        assert await play(story, open_town) == []
        assert open_town.office.mails
