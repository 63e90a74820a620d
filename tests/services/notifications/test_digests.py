"""The digest: one a recipient and day, made for many in one transaction, spaced when nothing changes."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from contracts.events.agencies import AbsenceEnded, AbsenceRecorded
from contracts.events.notifications import NotificationSent
from domain.vocabulary import Role
from infrastructure.ids import new_id
from services.notifications.commands.digests import make_and_send
from tests.services.notifications.conftest import (
    CORA,
    NORTH,
    PostOffice,
    attempted,
    missed,
    plain,
    reminded,
    staff,
    the_notification_of,
    told,
    wishing,
    with_address,
)
from tests.services.served import DAY_0, Served

EIGHT = datetime(2027, 3, 2, 7, tzinfo=UTC)  # in Berlin, the day after


async def test_what_only_informs_is_counted_in_the_digest_at_its_hour(
    notifications: Served, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    await wishing(notifications, "cora", digest_hour=8)
    await make_and_send(notifications.db)  # nine o'clock, and nothing to tell
    far = {"due_at": datetime(2027, 3, 9, tzinfo=UTC)}
    await notifications.hear(reminded(**far), reminded(**far, moment="reminder-2"))
    assert {each["state"] for each in await attempted(notifications)} == {"digest"}
    assert await make_and_send(notifications.db) == 0
    notifications.clock.at = EIGHT
    assert await make_and_send(notifications.db) == 1
    assert await make_and_send(notifications.db) == 0
    [mail] = post_office.messages
    assert mail["Subject"] == "2 entries for you to take up"
    assert "2 are new since your last digest." in plain(mail)
    assert len(await notifications.said(NotificationSent)) == 2
    rows = await notifications.rows("SELECT DISTINCT state, channel FROM notifications")
    assert [tuple(row.values()) for row in rows] == [("sent", "digest")]


async def test_an_unchanged_backlog_is_not_told_every_morning(
    notifications: Served, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    await wishing(notifications, "cora", digest_hour=8)
    await notifications.hear(missed(Role.CASEWORKER))
    await attempted(notifications)
    post_office.messages.clear()
    told_on = []
    notifications.clock.at = EIGHT
    for day in range(16):
        if await make_and_send(notifications.db):
            told_on.append(day)
        notifications.clock.forward(days=1)
    assert told_on == [0, 2, 6, 13]
    assert "One of them is overdue." in plain(post_office.messages[0])
    path = f"/notifications/{await the_notification_of(notifications, 'cora')}/acknowledgement"
    await notifications.post(CORA, path)
    notifications.clock.forward(days=60)
    assert await make_and_send(notifications.db) == 0


async def test_a_digest_waits_for_the_mail_server_and_needs_an_address(
    notifications: Served, post_office: PostOffice
) -> None:
    for staff_id in ("cora", "sami"):
        await wishing(notifications, staff_id, digest_hour=8)
    await with_address(notifications, "cora", "cora@north.example")
    await notifications.hear(missed())
    notifications.clock.at = EIGHT
    post_office.refusal = "451 Come again later"
    assert await make_and_send(notifications.db) == 0
    rows = await notifications.rows("SELECT staff_id, state FROM digests ORDER BY staff_id")
    assert [tuple(row.values()) for row in rows] == [("cora", "waiting"), ("sami", "given-up")]
    post_office.refusal = ""
    assert await make_and_send(notifications.db) == 1


async def test_two_copies_of_the_service_make_one_digest_a_recipient(
    notifications: Served, post_office: PostOffice
) -> None:
    for staff_id in ("cora", "sami"):
        await with_address(notifications, staff_id, f"{staff_id}@north.example")
        await wishing(notifications, staff_id, digest_hour=8)
    await notifications.hear(missed())
    notifications.clock.at = EIGHT
    await asyncio.gather(*(make_and_send(notifications.db) for _ in range(4)))
    assert sorted(mail["To"].split("@")[0] for mail in post_office.messages) == ["cora", "sami"]


async def test_the_stand_in_is_told_now_and_whoever_was_away_once_back(
    notifications: Served, post_office: PostOffice
) -> None:
    await notifications.hear(staff("carl", Role.CASEWORKER, team="team-a"))
    for staff_id in ("cora", "carl"):
        await with_address(notifications, staff_id, f"{staff_id}@north.example")
    absence = an_absence("cora", "carl")
    await notifications.hear(absence, missed(Role.CASEWORKER))
    assert await told(notifications) == ["carl", "cora"]
    await attempted(notifications)
    [mail] = post_office.messages
    assert mail["To"] == "carl@north.example"
    assert "in place of the caseworker, who is away" in plain(mail)
    assert "cora" not in mail.as_string().lower()
    assert (await notifications.get(CORA, "/inbox")).json()["unacknowledged"] == 1
    assert await make_and_send(notifications.db) == 0

    notifications.clock.forward(days=3)
    ended = AbsenceEnded(
        agency_id=NORTH, at=notifications.clock.at, absence_id=absence.absence_id, staff_id="cora"
    )
    await notifications.hear(ended)
    assert await make_and_send(notifications.db) == 1
    assert await make_and_send(notifications.db) == 0
    assert post_office.messages[1]["To"] == "cora@north.example"
    assert "while you were away" in plain(post_office.messages[1])
    await notifications.hear(reminded())
    assert (await told(notifications))[-1] == "cora"


async def test_without_a_stand_in_the_duty_goes_up_the_ladder(notifications: Served) -> None:
    await notifications.hear(an_absence("cora", None), missed(Role.CASEWORKER))
    rows = await notifications.rows("SELECT staff_id, stand_in_for FROM notifications ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [("sami", "caseworker"), ("cora", None)]


async def test_an_absence_that_never_began_is_nothing(notifications: Served) -> None:
    absence = an_absence("cora", "carl", from_at=datetime(2027, 3, 5, tzinfo=UTC))
    ended = AbsenceEnded(agency_id=NORTH, at=DAY_0, absence_id=absence.absence_id, staff_id="cora")
    await notifications.hear(absence, missed(Role.CASEWORKER), ended)
    assert await told(notifications) == ["cora"]
    assert await notifications.rows("SELECT * FROM absences") == []


def an_absence(staff_id: str, stand_in: str | None, **changes: Any) -> AbsenceRecorded:
    facts: dict[str, Any] = {
        "agency_id": NORTH,
        "at": DAY_0,
        "absence_id": new_id(),
        "staff_id": staff_id,
        "from_at": DAY_0,
        "until_at": datetime(2027, 3, 20, tzinfo=UTC),
        "stand_in_id": stand_in,
    }
    return AbsenceRecorded(**(facts | changes))
