"""A story file that cannot be played says where it is wrong; the pace gives every moment its time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from deploy.demo.pace import clock_plan
from deploy.demo.story import StoryRefused, read


def test_every_shipped_story_can_be_read() -> None:
    assert read("noor").begins == datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def test_an_unknown_story_names_those_that_ship() -> None:
    with pytest.raises(StoryRefused, match="noor"):
        read("nobody")


def test_a_wrong_field_is_named(tmp_path: Path) -> None:
    path = tmp_path / "story.yaml"
    path.write_text("story: x\nzone: Europe/Berlin\nsecretz: []\n")
    with pytest.raises(StoryRefused, match="secretz"):
        read(str(path))


@pytest.mark.parametrize("speed", [0.5, 1.0, 3.0])
def test_every_moment_has_wall_time_of_its_own(speed: float) -> None:
    story, starts = read("noor"), datetime(2026, 11, 1, tzinfo=UTC)
    plan = clock_plan(story.instants(), starts, speed)
    walls = [plan.wall_at(moment) for moment in story.instants()]
    assert all(
        after - before >= timedelta(seconds=1.5 / speed) for before, after in pairwise(walls)
    )
    assert walls[0] > starts
