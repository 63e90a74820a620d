"""Lists of referrals: a provider's in-tray, the out-tray of whoever answers for the cases."""

from collections.abc import Callable
from typing import Any

from domain.vocabulary import Role
from services.referrals.app import service
from tests.services.paged import one_by_one, pages, refused_cursor
from tests.services.referrals.cast import (
    AMAL,
    BELA,
    BRIDGE,
    HARBOUR,
    JONAS,
    RUTH,
    Somebody,
    fallback,
    get,
    post,
    requested,
)
from tests.services.served import Served, shape_differences
from tests.stack.databases import TestDatabase


def ids(page: dict[str, Any]) -> list[str]:
    return [row["referral_id"] for row in page["items"]]


async def test_each_side_finds_its_own_newest_first(referrals: Served) -> None:
    first, second = await requested(referrals), await requested(referrals)
    for who, tray in ((HARBOUR, "in"), (AMAL, "out"), (JONAS, "out"), (RUTH, "out")):
        page = await get(referrals, who, "/referrals")
        assert (page["tray"], ids(page)) == (tray, [second, first])
    for who in (BRIDGE, BELA):
        assert ids(await get(referrals, who, "/referrals")) == []
    operations = Somebody("olga-o", "agency-case", Role.OPERATIONS)
    await get(referrals, operations, "/referrals", expect=404)


async def test_a_page_leads_to_the_next(referrals: Served) -> None:
    made = [await requested(referrals) for _ in range(3)]
    found = await pages(referrals, AMAL.token, "/referrals")
    assert [[row["referral_id"] for row in page] for page in found] == [made[:0:-1], made[:1]]
    assert await one_by_one(referrals, HARBOUR.token, "/referrals", "referral_id") == made[::-1]
    for path in ("/referrals", "/capacity-enquiries?tray=out"):
        await refused_cursor(referrals, AMAL.token, path)


async def test_a_provider_passed_over_keeps_its_answer_in_its_tray(referrals: Served) -> None:
    referral_id = await requested(referrals)
    await post(referrals, HARBOUR, f"/referrals/{referral_id}/rejection", {"reason": "no-capacity"})
    await referrals.hear(fallback(referrals, referral_id, 1, "rejected"))
    (row,) = (await get(referrals, HARBOUR, "/referrals"))["items"]
    assert (row["state"], row["attempt"]) == ("rejected", 1)
    (row,) = (await get(referrals, BRIDGE, "/referrals"))["items"]
    assert (row["state"], row["attempt"]) == ("requested", 2)
    (row,) = (await get(referrals, AMAL, "/referrals"))["items"]
    assert (row["state"], row["provider_agency_id"]) == ("requested", "bridge-families")


async def test_a_tray_is_narrowed_by_state(referrals: Served) -> None:
    await requested(referrals)
    accepted = await requested(referrals)
    await post(referrals, HARBOUR, f"/referrals/{accepted}/acceptance")
    assert ids(await get(referrals, HARBOUR, "/referrals?state=accepted")) == [accepted]
    wrong = await get(referrals, HARBOUR, "/referrals?state=lost", expect=422)
    assert wrong["errors"][0]["field"] == "state"
    assert "accepted" in wrong["errors"][0]["allowed"]


async def test_no_text_stands_in_a_list(referrals: Served) -> None:
    await requested(referrals)
    assert "Noor" not in str(await get(referrals, HARBOUR, "/referrals"))


async def test_the_migrated_schema_is_the_one_in_the_code(
    service_database: Callable[..., TestDatabase],
) -> None:
    assert list(await shape_differences(service, service_database)) == []
