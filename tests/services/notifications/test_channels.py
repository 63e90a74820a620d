"""By which way and when messages leave: batches, preferences, quiet hours, text messages, what came back."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from contracts.events.agencies import WorkingHoursPublished
from contracts.events.cases import RiskChanged
from contracts.events.notifications import (
    NotificationBounced,
    NotificationGivenUp,
    NotificationSent,
)
from domain.vocabulary import Risk, Role
from tests.services.notifications.conftest import (
    ADA,
    CARL,
    CASE,
    CORA,
    MONA,
    NORTH,
    OPAL,
    SOL,
    WORKER,
    Gateway,
    PostOffice,
    attempted,
    missed,
    reminded,
    the_notification_of,
    wishing,
    with_address,
)
from tests.services.served import DAY_0, Served, a_token

NIGHT = {"quiet": "hours", "quiet_from": "21:00", "quiet_until": "07:00"}
TEN_AT_NIGHT = datetime(2027, 3, 1, 21, tzinfo=UTC)  # in Berlin
SEVEN = "2027-03-02T06:00:00Z"
GATEWAY = a_token("mail-gateway", "throughline", Role.INTEGRATOR)


async def test_a_batch_leaves_over_kept_connections_each_message_once(
    notifications: Served, post_office: PostOffice
) -> None:
    for staff_id in ("cora", "sami"):
        await with_address(notifications, staff_id, f"{staff_id}@north.example")
    await notifications.hear(missed(), reminded())
    found = await attempted(notifications)
    assert [each["state"] for each in found] == ["sent"] * 3
    again = await attempted(notifications, *(each["notification_id"] for each in found))
    assert sorted(again, key=str) == sorted(found, key=str)
    assert sorted(mail["To"] for mail in post_office.messages) == [
        "cora@north.example", "cora@north.example", "sami@north.example",
    ]  # fmt: skip
    assert len(await notifications.said(NotificationSent)) == 3


async def test_what_another_attempt_has_in_its_hands_is_left_to_it(
    notifications: Served, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    await notifications.hear(reminded())
    await _execute(notifications, "leased_until = clock_timestamp() + interval '9 seconds'")
    [view] = await attempted(notifications)
    assert (view["state"], post_office.messages) == ("waiting", [])
    await _execute(notifications, "leased_until = clock_timestamp() - interval '1 second'")
    [view] = await attempted(notifications)
    assert view["state"] == "sent"


async def test_two_attempts_at_once_send_it_once(
    notifications: Served, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    await notifications.hear(reminded())
    notification_id = await the_notification_of(notifications, "cora")
    attempts = [attempted(notifications, notification_id) for _ in range(5)]
    states = [view["state"] for [view] in await asyncio.gather(*attempts)]
    assert states.count("sent") >= 1
    assert len(post_office.messages) == 1
    assert len(await notifications.said(NotificationSent)) == 1


async def test_a_message_that_cannot_be_composed_holds_up_no_other(
    notifications: Served, post_office: PostOffice
) -> None:
    for staff_id in ("cora", "sami"):
        await with_address(notifications, staff_id, f"{staff_id}@north.example")
    await notifications.hear(missed())
    await _execute(notifications, "message = 'nobody-wrote-this' WHERE staff_id = 'cora'")
    found = {each["state"] for each in await attempted(notifications)}
    assert found == {"waiting", "sent"}
    assert [mail["To"] for mail in post_office.messages] == ["sami@north.example"]


async def test_taking_up_what_is_just_being_sent_is_not_lost(
    notifications: Served, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    await notifications.hear(missed(Role.CASEWORKER))
    notification_id = await the_notification_of(notifications, "cora")
    acknowledging = f"/notifications/{notification_id}/acknowledgement"
    sent, taken = await asyncio.gather(
        attempted(notifications, notification_id), notifications.post(CORA, acknowledging)
    )
    assert (sent[0]["state"], taken.status_code) == ("sent", 200)
    [found] = (await notifications.get(CORA, "/inbox")).json()["items"]
    assert (found["email"], found["acknowledged_by"]) == ("sent", "cora")


async def test_in_quiet_hours_it_is_held_and_then_sent(
    notifications: Served, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    await wishing(notifications, "cora", **NIGHT)
    notifications.clock.at = TEN_AT_NIGHT
    await notifications.hear(reminded())
    [held] = await attempted(notifications)
    assert (held["state"], held["not_before"], held["attempts"]) == ("waiting", SEVEN, 0)
    assert post_office.messages == []
    notifications.clock.at = datetime.fromisoformat(SEVEN)
    [sent] = await attempted(notifications)
    assert (sent["state"], sent["not_before"]) == ("sent", None)


async def test_imminent_danger_is_told_at_any_hour(
    notifications: Served, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    await wishing(notifications, "cora", **NIGHT, digest_hour=7)
    notifications.clock.at = TEN_AT_NIGHT
    worse = RiskChanged(case_ref=CASE, at=DAY_0, before=Risk.MEDIUM, after=Risk.IMMINENT)
    await notifications.hear(worse, reminded())
    [view] = await attempted(notifications)
    assert view["state"] == "sent"


async def test_outside_working_hours_it_waits_for_the_next_hour_of_work(
    notifications: Served, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    await wishing(notifications, "cora", quiet="outside-working-hours")
    hours = WorkingHoursPublished(
        agency_id=NORTH,
        at=DAY_0,
        staff_id="cora",
        zone="Africa/Kampala",
        spans=("tue.0900-1700",),
    )
    await notifications.hear(hours, reminded())
    [view] = await attempted(notifications)
    assert view["not_before"] == SEVEN  # nine in Kampala


async def test_the_list_alone_if_one_wishes(notifications: Served, post_office: PostOffice) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    await wishing(notifications, "cora", channels={"reminder": []})
    await notifications.hear(reminded())
    [view] = await attempted(notifications)
    assert (view["state"], post_office.messages) == ("list", [])
    [found] = (await notifications.get(CORA, "/inbox")).json()["items"]
    assert found["email"] == "list"


async def test_a_text_message_goes_through_the_sites_gateway(
    notifications: Served, gateway: Gateway, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example", phone="+4915112345")
    await wishing(notifications, "cora", channels={"otherwise": ["text", "email"]})
    await notifications.hear(reminded())
    gateway.status = 503
    [view] = await attempted(notifications)
    assert (view["state"], view["attempts"]) == ("waiting", 1)
    gateway.status = 202
    [view] = await attempted(notifications)
    assert view["state"] == "sent"
    headers, body = gateway.asked[-1]
    assert headers["authorization"] == "bearer of-the-gateway"
    assert headers["idempotency-key"] == body["id"] == view["notification_id"]
    assert body["to"] == "+4915112345"
    assert body["text"].startswith(f"{CASE}: reminder: Initial assessment")
    assert post_office.messages == []
    [row] = await notifications.rows("SELECT channel FROM notifications WHERE staff_id = 'cora'")
    assert row["channel"] == "text"


async def test_a_number_that_is_refused_for_good_gives_way_to_the_next_channel(
    notifications: Served, gateway: Gateway, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example", phone="+4915112345")
    await wishing(notifications, "cora", channels={"otherwise": ["text", "email"]})
    await notifications.hear(reminded())
    gateway.status = 404
    [view] = await attempted(notifications)
    assert view["state"] == "waiting"
    [view] = await attempted(notifications)
    assert (view["state"], len(post_office.messages)) == ("sent", 1)


async def test_what_comes_back_for_good_closes_the_way_and_the_next_is_tried(
    notifications: Served, gateway: Gateway, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example", phone="+4915112345")
    await wishing(notifications, "cora", channels={"otherwise": ["email", "text"]})
    await notifications.hear(reminded())
    [view] = await attempted(notifications)
    came_back = {"notification_id": view["notification_id"], "kind": "hard"}
    for _ in range(2):
        answer = await notifications.post(GATEWAY, "/bounces", came_back)
        assert (answer.status_code, answer.json()["state"]) == (200, "waiting"), answer.text
    [bounced] = await notifications.said(NotificationBounced)
    assert (bounced["channel"], bounced["hard"]) == ("email", True)
    recipient = (await notifications.get(ADA, "/recipients/cora")).json()
    assert recipient["email_is_bad"] is True
    [view] = await attempted(notifications)
    assert (view["state"], len(gateway.asked)) == ("sent", 1)
    await with_address(notifications, "cora", "new@north.example")
    recipient = (await notifications.get(ADA, "/recipients/cora")).json()
    assert recipient["email_is_bad"] is False


async def test_what_comes_back_and_has_no_other_way_is_given_up_for_all_to_see(
    notifications: Served, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    await notifications.hear(reminded())
    [view] = await attempted(notifications)
    soft = {"notification_id": view["notification_id"], "kind": "soft"}
    assert (await notifications.post(GATEWAY, "/bounces", soft)).json()["state"] == "sent"
    report = {"report": a_report(view["notification_id"])}
    answer = await notifications.post(WORKER, "/bounces", report)
    assert (answer.json()["state"], answer.json()["reason"]) == ("given-up", "bounced")
    [said] = await notifications.said(NotificationGivenUp)
    assert said["reason"] == "bounced"
    for watcher in (OPAL, MONA):
        [found] = (await notifications.get(watcher, "/deliveries?state=given-up")).json()["items"]
        assert (found["staff_id"], found["given_up_because"]) == ("cora", "bounced")
    assert (await notifications.get(SOL, "/deliveries")).json()["items"] == []
    assert (await notifications.get(CORA, "/deliveries")).status_code == 404


async def test_only_the_gateway_says_what_came_back_and_says_which(notifications: Served) -> None:
    await notifications.hear(reminded())
    which = {"notification_id": await the_notification_of(notifications, "cora"), "kind": "hard"}
    assert (await notifications.post(CORA, "/bounces", which)).status_code == 404
    nameless: list[dict[str, Any]] = [{}, {"kind": "hard"}, {"report": "To: bounces@care.example"}]
    for body in nameless:
        refused = await notifications.post(GATEWAY, "/bounces", body)
        assert refused.status_code == 422, body


async def test_preferences_are_ones_own_and_must_make_sense(notifications: Served) -> None:
    path = "/recipients/cora/preferences"
    wished = {
        "channels": {"imminent": ["text", "email"], "otherwise": ["email"]},
        **NIGHT,
        "digest_hour": 7,
        "zone": "Africa/Kampala",
        "acknowledge_by_link": True,
    }
    kept = await notifications.ask(CORA, "PUT", path, wished)
    assert kept.json() == {"staff_id": "cora", **wished}
    assert (await notifications.get(ADA, path)).json() == kept.json()
    assert (await notifications.get(CARL, path)).status_code == 404
    assert (await notifications.ask(CARL, "PUT", path, wished)).status_code == 404
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"channels": {"everything": ["email"]}}, "channels.everything"),
        ({"channels": {"missed": ["pigeon"]}}, "channels.missed.0"),
        ({"zone": "Europe/Nowhere"}, "zone"),
        ({"digest_hour": 24}, "digest_hour"),
        ({"quiet": "hours"}, "body"),
        ({"quiet": "hours", "quiet_from": "25:00", "quiet_until": "07:00"}, "quiet_from"),
    ]
    for body, at in wrong:
        refused = await notifications.ask(CORA, "PUT", path, body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, at)
    nobodys = (await notifications.get(CARL, "/recipients/carl/preferences")).json()
    assert (nobodys["quiet"], nobodys["digest_hour"]) == ("never", None)


async def test_no_number_is_stored_or_logged_in_the_clear(
    notifications: Served, gateway: Gateway, caplog: Any, capsys: Any
) -> None:
    await with_address(notifications, "cora", "cora@north.example", phone="+4915199999")
    await wishing(notifications, "cora", channels={"otherwise": ["text"]})
    await notifications.hear(reminded())
    await attempted(notifications)
    tables = await notifications.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'notifications'"
    )
    for table in tables:
        rows = await notifications.rows(f"SELECT * FROM {table['table_name']}")
        assert "15199999" not in repr(rows)
    printed = capsys.readouterr()
    assert "15199999" not in caplog.text + printed.out + printed.err
    assert gateway.asked[0][1]["to"] == "+4915199999"


def a_report(notification_id: str) -> str:
    """As mail servers write it (RFC 3464)."""
    return "\n".join(
        [
            "From: MAILER-DAEMON@relay.example",
            f"To: bounces+{notification_id}@care.example",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "MIME-Version: 1.0",
            "",
            "--b",
            "Content-Type: text/plain",
            "",
            "It could not be delivered.",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; relay.example",
            "",
            "Final-Recipient: rfc822; cora@north.example",
            "Action: failed",
            "Status: 5.1.1",
            "",
            "--b--",
        ]
    )


async def _execute(served: Served, change: str) -> None:
    from sqlalchemy import text

    async with served.db.engine.begin() as connection:
        await connection.execute(text(f"UPDATE notifications SET {change}"))
