"""E-mail: sent once, nothing personal in it, given up on the record when there is no way."""

from typing import Any

import pytest

from contracts.events.deadlines import DeadlineMet
from contracts.events.notifications import NotificationGivenUp, NotificationSent
from services.notifications.commands.letter import Letters
from services.notifications.store.recipients import Recipient
from tests.domain.test_notifying import a_notification
from tests.services.notifications.conftest import (
    ADA,
    CARL,
    CASE,
    CORA,
    WORKER,
    PostOffice,
    missed,
    plain,
    reminded,
    the_notification_of,
    with_address,
)
from tests.services.served import DAY_0, Served


async def a_mail_to_cora(served: Served) -> str:
    """Cora has an address and was told of a miss; the path of her delivery."""
    await with_address(served, "cora", "cora@north.example")
    await served.hear(missed())
    return f"/deliveries/{await the_notification_of(served, 'cora')}"


async def test_a_mail_says_reference_step_and_moment_in_the_agencys_zone(
    notifications: Served, post_office: PostOffice
) -> None:
    path = await a_mail_to_cora(notifications)
    answer = await notifications.post(WORKER, f"{path}/attempts", {})
    assert (answer.status_code, answer.json()["state"]) == (200, "sent")
    [mail] = post_office.messages
    assert mail["To"] == "cora@north.example"
    assert mail["Subject"] == (f"{CASE}: overdue: Initial assessment of immediate needs and safety")
    notification_id = path.rsplit("/", 1)[1]
    assert mail["Message-ID"] == f"<{notification_id}@care.example>"
    text = plain(mail)
    assert "Monday 1 March 2027, 09:00 (Europe/Berlin)" in text
    assert f"https://care.example/inbox#{notification_id}" in text
    [sent] = await notifications.said(NotificationSent)
    assert sent["attempts"] == 1


async def test_what_is_sent_is_not_sent_again(
    notifications: Served, post_office: PostOffice
) -> None:
    path = await a_mail_to_cora(notifications)
    first = await notifications.post(WORKER, f"{path}/attempts")
    again = await notifications.post(WORKER, f"{path}/attempts")
    assert again.json() == first.json()
    abandoned = await notifications.post(WORKER, f"{path}/abandonment")
    assert abandoned.json()["state"] == "sent"
    assert len(post_office.messages) == 1
    assert await notifications.said(NotificationGivenUp) == []


async def test_a_server_that_is_away_is_tried_again(
    notifications: Served, post_office: PostOffice
) -> None:
    path = await a_mail_to_cora(notifications)
    post_office.refusal = "451 Come again later"
    away = await notifications.post(WORKER, f"{path}/attempts")
    assert (away.status_code, away.json()["code"]) == (503, "unavailable")
    assert "retry-after" in away.headers
    post_office.refusal = ""
    sent = await notifications.post(WORKER, f"{path}/attempts")
    assert (sent.json()["state"], sent.json()["attempts"]) == ("sent", 2)


async def test_nothing_listening_is_away_too(notifications: Served, monkeypatch: Any) -> None:
    path = await a_mail_to_cora(notifications)
    closed = notifications.db.settings.model_copy(update={"smtp_port": 1})
    monkeypatch.setattr(notifications.db, "settings", closed)
    assert (await notifications.post(WORKER, f"{path}/attempts")).status_code == 503


async def test_an_address_that_is_refused_for_good_ends_it(
    notifications: Served, post_office: PostOffice
) -> None:
    path = await a_mail_to_cora(notifications)
    post_office.refusal = "550 No such mailbox"
    for _ in range(2):
        refused = await notifications.post(WORKER, f"{path}/attempts")
        assert (refused.status_code, refused.json()["code"]) == (409, "mail-refused")
    [given_up] = await notifications.said(NotificationGivenUp)
    assert given_up["reason"] == "mail-refused"


async def test_without_an_address_the_list_remains(
    notifications: Served, post_office: PostOffice
) -> None:
    await notifications.hear(missed())
    path = f"/deliveries/{await the_notification_of(notifications, 'cora')}/attempts"
    refused = await notifications.post(WORKER, path)
    assert (refused.status_code, refused.json()["code"]) == (409, "no-address")
    [found] = (await notifications.get(CORA, "/inbox")).json()["items"]
    assert found["email"] == "given-up"
    assert post_office.messages == []


async def test_after_too_long_it_is_given_up_on_the_record(notifications: Served) -> None:
    path = await a_mail_to_cora(notifications)
    for _ in range(2):
        ended = await notifications.post(WORKER, f"{path}/abandonment", {"reason": "too-late"})
        assert (ended.json()["state"], ended.json()["reason"]) == ("given-up", "too-late")
    assert len(await notifications.said(NotificationGivenUp)) == 1
    late = await notifications.post(WORKER, f"{path}/attempts")
    assert (late.status_code, late.json()["code"]) == (409, "delivery-ended")


async def test_a_reminder_of_what_is_done_by_now_is_not_sent(
    notifications: Served, post_office: PostOffice
) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    facts = reminded().model_dump(exclude={"moment", "tell", "skipped"})
    await notifications.hear(reminded(), DeadlineMet(**facts, met_at=DAY_0, late=False))
    path = f"/deliveries/{await the_notification_of(notifications, 'cora')}/attempts"
    assert (await notifications.post(WORKER, path)).status_code == 409
    assert post_office.messages == []


async def test_only_the_worker_delivers(notifications: Served) -> None:
    path = await a_mail_to_cora(notifications)
    for who in (CORA, ADA):
        assert (await notifications.post(who, f"{path}/attempts")).status_code == 404
        assert (await notifications.post(who, f"{path}/abandonment")).status_code == 404


async def test_an_address_is_kept_by_oneself_or_an_administrator(notifications: Served) -> None:
    body = {"email": "cora@north.example", "language": "en"}
    path = "/recipients/cora"
    assert (await notifications.ask(CORA, "PUT", path, body)).status_code == 200
    assert (await notifications.get(ADA, path)).json()["email"] == "cora@north.example"
    assert (await notifications.ask(CARL, "PUT", path, body)).status_code == 404
    assert (await notifications.get(CARL, path)).status_code == 404
    wrong = [
        ({"email": "cora"}, "email"),
        ({"email": "a@b.example\r\nBcc: x@y.example"}, "email"),
        ({"email": "a@b.example", "language": "xx"}, "language"),
        ({"email": "a@b.example", "phone": "1"}, "phone"),
    ]
    for other, field in wrong:
        refused = await notifications.ask(CORA, "PUT", path, other)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


async def test_no_address_is_stored_said_or_logged_in_the_clear(
    notifications: Served,
    post_office: PostOffice,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await with_address(notifications, "cora", "seeded.person@north.example")
    await notifications.hear(missed())
    path = f"/deliveries/{await the_notification_of(notifications, 'cora')}/attempts"
    post_office.refusal = "451 seeded.person is busy"
    await notifications.post(WORKER, path)
    post_office.refusal = ""
    answer = await notifications.post(WORKER, path)
    tables = await notifications.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'notifications'"
    )
    for table in tables:
        assert "seeded" not in repr(
            await notifications.rows(f"SELECT * FROM {table['table_name']}")
        )
    printed = capsys.readouterr()
    assert "seeded" not in caplog.text + printed.out + printed.err + answer.text
    [mail] = post_office.messages
    for header in set(mail.keys()) - {"To"}:
        assert "seeded" not in mail[header]
    assert "seeded" not in mail.as_string().replace("seeded.person@north.example", "")


def test_a_wording_that_a_language_lacks_is_english() -> None:
    letters = Letters(_settings())
    letter = letters.letter(a_notification(), Recipient("x", "a@b.example", "xx"), None, DAY_0)
    assert "overdue" in letter["Subject"]


def _settings() -> Any:
    from infrastructure.settings import Settings

    return Settings(public_url="https://care.example/", mail_from="throughline@care.example")
