"""Lists of the directory in pages, and edits of what somebody else has changed since."""

from typing import Any

import pytest

from tests.services.agencies.directory import (
    AMAL,
    AMALS,
    COLLEAGUE,
    HARBOUR,
    NORTH,
    OFFER,
    PIA,
    SEED,
    TALKS,
    a_directory,
    put,
)
from tests.services.paged import one_by_one, refused_cursor
from tests.services.served import Served

OFFICE = "/agencies/harbour-help/places/office"
HOURS = f"{AMALS}/working-hours"
ABSENCES = f"{AMALS}/absences"


async def more(agencies: Served) -> None:
    """At least two of everything that is listed."""
    await a_directory(agencies)
    await put(agencies, "/agencies/agency-north/staff/bela", COLLEAGUE)
    await put(
        agencies, "/agencies/harbour-help/offers/circle", {**OFFER, "areas": ["city", "hill"]}
    )
    await put(agencies, "/pathways/counselling/hill", {"offers": ["circle"]})
    for place in ("office", "school"):
        await put(agencies, f"/agencies/harbour-help/places/{place}", {"name": place})
    for month in ("05", "04", "06"):
        span = {"from": f"2027-{month}-04T05:00:00Z", "until": f"2027-{month}-18T05:00:00Z"}
        assert (await agencies.post(AMAL, ABSENCES, span)).status_code == 201


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        ("/agencies", "agency_id", ["agency-north", "harbour-help"]),
        ("/agencies/harbour-help/places", "place_id", ["office", "school"]),
        ("/agencies/agency-north/staff", "staff_id", ["amal-h", "bela"]),
        ("/agencies/harbour-help/offers", "offer_id", ["circle", "talks"]),
        ("/offers?need=counselling", "offer_id", ["circle", "talks"]),
        ("/pathways", "area", ["city", "hill"]),
        (ABSENCES, "from", [f"2027-0{month}-04T05:00:00Z" for month in (4, 5, 6)]),
    ],
)
async def test_every_list_leads_from_page_to_page(
    agencies: Served, path: str, name: str, expected: list[str]
) -> None:
    await more(agencies)
    assert await one_by_one(agencies, AMAL, path, name) == expected
    await refused_cursor(agencies, AMAL, path)


EDITS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    # path, what somebody puts, what somebody else puts: not all of it is announced
    ("/agencies/agency-north", NORTH, {**NORTH, "name": "Agency of the North"}),
    ("/agencies/harbour-help", HARBOUR, {**HARBOUR, "teams": [{"team_id": "new", "name": "N"}]}),
    (OFFICE, {"name": "Office"}, {"name": "Office at the market"}),
    (AMALS, COLLEAGUE, {**COLLEAGUE, "name": "Amal H."}),
    (HOURS, {"spans": ["mon.0900-1200"]}, {"spans": ["tue.0900-1200"]}),
    (TALKS, OFFER, {**OFFER, "description": "On Mondays"}),
    ("/pathways/counselling/city", {"offers": ["talks"]}, {"offers": ["circle", "talks"]}),
]


@pytest.mark.parametrize(("path", "first", "second"), EDITS, ids=[each[0] for each in EDITS])
async def test_of_two_who_edit_what_both_have_read_the_second_is_refused(
    agencies: Served, path: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    await a_directory(agencies)
    await put(agencies, "/agencies/harbour-help/offers/circle", OFFER)
    put_first = await agencies.ask(SEED, "PUT", path, first)
    read = (await agencies.get(SEED, path)).headers["ETag"]
    assert put_first.headers["ETag"] == read
    changed = await agencies.ask(SEED, "PUT", path, second, **{"If-Match": read})
    assert changed.status_code == 200, changed.text
    assert changed.headers["ETag"] == (await agencies.get(SEED, path)).headers["ETag"] != read
    late = await agencies.ask(SEED, "PUT", path, first, **{"If-Match": read})
    assert (late.status_code, late.json()["code"]) == (412, "outdated")
    assert (await agencies.get(SEED, path)).headers["ETag"] == changed.headers["ETag"]


async def test_what_is_not_there_yet_has_no_version_to_match(agencies: Served) -> None:
    await a_directory(agencies)
    path = "/agencies/harbour-help/offers/new"
    guessed = await agencies.ask(SEED, "PUT", path, OFFER, **{"If-Match": '"1"'})
    assert guessed.status_code == 412
    assert (await agencies.get(PIA, path)).status_code == 404


async def test_capacity_is_an_edit_of_the_offer(agencies: Served) -> None:
    await a_directory(agencies)
    read = {"If-Match": (await agencies.get(PIA, TALKS)).headers["ETag"]}
    assert (await agencies.ask(PIA, "PUT", f"{TALKS}/capacity", {"capacity": 1}, **read)).is_success
    refused = await agencies.ask(SEED, "DELETE", TALKS, **read)
    assert refused.status_code == 412


async def test_single_entries_are_shown_as_the_lists_show_them(agencies: Served) -> None:
    await more(agencies)
    for path in (TALKS, OFFICE, AMALS):
        one = (await agencies.get(AMAL, path)).json()
        assert one in (await agencies.get(AMAL, path.rsplit("/", 1)[0])).json()["items"]
        assert (await agencies.get(AMAL, f"{path}-unknown")).status_code == 404
    assert (await agencies.get(PIA, AMALS)).status_code == 404
    elsewhere = TALKS.replace("harbour-help", "agency-north")
    assert (await agencies.get(AMAL, elsewhere)).status_code == 404


async def test_adding_to_a_list_edits_nothing_that_has_a_version(agencies: Served) -> None:
    await a_directory(agencies)
    span = {"from": "2027-05-04T05:00:00Z", "until": "2027-05-18T05:00:00Z"}
    refused = await agencies.post(AMAL, ABSENCES, span, **{"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "If-Match")
    made = await agencies.post(AMAL, ABSENCES, span)
    path = f"{ABSENCES}/{made.json()['absence_id']}"
    ended = await agencies.ask(AMAL, "DELETE", path, **{"If-Match": made.headers["ETag"]})
    assert ended.status_code == 200
    again = await agencies.ask(AMAL, "DELETE", path, **{"If-Match": made.headers["ETag"]})
    assert again.status_code == 412
