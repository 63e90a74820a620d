"""Two edit one referral, or answer one enquiry: the second is refused, also where nothing is announced."""

from typing import Any

from tests.services.paged import pages
from tests.services.referrals.cast import (
    AMAL,
    BRIDGE,
    HARBOUR,
    JONAS,
    Somebody,
    a_request,
    post,
    requested,
)
from tests.services.served import Served

QUESTION = {"need": "family-support", "area": "city"}


async def version(referrals: Served, who: Somebody, path: str) -> dict[str, str]:
    answer = await referrals.get(who.token, path)
    assert answer.status_code == 200, answer.text
    return {"If-Match": answer.headers["ETag"]}


async def test_a_draft_is_not_overwritten_unseen(referrals: Served) -> None:
    made = await post(referrals, AMAL, "/referrals", a_request(draft=True), expect=201)
    path = f"/referrals/{made['referral_id']}"
    read = await version(referrals, AMAL, path)
    assert read == await version(referrals, JONAS, path)
    body: dict[str, Any] = {k: v for k, v in a_request().items() if k != "case_ref"}
    first = await referrals.ask(JONAS.token, "PUT", f"{path}/draft", body, **read)
    assert first.status_code == 200, first.text
    assert {"If-Match": first.headers["ETag"]} == await version(referrals, AMAL, path)
    late = await referrals.ask(AMAL.token, "PUT", f"{path}/draft", body, **read)
    assert (late.status_code, late.json()["code"]) == (412, "outdated")


async def test_both_sides_see_one_version_and_one_of_them_moves_it(referrals: Served) -> None:
    path = f"/referrals/{await requested(referrals)}"
    read = await version(referrals, HARBOUR, path)
    assert read == await version(referrals, AMAL, path)
    assert (await referrals.post(HARBOUR.token, f"{path}/acceptance", {}, **read)).is_success
    cancel = {"reason": "moved-away"}
    late = await referrals.post(AMAL.token, f"{path}/cancellation", cancel, **read)
    assert late.status_code == 412
    read = await version(referrals, AMAL, path)
    assert (await referrals.post(AMAL.token, f"{path}/cancellation", cancel, **read)).is_success


async def test_a_link_that_is_revoked_moves_the_version(referrals: Served) -> None:
    path = f"/referrals/{await requested(referrals)}"
    issued = await referrals.post(AMAL.token, f"{path}/link", {})
    assert issued.status_code == 201, issued.text
    read = {"If-Match": issued.headers["ETag"]}
    assert read == await version(referrals, AMAL, f"{path}/links")
    link = f"{path}/links/{issued.json()['link_id']}"
    assert (await referrals.ask(AMAL.token, "DELETE", link, **read)).status_code == 204
    assert (await referrals.ask(AMAL.token, "DELETE", link, **read)).status_code == 412


async def test_of_two_who_answer_one_enquiry_the_second_is_refused(referrals: Served) -> None:
    made = await post(referrals, AMAL, "/capacity-enquiries", QUESTION, expect=201)
    path = f"/capacity-enquiries/{made['enquiry_id']}"
    read = await version(referrals, HARBOUR, path)
    other = await version(referrals, BRIDGE, path)
    said = {"answer": "waiting-list"}
    first = await referrals.post(HARBOUR.token, f"{path}/answers", said, **read)
    assert first.status_code == 200, first.text
    assert {"If-Match": first.headers["ETag"]} == await version(referrals, HARBOUR, path)
    assert (await referrals.post(HARBOUR.token, f"{path}/answers", said, **read)).status_code == 412
    # Another provider answers for itself, and is in nobody's way.
    assert (await referrals.post(BRIDGE.token, f"{path}/answers", said, **other)).is_success
    await post(referrals, JONAS, "/capacity-enquiries", QUESTION, expect=201)
    found = await pages(referrals, JONAS.token, "/capacity-enquiries?tray=out", limit=1)
    assert [len(page) for page in found] == [1, 1]


async def test_making_something_new_matches_no_version(referrals: Served) -> None:
    refused = await referrals.post(AMAL.token, "/referrals", a_request(), **{"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "If-Match")
