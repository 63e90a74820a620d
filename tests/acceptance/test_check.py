"""Whatever differs from a story is found: a check that cannot fail proves nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.demo import check
from deploy.demo.listener import Heard
from deploy.demo.story import Bring, Owed, Story, read
from infrastructure.clock import ClockPlan

AT = datetime(2026, 3, 3, 8, tzinfo=UTC)
PLAN = ClockPlan(((AT, AT), (AT + timedelta(hours=1), AT + timedelta(hours=1))))
KEPT = {"meeting": "m-1"}


def a_story(**parts: Any) -> Story:
    empty: dict[str, Any] = {"clock": (), "owed": (), "facts": (), "acts": ()}
    return read("noor").model_copy(update={**empty, **parts})


def said(kind: str, at: datetime = AT, *, heard_after: float = 0.1, **body: Any) -> Heard:
    facts = {
        "step": "plan-action",
        "subject_id": "m-1",
        "deadline_id": "d-1",
        "moment": "due",
        **body,
    }
    wall = at + timedelta(seconds=heard_after)
    return Heard(f"{kind}-{at}", f"deadline.{kind}.v1", "cases", "/t", at, wall, facts, b"")


MISSED = Bring(at=AT, brings="missed", step="plan-action", about="meeting")


@pytest.mark.parametrize(
    ("heard", "note"),
    [
        ([said("missed")], ""),
        ([], "never came"),
        ([said("missed", AT + timedelta(minutes=2))], "not at its minute"),
        ([said("missed", AT - timedelta(seconds=1))], "not at its minute"),
        ([said("missed", heard_after=-0.5)], "before its moment"),
        ([said("missed", heard_after=9)], "after its moment"),
        ([said("missed", subject_id="another")], "never came"),
        ([said("missed"), said("reminded", AT + timedelta(hours=1))], "not in the story"),
    ],
)
def test_an_announcement_is_held_to_its_minute(heard: list[Heard], note: str) -> None:
    rows = check.clock_rows(a_story(clock=(MISSED,)), heard, KEPT, PLAN)
    wrong = [row.note for row in rows if not row.ok]
    assert (wrong == []) if not note else any(note in each for each in wrong)


@pytest.mark.parametrize(
    ("ending", "note"),
    [
        ([said("met", late=False)], ""),
        ([said("met", late=True)], "ended as met-late"),
        ([said("cancelled")], "ended as cancelled"),
        ([], "ended as open"),
    ],
)
def test_a_duty_is_held_to_its_end(ending: list[Heard], note: str) -> None:
    owed = Owed(step="plan-action", about="meeting", due=AT, ends="met")
    heard = [said("set", due_at=AT.isoformat()), *ending]
    rows = check.duty_rows(a_story(owed=(owed,)), heard, KEPT)
    assert [row.note for row in rows] == [note]


def test_a_duty_that_no_story_told_of_is_found() -> None:
    rows = check.duty_rows(a_story(), [said("set", due_at=AT.isoformat())], KEPT)
    assert [row.note for row in rows] == ["not in the story"]


def test_a_duty_that_changes_hands_is_still_the_same_one() -> None:
    again = said("set", due_at=AT.isoformat(), restated=True)
    assert check.duty_rows(a_story(), [again], KEPT) == []


def test_what_is_said_twice_is_found() -> None:
    once = said("missed")
    assert check.doubled([once]) == []
    assert check.doubled([once, replace(once, id="again")]) == ["plan-action due"]


def test_a_word_of_the_child_outside_the_records_is_found() -> None:
    assert check.leaked(a_story(), {"a mail": b"about Noor"}) == ["'Noor' in a mail"]


def test_a_fact_that_is_missing_or_out_of_order_is_found() -> None:
    story = a_story(facts=("deadline.missed", "deadline.met"))
    assert check.missing_facts(story, [said("missed"), said("met", AT + timedelta(hours=1))]) == []
    assert check.missing_facts(story, [said("met"), said("missed", AT + timedelta(hours=1))]) == [
        "deadline.met"
    ]
