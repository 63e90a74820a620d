"""By which way and when somebody is told: a table of urgency, preferences, addresses and hours."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.channels import (
    Channel,
    Decision,
    Preferences,
    Urgency,
    Way,
    decide,
    quiet_ends,
    urgency,
    wanted,
)
from domain.notifying import failed_for_good
from domain.quiet_hours import Quiet, Span
from domain.vocabulary import NotificationKind, Risk
from tests.domain.test_notifying import NOW, a_notification

MISSED, REMINDER = NotificationKind.MISSED, NotificationKind.REMINDER
BOTH = (Channel.TEXT, Channel.EMAIL)
EVERYWHERE = frozenset(BOTH)
LATER = NOW + timedelta(hours=9)


@pytest.mark.parametrize(
    ("message", "due_in_hours", "risk", "how"),
    [
        ("missed", -1, Risk.MEDIUM, Urgency.PRESSING),
        ("reminder", 48, Risk.HIGH, Urgency.ROUTINE),
        ("reminder", 4, Risk.LOW, Urgency.PRESSING),  # a digest could come too late
        ("reminder", 24, Risk.LOW, Urgency.ROUTINE),  # tomorrow's digest is in time
        ("reminder", 23.9, Risk.LOW, Urgency.PRESSING),
        ("reminder", 48, Risk.IMMINENT, Urgency.IMMINENT),
        *(
            (message, None, Risk.UNKNOWN, Urgency.ROUTINE)
            for message in (
                "opened", "referral-rejected", "referral-resumed", "referral-on-hold", "transfer-accepted",
                "transfer-withdrawn", "capacity-answered", "review-postponed", "feedback-received",
            )
        ),
        ("closure-approval", None, Risk.UNKNOWN, Urgency.PRESSING),
    ],
)  # fmt: skip
def test_how_urgent_it_is(
    message: str, due_in_hours: float | None, risk: Risk, how: Urgency
) -> None:
    due_at = None if due_in_hours is None else NOW + timedelta(hours=due_in_hours)
    assert urgency(a_notification(message=message, due_at=due_at), risk, NOW) is how


def test_whoever_has_no_wishes_is_written_to_at_any_hour_and_asked_to_sign_in() -> None:
    assert Preferences() == Preferences(
        channels={}, quiet=Quiet.NEVER, digest_hour=None, acknowledge_by_link=False, zone=None
    )


@pytest.mark.parametrize(
    ("channels", "kind", "how", "order"),
    [
        ({}, MISSED, Urgency.PRESSING, (Channel.EMAIL,)),  # without a wish: by e-mail
        ({"missed": BOTH}, MISSED, Urgency.PRESSING, BOTH),
        ({"pressing": BOTH}, MISSED, Urgency.PRESSING, BOTH),
        ({"missed": (), "pressing": BOTH}, MISSED, Urgency.PRESSING, ()),  # the kind comes first
        ({"missed": (), "imminent": BOTH}, MISSED, Urgency.IMMINENT, BOTH),  # but not in danger
        ({"missed": BOTH}, MISSED, Urgency.IMMINENT, BOTH),  # where danger has no wish of its own
        ({"otherwise": ()}, REMINDER, Urgency.ROUTINE, ()),
    ],
)
def test_which_channels_are_wished_for(
    channels: dict[str, Any], kind: NotificationKind, how: Urgency, order: tuple[Channel, ...]
) -> None:
    assert wanted(Preferences(channels=channels), kind, how) == order


NIGHT = Preferences(quiet=Quiet.HOURS, quiet_from=21 * 60, quiet_until=7 * 60)


@pytest.mark.parametrize(
    ("preferences", "ends"),
    [
        (Preferences(), None),
        (NIGHT, datetime(2027, 3, 2, 7, tzinfo=UTC)),
        (Preferences(quiet=Quiet.HOURS), None),  # without hours, nothing is quiet
        (Preferences(quiet=Quiet.OUTSIDE_WORKING_HOURS), datetime(2027, 3, 3, 9, tzinfo=UTC)),
    ],
)
def test_when_quiet_ends(preferences: Preferences, ends: datetime | None) -> None:
    evening = datetime(2027, 3, 1, 22, tzinfo=UTC)
    assert quiet_ends(preferences, (Span(2, 540, 1020),), "UTC", evening) == ends


@pytest.mark.parametrize(
    ("notification", "preferences", "how", "reachable", "until", "decision"),
    [
        ({}, {}, Urgency.PRESSING, EVERYWHERE, None, Decision(Way.SEND, Channel.EMAIL)),
        (
            {"kind": REMINDER, "settled_at": NOW}, {}, Urgency.ROUTINE, EVERYWHERE, None,
            Decision(Way.GIVE_UP, because="duty-settled"),
        ),
        ({}, {"channels": {"otherwise": ()}}, Urgency.PRESSING, EVERYWHERE, None, Decision(Way.LIST)),
        ({}, {"digest_hour": 7}, Urgency.ROUTINE, EVERYWHERE, None, Decision(Way.DIGEST)),
        ({}, {"digest_hour": 7}, Urgency.PRESSING, EVERYWHERE, None, Decision(Way.SEND, Channel.EMAIL)),
        ({}, {}, Urgency.PRESSING, EVERYWHERE, LATER, Decision(Way.HOLD, not_before=LATER)),
        ({}, {}, Urgency.IMMINENT, EVERYWHERE, LATER, Decision(Way.SEND, Channel.EMAIL)),
        ({}, {}, Urgency.PRESSING, frozenset(), None, Decision(Way.GIVE_UP, because="no-address")),
        (
            {}, {"channels": {"otherwise": BOTH}}, Urgency.PRESSING, EVERYWHERE, None,
            Decision(Way.SEND, Channel.TEXT, another_way=True),
        ),
        (
            {}, {"channels": {"otherwise": BOTH}}, Urgency.PRESSING, frozenset({Channel.EMAIL}), None,
            Decision(Way.SEND, Channel.EMAIL),
        ),
    ],
)  # fmt: skip
def test_what_is_done_now(
    notification: dict[str, Any],
    preferences: dict[str, Any],
    how: Urgency,
    reachable: frozenset[Channel],
    until: datetime | None,
    decision: Decision,
) -> None:
    found = a_notification(**notification)
    assert decide(found, Preferences(**preferences), how, reachable, until) == decision


def test_a_way_that_is_closed_is_not_tried_again() -> None:
    failed = failed_for_good(a_notification(), "text", "bounced")
    assert (failed.attempts, failed.failed_channels) == (1, ("text",))
    wished = Preferences(channels={"otherwise": BOTH})
    again = decide(failed, wished, Urgency.PRESSING, EVERYWHERE, None)
    assert again == Decision(Way.SEND, Channel.EMAIL)
    both = failed_for_good(failed, "email", "mail-refused")
    assert decide(both, wished, Urgency.PRESSING, EVERYWHERE, None).because == "mail-refused"


def test_what_concerns_no_case_is_filed_under_the_agency() -> None:
    assert a_notification().about == "TL-0000-0000-0"
    assert a_notification(case_ref=None).about == "agency-north"


def test_hours_of_quiet_are_those_of_the_recipients_own_clock() -> None:
    evening = datetime(2027, 3, 1, 20, 30, tzinfo=UTC)  # 21:30 in Berlin
    assert quiet_ends(NIGHT, (), "UTC", evening) is None
    assert quiet_ends(NIGHT, (), "Europe/Berlin", evening) == datetime(2027, 3, 2, 6, tzinfo=UTC)
    office = Preferences(quiet=Quiet.OUTSIDE_WORKING_HOURS)
    begins = quiet_ends(office, (Span(2, 540, 1020),), "Europe/Berlin", evening)
    assert begins == datetime(2027, 3, 3, 8, tzinfo=UTC)


@pytest.mark.parametrize("missing", ["quiet_from", "quiet_until"])
def test_half_of_the_hours_are_no_quiet_hours(missing: str) -> None:
    half = replace(NIGHT, **{missing: None})
    assert quiet_ends(half, (), "UTC", datetime(2027, 3, 1, 22, tzinfo=UTC)) is None
