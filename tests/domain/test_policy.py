"""Limits and reminders as a pack writes them, and the table that a pack is."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Malformed
from domain.policy import LIMIT_FORMS, Limit, Pack, Reminder, Unit
from domain.vocabulary import Risk
from tests.domain.deadline_builders import NINE, a_calendar, a_pack, a_rule, hours

WORK = a_calendar()


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("24 hours", 24, Unit.HOURS),
        ("1 hour", 1, Unit.HOURS),
        ("1 hours", 1, Unit.HOURS),  # as tables are written
        ("0 hours", 0, Unit.HOURS),
        ("14 days", 14, Unit.DAYS),
        ("2 weeks", 2, Unit.WEEKS),
        ("3 months", 3, Unit.MONTHS),
        ("5 working days", 5, Unit.WORKING_DAYS),
        ("1 working day", 1, Unit.WORKING_DAYS),
        ("as agreed", 0, Unit.AS_AGREED),
    ],
)
def test_limit_is_read_as_it_is_written(text: str, count: int, unit: Unit) -> None:
    assert Limit.parse(text) == Limit(count, unit)


@pytest.mark.parametrize(
    "text",
    [
        "", "24", "hours", "24hours", "24  hours", " 24 hours", "24 hours ", "24 hours\n", "24 Hours", "-1 days",
        "1.5 days", "1,5 days", "12345 days", "2 fortnights", "2 minutes", "5 workingdays", "as  agreed", "٣ days",
    ],
)  # fmt: skip
def test_wrong_limit_names_what_is_allowed(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        Limit.parse(text)
    assert refused.value.allowed == LIMIT_FORMS == (
        "N hours", "N days", "N weeks", "N months", "N working days", "as agreed",
    )  # fmt: skip
    assert refused.value.detail == f"{text!r} is not a limit"


@given(st.integers(0, 9999), st.sampled_from([unit for unit in Unit if unit != "as agreed"]))
def test_limit_is_read_back_from_its_own_words(count: int, unit: Unit) -> None:
    assert Limit.parse(str(Limit(count, unit))) == Limit(count, unit)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("24 hours", NINE + hours(24)),
        ("14 days", datetime(2026, 3, 16, 8, tzinfo=UTC)),
        ("4 weeks", datetime(2026, 3, 30, 7, tzinfo=UTC)),  # 09:00 in Berlin, in summer
        ("3 months", datetime(2026, 6, 2, 7, tzinfo=UTC)),
        ("5 working days", datetime(2026, 3, 9, 8, tzinfo=UTC)),
    ],
)
def test_limit_ends_in_its_own_unit(text: str, end: datetime) -> None:
    assert Limit.parse(text).after(NINE, WORK) == end


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("4 hours", NINE - hours(4)),
        ("2 days", NINE - hours(48)),
        ("2 weeks", NINE - hours(14 * 24)),
        ("6 months", datetime(2025, 9, 2, 7, tzinfo=UTC)),
    ],
)
def test_limit_is_counted_back_from_an_end(text: str, start: datetime) -> None:
    assert Limit.parse(text).before(NINE, WORK) == start


@pytest.mark.parametrize("text", ["5 working days", "as agreed"])
def test_what_has_no_backwards_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        Limit.parse(text).before(NINE, WORK)
    assert refused.value.detail == f"{text!r} cannot be counted backwards."
    assert refused.value.allowed == ("N hours", "N days", "N weeks", "N months")


def test_agreed_date_has_no_length() -> None:
    with pytest.raises(Malformed) as refused:
        Limit.parse("as agreed").after(NINE, WORK)
    assert (refused.value.detail, refused.value.field) == (
        "A date agreed with people is needed.",
        "due",
    )


def test_reminder_is_half_of_the_time_or_so_long_before() -> None:
    assert Reminder.parse("half") == Reminder(None)
    assert Reminder.parse("2 days before") == Reminder(Limit(2, Unit.DAYS))


@pytest.mark.parametrize(
    "text", ["", "2 days", "before", "2 days after", "a third", "3 working days before", "as agreed before"]
)  # fmt: skip
def test_wrong_reminder_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        Reminder.parse(text)
    if "before" not in text or text == "3 working days before":
        assert refused.value.detail == f"{text!r} is not a reminder"
        assert refused.value.allowed == (
            "half",
            "N hours before",
            "N days before",
            "N weeks before",
        )


def test_pack_is_named_with_its_version() -> None:
    assert a_pack().id == "test@1"


def test_rounds_that_nobody_counts_have_the_limit_of_all() -> None:
    rule = a_rule(first_rounds=(Limit.parse("1 hours"),))
    assert rule.limit(Risk.LOW) == Limit.parse("48 hours")


@pytest.mark.parametrize(
    ("ask", "said", "field"),
    [
        ("step", "Unknown step 'dance'", "step"),
        ("period", "The pack names no period 'dance'", None),
        ("rhythm", "The pack names no rhythm 'dance'", None),
    ],
)
def test_what_a_pack_lacks_is_answered_with_what_it_has(
    ask: str, said: str, field: str | None
) -> None:
    monthly = {"follow-up": dict.fromkeys(Risk, Limit.parse("1 month"))}
    periods = {"follow-up": Limit.parse("4 weeks")}
    pack = Pack("test", 1, "Test", WORK, {}, {"follow-up": a_rule("follow-up")}, periods, monthly)
    found: dict[str, Callable[[str], object]] = {
        "step": pack.step,
        "period": pack.period,
        "rhythm": lambda key: pack.rhythm(key, Risk.LOW),
    }
    assert found[ask]("follow-up")
    with pytest.raises(Malformed) as refused:
        found[ask]("dance")
    assert (refused.value.detail, refused.value.field) == (said, field)
    assert refused.value.allowed == ("follow-up",)
