"""How often child and family are seen, and when the next time is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Malformed
from domain.follow_up import (
    BeforeAgreed,
    FollowUpOver,
    Piece,
    RhythmBroken,
    Track,
    calls_for_reassessment,
    dated_by,
    next_due,
    quicken,
    read_rhythm,
    record,
)
from domain.policy import Limit
from domain.recording import OccurredInFuture
from domain.vocabulary import Finding, Method, Person, Risk
from tests.domain.case_builders import NOW, PACK, ZONE, words_of

DAY = timedelta(days=1)
NOOR = read_rhythm([("2 weeks", date(2026, 5, 2)), ("1 months", None)], "rhythm")


def a_track(**changes) -> Track:
    track = Track(UUID(int=1), Person.CHILD, Method.HOME_VISIT, NOW, NOW + 14 * DAY)
    return replace(track, **changes)


def due_after(start: datetime, rhythm=(), risk=Risk.MEDIUM) -> datetime:
    return next_due(rhythm, PACK, risk, start, ZONE)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(ZONE))


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (local(2026, 3, 2, 10), local(2026, 3, 16, 10)),
        (local(2026, 3, 20, 10), local(2026, 4, 3, 10)),  # across the change to summer time
        (local(2026, 4, 18, 10), local(2026, 5, 2, 10)),  # due on the last day of the first piece
        (local(2026, 4, 19, 10), local(2026, 5, 19, 10)),  # from here on monthly
        (local(2027, 1, 31, 10), local(2027, 2, 28, 10)),  # a day that the month lacks
    ],
)
def test_rhythm_of_the_plan_holds_piece_by_piece(start, due) -> None:
    assert due_after(start, NOOR) == due


@pytest.mark.parametrize(
    ("risk", "days"), [(Risk.IMMINENT, 1), (Risk.HIGH, 7), (Risk.MEDIUM, 14), (Risk.UNKNOWN, 7)]
)
def test_without_one_the_packs_rhythm_for_the_risk_holds(risk, days) -> None:
    assert due_after(NOW, risk=risk) == NOW + days * DAY


FORMS = ("N days", "N weeks", "N months")


@pytest.mark.parametrize(
    ("pieces", "field"),
    [
        ([("2 weeks", date(2026, 5, 2))], "rhythm.0.until"),  # ends for good
        ([("2 weeks", None), ("1 months", None)], "rhythm.0.until"),  # never reaches the second
        (
            [("1 weeks", date(2026, 5, 2)), ("2 weeks", date(2026, 4, 2)), ("1 months", None)],
            "rhythm.0.until",  # out of order
        ),
        (
            [("1 weeks", date(2026, 5, 2)), ("2 weeks", date(2026, 5, 2)), ("1 months", None)],
            "rhythm.0.until",  # both to the same day
        ),
        (
            [("1 weeks", date(2026, 5, 2)), ("2 weeks", date(2026, 6, 2))],
            "rhythm.1.until",  # ends for good, with its second piece
        ),
        ([("1 weeks", date(2026, 5, 2)), ("3 hours", None)], "rhythm.1.every"),
        ([("fortnightly", None)], "rhythm.0.every"),
        ([("3 hours", None)], "rhythm.0.every"),
        ([("0 weeks", None)], "rhythm.0.every"),
    ],
)
def test_rhythm_goes_on_without_end_or_is_refused(pieces, field) -> None:
    with pytest.raises(Malformed) as refused:
        read_rhythm(pieces, "rhythm")
    assert refused.value.field == field


@pytest.mark.parametrize("every", ["fortnightly", "3 hours", "2 working days", "0 weeks"])
def test_rhythm_that_nobody_can_keep_is_refused_with_the_forms_there_are(every: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_rhythm([(every, None)], "rhythm")
    assert words_of(refused) == ("This is not a rhythm.", "rhythm.0.every", FORMS)


def test_rhythm_is_read_as_it_was_written() -> None:
    assert read_rhythm([], "rhythm") == ()
    assert (
        Piece(Limit.parse("2 weeks"), date(2026, 5, 2)),
        Piece(Limit.parse("1 months")),
    ) == NOOR


def test_broken_rhythm_says_how_a_rhythm_goes_on() -> None:
    with pytest.raises(RhythmBroken) as refused:
        read_rhythm([("1 weeks", date(2026, 5, 2))], "rhythm")
    assert words_of(refused) == ("The last piece has no end.", "rhythm.0.until", None)
    with pytest.raises(RhythmBroken) as refused:
        read_rhythm([("2 weeks", None), ("1 months", None)], "rhythm")
    assert str(refused.value) == RhythmBroken.title()


def test_days_are_those_of_the_agencys_zone() -> None:
    piece = read_rhythm([("1 days", date(2026, 3, 3)), ("1 weeks", None)], "rhythm")
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # the 3rd in Berlin, the 2nd in New York
    assert next_due(piece, PACK, Risk.LOW, late, ZONE) == late + 7 * DAY
    assert next_due(piece, PACK, Risk.LOW, late, "America/New_York") == late + DAY


def test_rhythm_keeps_the_hour_of_the_agencys_own_clock() -> None:
    before = datetime(2026, 3, 7, 15, tzinfo=UTC)  # New York changes its clocks on the 8th
    kept = datetime(2026, 3, 14, 14, tzinfo=UTC)
    assert next_due((), PACK, Risk.HIGH, before, "America/New_York") == kept
    track = a_track(agreed_at=before, next_due=kept + 60 * DAY)
    made = record(track, before, PACK, Risk.HIGH, before, "America/New_York")
    assert made == replace(track, last_at=before, next_due=kept)
    quick = quicken(track, PACK, Risk.HIGH, before, "America/New_York")
    assert quick == replace(track, next_due=kept)


def recorded(track: Track, at: datetime, now: datetime) -> Track:
    return record(track, at, PACK, Risk.MEDIUM, now, ZONE)


def test_next_one_counts_from_the_one_that_was_made() -> None:
    at = NOW + 12 * DAY
    track = recorded(a_track(), at, at)
    assert (track.last_at, track.next_due) == (at, at + 14 * DAY)


def test_follow_up_in_the_future_is_refused() -> None:
    with pytest.raises(OccurredInFuture) as refused:
        recorded(a_track(), NOW + DAY, NOW)
    assert refused.value.field == "occurred_at"


def test_follow_up_from_before_the_plan_is_refused() -> None:
    with pytest.raises(BeforeAgreed) as refused:
        recorded(a_track(), NOW - DAY, NOW)
    assert refused.value.field == "occurred_at"
    assert recorded(a_track(), NOW, NOW).last_at == NOW


def test_one_that_is_entered_late_moves_nothing() -> None:
    track = a_track(last_at=NOW + 10 * DAY, next_due=NOW + 24 * DAY)
    assert recorded(track, NOW + 3 * DAY, NOW + 11 * DAY) == track
    quickened = replace(track, next_due=NOW + 12 * DAY)
    again = recorded(quickened, NOW + 10 * DAY, NOW + 11 * DAY)  # the same one once more
    assert again == quickened


def test_replaced_plan_is_followed_up_no_more() -> None:
    gone = a_track(replaced=True)
    with pytest.raises(FollowUpOver):
        recorded(gone, NOW, NOW)
    assert quicken(gone, PACK, Risk.IMMINENT, NOW, ZONE) == gone


def test_higher_risk_quickens_the_packs_rhythm_and_leaves_the_plans_own() -> None:
    assert quicken(a_track(), PACK, Risk.IMMINENT, NOW, ZONE).next_due == NOW + DAY
    own = a_track(rhythm=NOOR)
    assert quicken(own, PACK, Risk.IMMINENT, NOW, ZONE) == own


@given(st.sampled_from(list(Risk)), st.integers(0, 60))
def test_quickening_never_gives_more_time(risk, days) -> None:
    track = a_track(next_due=NOW + days * DAY)
    assert quicken(track, PACK, risk, NOW, ZONE).next_due <= track.next_due


@given(st.integers(0, 700))
def test_next_one_is_always_later(days) -> None:
    start = NOW + days * DAY
    assert due_after(start, NOOR) > start


def test_only_a_change_for_the_worse_calls_for_reassessment() -> None:
    assert [each for each in Finding if calls_for_reassessment(each)] == [Finding.WORSE]


def test_date_is_the_packs_own_where_the_plan_has_no_rhythm() -> None:
    assert dated_by(()) == {"rhythm": "follow-up"}
    assert dated_by(NOOR) == {}
