"""Lists of notifications in pages, and edits of an address that somebody else has changed since."""

from typing import Any

import pytest

from domain.vocabulary import Role
from infrastructure.ids import new_id
from tests.services.notifications.conftest import (
    ADA,
    CASE,
    CORA,
    OPAL,
    missed,
    with_address,
)
from tests.services.notifications.test_page import FORM, OURS
from tests.services.paged import one_by_one, pages, refused_cursor
from tests.services.served import Served


async def many(notifications: Served) -> None:
    """Five that Cora and Sami were told, of which Cora has taken up two."""
    for _ in range(5):
        await notifications.hear(missed(deadline_id=new_id()))
    listed = (await notifications.get(CORA, "/inbox")).json()["items"]
    for each in listed[1:3]:
        await notifications.post(CORA, f"/notifications/{each['notification_id']}/acknowledgement")


async def test_the_list_goes_on_from_what_waits_to_what_was_taken_up(notifications: Served) -> None:
    await many(notifications)
    found = await pages(notifications, CORA, "/inbox")
    assert [[bool(each["acknowledged_at"]) for each in page] for page in found] == [
        [False, False],
        [False, True],
        [True],
    ]
    await one_by_one(notifications, CORA, "/inbox", "notification_id")
    for part, count in (("unacknowledged", 3), ("acknowledged", 2)):
        path = f"/inbox?part={part}"
        assert len(await one_by_one(notifications, CORA, path, "notification_id")) == count


@pytest.mark.parametrize("path", ["/inbox", f"/cases/{CASE}/told", "/deliveries?state=waiting"])
async def test_every_list_is_read_to_its_end(notifications: Served, path: str) -> None:
    await many(notifications)
    who = CORA if path == "/inbox" else OPAL
    found = await one_by_one(notifications, who, path, "notification_id")
    assert len(found) == (5 if path == "/inbox" else 10)
    await refused_cursor(notifications, who, path)


async def test_findings_are_read_to_their_end(notifications: Served) -> None:
    for _ in range(3):
        await notifications.hear(missed(Role.AGENCY_HEAD, deadline_id=new_id()))
    found = [each for page in await pages(notifications, OPAL, "/findings") for each in page]
    assert len(found) >= 3
    await refused_cursor(notifications, OPAL, "/findings")


async def test_the_page_leads_further_back(
    notifications: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    await many(notifications)
    monkeypatch.setattr("services.notifications.web.MOST", 2)
    await notifications.client.post("/session", headers=FORM | OURS, content=f"token={CORA}&next=/")
    first = (await notifications.client.get("/inbox.html")).text
    assert first.count("<article") == 2
    further = first.split('<a href="/inbox.html?cursor=')[1].split('"')[0]
    assert (await notifications.client.get(f"/inbox.html?cursor={further}")).text.count(
        "<article"
    ) == 2


EDITS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("/recipients/cora", {"email": "cora@north.example"}, {"email": "cora@home.example"}),
    ("/recipients/cora/preferences", {"quiet": "never"}, {"digest_hour": 7}),
]


@pytest.mark.parametrize(("path", "first", "second"), EDITS, ids=["address", "preferences"])
async def test_an_edit_of_what_somebody_else_has_changed_is_refused(
    notifications: Served, path: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    await with_address(notifications, "cora", "cora@north.example")
    read = {"If-Match": (await notifications.get(CORA, path)).headers["ETag"]}
    by_ada = await notifications.ask(ADA, "PUT", path, second, **read)
    assert by_ada.status_code == 200, by_ada.text
    assert by_ada.headers["ETag"] == (await notifications.get(CORA, path)).headers["ETag"]
    late = await notifications.ask(CORA, "PUT", path, first, **read)
    assert (late.status_code, late.json()["code"]) == (412, "outdated")


async def test_where_nothing_was_kept_yet_no_version_matches(notifications: Served) -> None:
    guessed = await notifications.ask(
        CORA, "PUT", "/recipients/cora", EDITS[0][1], **{"If-Match": '"7"'}
    )
    assert guessed.status_code == 412
    assert (await notifications.get(CORA, "/recipients/cora")).status_code == 404
