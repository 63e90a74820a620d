"""The list is one's own; taking something up stops the ladder, once."""

from contracts.events.notifications import NotificationAcknowledged
from tests.services.notifications.conftest import (
    CARL,
    CORA,
    MONA,
    SAMI,
    SOL,
    missed,
    reminded,
    the_notification_of,
)
from tests.services.served import Served


async def test_the_list_is_ones_own_with_the_unacknowledged_first(notifications: Served) -> None:
    await notifications.hear(reminded(), missed())
    first = (await notifications.get(CORA, "/inbox")).json()
    assert first["unacknowledged"] == 2
    assert [each["kind"] for each in first["items"]] == ["missed", "reminder"]
    newest = first["items"][0]["notification_id"]
    await notifications.post(CORA, f"/notifications/{newest}/acknowledgement")
    after = (await notifications.get(CORA, "/inbox")).json()
    assert [each["kind"] for each in after["items"]] == ["reminder", "missed"]
    assert after["unacknowledged"] == 1
    page = (await notifications.get(CORA, "/inbox?part=acknowledged&limit=1")).json()
    assert [each["kind"] for each in page["items"]] == ["missed"]
    waiting = (await notifications.get(CORA, "/inbox?part=unacknowledged")).json()
    assert [each["kind"] for each in waiting["items"]] == ["reminder"]
    assert (await notifications.get(CARL, "/inbox")).json()["items"] == []
    assert (await notifications.get("", "/inbox")).status_code == 401
    assert (await notifications.get(CORA, "/inbox?who=sami")).status_code == 422


async def test_acknowledging_is_said_once_and_the_first_stays(notifications: Served) -> None:
    await notifications.hear(missed())
    path = f"/notifications/{await the_notification_of(notifications, 'cora')}/acknowledgement"
    first = await notifications.post(CORA, path)
    assert (first.status_code, first.json()["acknowledged_by"]) == (200, "cora")
    again = await notifications.post(CORA, path)
    by_supervisor = await notifications.post(SAMI, path)
    assert again.json() == by_supervisor.json() == first.json()
    [said] = await notifications.said(NotificationAcknowledged)
    assert (said["staff_id"], said["owner"]) == ("cora", "cases")
    assert said["deadline_id"] == "00000000-0000-0000-0000-000000000007"


async def test_only_whoever_was_told_or_is_in_charge_there_may(notifications: Served) -> None:
    await notifications.hear(missed())
    path = f"/notifications/{await the_notification_of(notifications, 'cora')}/acknowledgement"
    for other in (CARL, SOL):
        assert (await notifications.post(other, path)).status_code == 404
    by_manager = await notifications.post(MONA, path)
    assert by_manager.json()["acknowledged_by"] == "mona"
    hidden = await notifications.rows("SELECT staff_id FROM audit WHERE outcome = 'hidden'")
    assert sorted(row["staff_id"] for row in hidden) == ["carl", "sol"]
