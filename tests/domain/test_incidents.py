"""When a serious incident is said, and that a death is said once."""

from datetime import UTC, date, timedelta

import pytest

from domain.case import StepOutOfOrder
from domain.errors import Malformed
from domain.incidents import Flagged, IncidentKind, died_at, flag, is_news
from domain.recording import OccurredInFuture
from domain.vocabulary import CaseStatus
from tests.domain.case_builders import NOW, ZONE, a_case, words_of

DEATH, HARM = IncidentKind.DEATH, IncidentKind.SERIOUS_HARM


@pytest.mark.parametrize(
    ("before", "said", "news"),
    [
        ([], Flagged(DEATH, False), True),
        ([Flagged(DEATH, False)], Flagged(DEATH, False), False),
        ([Flagged(DEATH, False)], Flagged(DEATH, True), True),  # a suspicion has come to it
        ([Flagged(DEATH, False), Flagged(DEATH, True)], Flagged(DEATH, True), False),
        ([Flagged(DEATH, True)], Flagged(DEATH, False), False),
        ([Flagged(HARM, True)], Flagged(DEATH, False), True),
        ([Flagged(HARM, True), Flagged(DEATH, False)], Flagged(DEATH, True), True),
        ([Flagged(HARM, False)], Flagged(HARM, False), True),  # each harm is one of its own
    ],
)
def test_death_is_said_once_and_harm_each_time(before, said, news) -> None:
    assert is_news(before, said) is news


@pytest.mark.parametrize(
    ("died_on", "instant"),
    [
        ("2026-03-01", "2026-03-01T22:59:59+00:00"),  # yesterday in Berlin
        ("2026-03-02", "2026-03-02T09:00:00+00:00"),  # today lasts still
        ("2025-07-01", "2025-07-01T21:59:59+00:00"),  # summer time
    ],
)
def test_death_is_dated_by_the_day_it_is_known_by(died_on: str, instant: str) -> None:
    assert died_at(date.fromisoformat(died_on), ZONE, NOW).isoformat() == instant


def test_day_of_a_death_lasts_until_its_second_hour_before_midnight_is_over() -> None:
    told = died_at(date(2024, 3, 23), "America/Asuncion", NOW)
    assert told.isoformat() == "2024-03-24T03:59:59+00:00"
    assert told.tzinfo is UTC  # whatever zone the machine is in


@pytest.mark.parametrize("status", CaseStatus)
def test_harm_is_flagged_on_any_case_that_was_registered(status: CaseStatus) -> None:
    if status in ("identified", "refused", "joined"):
        with pytest.raises(StepOutOfOrder):
            flag(a_case(status), NOW, NOW)
    else:
        flag(a_case(status), NOW, NOW)


def test_harm_has_happened() -> None:
    with pytest.raises(OccurredInFuture) as refused:
        flag(a_case(), NOW + timedelta(seconds=1), NOW)
    assert refused.value.field == "occurred_at"


def test_harm_before_the_registration_is_learnt_from_too() -> None:
    flag(a_case(), NOW - timedelta(days=1), NOW)
    flag(a_case(), NOW.replace(year=1996), NOW)
    with pytest.raises(Malformed) as refused:
        flag(a_case(), NOW.replace(year=1995), NOW)
    said = "A child's case is about a childhood."
    assert words_of(refused) == (said, "occurred_at", ("within the last 30 years",))
