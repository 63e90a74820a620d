"""A story file that cannot be played says where it is wrong; the pace gives every moment its time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from deploy.demo.cast import agree, pick
from deploy.demo.pace import clock_plan
from deploy.demo.story import StoryRefused, read, shipped

A_STORY = """
story: small
title: A small one
zone: Europe/Berlin
begins: 2026-03-02 08:00
secrets: []
cast: {amal: {name: Amal, agency: north, roles: [caseworker], email: amal@north.example}}
agencies: {}
acts:
  - at: 2026-03-02 09:00
    times: 3
    every: 1 hours
    who: amal
    does: number {n}
    post: cases /cases
    keep: {"case_{n}": case_ref}
  - {at: 2026-03-03 09:00, who: amal, does: looks, get: "cases /cases/{case_2}", expect: {status: registered}}
clock:
  - {at: 2026-03-28 12:00, times: 3, every: 1 days, brings: reminded, step: initial-assessment, about: "case_{n}"}
owed: []
facts: []
"""


def a_story(tmp_path: Path, before: str = "", after: str = "") -> str:
    """A file with one thing changed."""
    path = tmp_path / "story.yaml"
    path.write_text(A_STORY.replace(before, after))
    return str(path)


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_story_can_be_read(name: str) -> None:
    assert read(name).story == name


def test_every_shipped_story_stands_on_the_page_of_stories() -> None:
    page = (Path(__file__).parents[2] / "docs" / "stories.md").read_text(encoding="utf-8")
    assert [name for name in shipped() if f"stories/{name}.yaml)" not in page] == []


def test_times_are_local_to_the_zone() -> None:
    assert read("noor").begins == datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def test_what_is_repeated_is_numbered_and_moves_on_by_the_wall_clock(tmp_path: Path) -> None:
    story = read(a_story(tmp_path))
    assert [act.does for act in story.acts] == ["number 1", "number 2", "number 3", "looks"]
    assert [act.at.hour for act in story.acts] == [8, 9, 10, 8]
    assert [bring.at.hour for bring in story.clock] == [11, 10, 10]  # summer time begins between
    assert [bring.about for bring in story.clock] == ["case_1", "case_2", "case_3"]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("{case_2}", "{case_4}", "no answer above gives"),
        ("at: 2026-03-03", "at: 2026-03-01", "comes before"),
        ("who: amal", "who: nobody", "not in the cast"),
        ("get:", "post: cases /cases, get:", "give one of"),
        ("every: 1 hours", "every: hour", "15 minutes"),
        ('about: "case_{n}"', "about: other", "no answer gives"),
    ],
)
def test_a_story_that_cannot_be_played_says_why(
    tmp_path: Path, before: str, after: str, why: str
) -> None:
    with pytest.raises(StoryRefused, match=why):
        read(a_story(tmp_path, before, after))


ANSWER = {
    "items": [{"step": "review", "at": "2026-03-02T08:00:01Z"}, {"step": "archive", "at": None}],
    "questions": ["the first", "the second"],
}


@pytest.mark.parametrize(
    ("path", "wanted", "agrees"),
    [
        ("items.count", 2, True),
        ("items.0.step", "review", True),
        ("items.step=review.at", "2026-03-02T09:00:00+01:00", True),  # in its minute
        ("items.step=review.at", "2026-03-02T07:59:00+00:00", False),
        ("items.step=archive.at", None, True),
        ("items.step=closure.at", None, True),
        ("items.1.step", "review", False),
        ("questions.1", "the second", True),
    ],
)
def test_an_answer_is_held_to_what_the_story_expects(
    path: str, wanted: object, agrees: bool
) -> None:
    assert agree(pick(ANSWER, path), wanted) is agrees


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
