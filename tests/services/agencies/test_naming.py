"""What an agency is called is said when it is registered, when it changes, and at each start of the service."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from contracts.events.agencies import AgencyNamed
from domain.disclosure import Viewer
from domain.errors import Unavailable
from infrastructure.service import Parts
from services.agencies.app import service
from services.agencies.commands import naming
from tests.services.agencies.directory import HARBOUR, NORTH, a_directory, put, types
from tests.services.served import Served


async def names(served: Served) -> list[tuple[str, str]]:
    return [(each["agency_id"], each["name"]) for each in await served.said(AgencyNamed)]


async def test_name_is_said_once_and_again_when_it_changes(agencies: Served) -> None:
    await put(agencies, "/agencies/agency-north", NORTH)
    await put(agencies, "/agencies/agency-north", NORTH)
    assert await names(agencies) == [("agency-north", "Agency North")]
    renamed = NORTH | {"name": "Agency\tof the  North\x7f"}
    await put(agencies, "/agencies/agency-north", renamed)
    assert (await names(agencies))[1:] == [("agency-north", "Agency of the North")]
    assert (await types(agencies)).count("agency.registered.v1") == 1
    await put(agencies, "/agencies/agency-north", renamed | {"zone": "Africa/Kampala"})
    assert len(await names(agencies)) == 2


async def test_name_without_a_character_to_read_is_not_said(agencies: Served) -> None:
    await put(agencies, "/agencies/harbour-help", HARBOUR | {"name": "\x7f"})
    assert await types(agencies) == ["agency.registered.v1"]


async def test_every_name_is_said_again_at_the_start(agencies: Served, monkeypatch: Any) -> None:
    await a_directory(agencies)
    await put(agencies, "/agencies/south", HARBOUR | {"name": "South"})
    before = await names(agencies)
    monkeypatch.setattr(naming, "_PAGE", 2)  # the third stands on a page of its own
    monkeypatch.setattr(naming, "_AGAIN_SECONDS", 0.01)
    assert naming.say_names in service.background
    saying = asyncio.create_task(naming.say_names(cast(Parts, SimpleNamespace(db=Away(agencies)))))
    async with asyncio.timeout(10):
        while len(await names(agencies)) < 6:  # noqa: ASYNC110  the outbox sends no event
            await asyncio.sleep(0.02)
    assert not saying.done()
    saying.cancel()
    assert (await names(agencies))[3:] == sorted(before)


class Away:
    """A database that is away at first."""

    def __init__(self, served: Served) -> None:
        self._served, self.service = served, "agencies"
        self._asked = 0

    def transaction(self, viewer: Viewer) -> Any:
        self._asked += 1
        if self._asked == 1:
            raise Unavailable
        return self._served.db.transaction(viewer)
