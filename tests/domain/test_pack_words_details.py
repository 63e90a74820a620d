"""Every chapter of a described practice, whole; and lengths of time as people say them."""

from datetime import date, timedelta

import pytest

from domain.calendars import WorkCalendar
from domain.pack_words import (
    Chapter,
    Passage,
    calendar_words,
    describe,
    either,
    limit_words,
    listed,
    span,
)
from domain.policy import Criterion, Limit, Pack, Quorum, Rung
from domain.vocabulary import Risk, Role
from tests.domain.deadline_builders import a_calendar, a_rule

WEEKLY = dict.fromkeys(Risk, Limit.parse("1 weeks")) | {Risk.HIGH: Limit.parse("1 days")}


def test_practice_is_described_chapter_by_chapter() -> None:
    rungs = (Rung(Role.SUPERVISOR, Limit.parse("0 hours")),)
    rule = a_rule(title="A visit", cancelled_by=(), moved_by=(), reminders=(), ladder=rungs)
    pack = Pack(
        "test",
        1,
        "Test",
        a_calendar(),
        criteria={"neglect": Criterion("neglect", "Neglect", Risk.HIGH, "the law")},
        steps={rule.key: rule},
        periods={"word-after-appointment": Limit.parse("2 days")},
        rhythms={"follow-up": WEEKLY},
        figures={"caseload-warning": 25},
        quorums={"review": Quorum(chair=True, of_case=0, agencies=0)},
    )
    assert describe(pack) == (
        Chapter(
            "When the agency works",
            (
                Passage(
                    "Calendar",
                    (
                        "Working days are Monday, Tuesday, Wednesday, Thursday and Friday; "
                        "no public holidays are counted.",
                        "Times of day are those of Europe/Berlin. The dates come from test.",
                    ),
                ),
            ),
        ),
        Chapter(
            "Whom the agency registers",
            (Passage("Neglect", ("The risk is presumed to be high.",), "the law"),),
        ),
        Chapter(
            "What is owed, by whom and by when",
            (
                Passage(
                    "A visit",
                    (
                        "The caseworker does this within 48 hours, counted from “asked”.",
                        "It is done with “done”.",
                        "If it is missed, these are told until somebody acknowledges it: "
                        "the supervisor at once.",
                    ),
                    "test",
                ),
            ),
        ),
        Chapter(
            "How often things are repeated",
            (
                Passage(
                    "Follow-up",
                    (
                        "Repeated within 1 week when the risk is imminent, medium, low or unknown and "
                        "within 1 day when the risk is high, unless a plan says otherwise.",
                    ),
                ),
            ),
        ),
        Chapter(
            "Who must be at a meeting",
            (
                Passage(
                    "Review",
                    (
                        "An outcome counts with the chair present.",
                        "Who was there is recorded as far as it is known.",
                    ),
                ),
            ),
        ),
        Chapter("Other lengths of time", (Passage("Word after appointment", ("2 days.",)),)),
        Chapter("Other figures", (Passage("Caseload warning", ("25.",)),)),
    )


def test_chapter_with_nothing_to_say_is_left_out() -> None:
    bare = Pack("test", 1, "Test", a_calendar(), criteria={}, steps={})
    assert [chapter.title for chapter in describe(bare)] == ["When the agency works"]


def test_week_is_told_by_the_days_that_are_worked_and_a_year_by_its_days_off() -> None:
    off = frozenset({date(2026, 1, 1), date(2026, 12, 25), date(2027, 1, 1)})
    friday = WorkCalendar("Asia/Amman", frozenset({4, 5}), off, "JO holidays")
    assert calendar_words(friday) == (
        "Working days are Monday, Tuesday, Wednesday, Thursday and Sunday; "
        "about 2 days a year are public holidays or closed.",
        "Times of day are those of Asia/Amman. The dates come from JO holidays.",
    )


def test_one_limit_for_all_is_told_once() -> None:
    assert limit_words(dict.fromkeys(Risk, Limit.parse("3 days"))) == "within 3 days"


def test_names_are_joined_as_people_join_them() -> None:
    assert (either([]), either(["a"]), either(["a", "b"])) == ("", "a", "a or b")
    assert (listed(["a", "b"]), either(["a", "b", "c"])) == ("a and b", "a, b or c")


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(), "no time"),
        (timedelta(seconds=29), "no time"),  # told to the minute
        (timedelta(seconds=31), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(minutes=60), "1 hour"),
        (timedelta(hours=1, minutes=1), "1 hour and 1 minute"),
        (timedelta(hours=23, minutes=30), "23 hours and 30 minutes"),
        (timedelta(hours=24), "1 day"),
        (timedelta(days=2, hours=5), "2 days and 5 hours"),
        (timedelta(days=2, hours=5, minutes=40), "2 days and 5 hours"),  # of days, no minutes
        (-timedelta(hours=3), "3 hours"),  # whichever way
    ],
)
def test_length_of_time_is_said_as_people_say_it(length: timedelta, said: str) -> None:
    assert span(length) == said
