"""Two at once, on real Postgres: whoever comes first, the record tells one story and says it once."""

import asyncio
from typing import Any

import httpx2
import pytest

from contracts.events.referrals import (
    ReferralAccepted,
    ReferralCancelled,
    ReferralRejected,
    ReferralRequested,
    ReferralServiceGiven,
)
from tests.services.referrals.cast import (
    AMAL,
    BRIDGE,
    HARBOUR,
    JONAS,
    Somebody,
    a_request,
    consented,
    duties,
    fallback,
    get,
    post,
    requested,
    withdrawn,
)
from tests.services.referrals.test_help_arrives import accepted
from tests.services.referrals.test_provider_links import issued
from tests.services.served import Served

ROUNDS = 2  # of each race: which side wins is not ours to say


async def send(served: Served, who: Somebody, path: str, body: Any = None) -> httpx2.Response:
    return await served.ask(who.token, "POST", path, {} if body is None else body)


@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_the_old_provider_and_the_next_accept_at_once(referrals: Served, round_: int) -> None:
    """The clock has found the first silent: whoever has it when the word is said has it for good."""
    referral_id = await requested(referrals)
    path = f"/referrals/{referral_id}/acceptance"
    referrals.clock.forward(days=4)
    old, _, new = await asyncio.gather(
        send(referrals, HARBOUR, path),
        referrals.hear(fallback(referrals, referral_id, 1, "silence")),
        send(referrals, BRIDGE, path),
    )
    accepted_by = await referrals.said(ReferralAccepted)
    assert len(accepted_by) == [old.status_code, new.status_code].count(200) <= 1
    view = await get(referrals, AMAL, f"/referrals/{referral_id}")
    asked = await referrals.said(ReferralRequested)
    if old.status_code == 200:
        assert (view["state"], view["attempt"], len(asked)) == ("accepted", 1, 1)
        assert new.status_code == 404
    else:
        assert (view["attempt"], view["provider_agency_id"], len(asked)) == (
            2,
            "bridge-families",
            2,
        )
        assert view["state"] == ("accepted" if new.status_code == 200 else "requested")


async def test_two_of_the_same_provider_accept_at_once(referrals: Served) -> None:
    referral_id = await requested(referrals)
    path = f"/referrals/{referral_id}/acceptance"
    answers = await asyncio.gather(*(send(referrals, HARBOUR, path) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]
    assert len(await referrals.said(ReferralAccepted)) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_a_link_is_revoked_while_its_provider_accepts(referrals: Served, round_: int) -> None:
    referral_id = await requested(referrals)
    browser, link = await issued(referrals, referral_id)
    await browser.post(code=link["code"])
    csrf = (await browser.get()).text.split('name="csrf" value="')[1].partition('"')[0]
    revoke = f"/referrals/{referral_id}/links/{link['link_id']}"
    answer, revoked = await asyncio.gather(
        browser.post("acceptance", csrf=csrf), referrals.ask(AMAL.token, "DELETE", revoke)
    )
    assert revoked.status_code == 204
    was_accepted = answer.status_code == 303
    assert len(await referrals.said(ReferralAccepted)) == int(was_accepted)
    assert was_accepted or answer.status_code == 404
    assert (await browser.get()).status_code == 404
    view = await get(referrals, AMAL, f"/referrals/{referral_id}")
    assert view["state"] == ("accepted" if was_accepted else "requested")


@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_a_rejection_and_the_clocks_word_of_silence(referrals: Served, round_: int) -> None:
    referral_id = await requested(referrals)
    referrals.clock.forward(days=4)
    said, _ = await asyncio.gather(
        send(referrals, HARBOUR, f"/referrals/{referral_id}/rejection", {"reason": "no-capacity"}),
        referrals.hear(fallback(referrals, referral_id, 1, "silence")),
    )
    (rejected,) = await referrals.said(ReferralRejected)
    assert rejected["reason"] == ("no-capacity" if said.status_code == 200 else "silence")
    view = await get(referrals, AMAL, f"/referrals/{referral_id}")
    assert (view["state"], view["attempt"]) == ("requested", 2)  # the next is asked once
    assert len(await referrals.said(ReferralRequested)) == 2


@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_help_is_given_while_it_is_taken_back(referrals: Served, round_: int) -> None:
    referral_id = await accepted(referrals)
    path = f"/referrals/{referral_id}"
    given, cancelled = await asyncio.gather(
        send(referrals, HARBOUR, f"{path}/service-given"),
        send(referrals, AMAL, f"{path}/cancellation", {"reason": "no-longer-needed"}),
    )
    view = await get(referrals, AMAL, path)
    # Taken back after help was given it is still taken back; help after that is refused.
    assert cancelled.status_code == 200
    assert view["state"] == "cancelled"
    assert (given.status_code == 200) == (view["service_given_at"] is not None)
    assert len(await referrals.said(ReferralServiceGiven)) == int(given.status_code == 200)
    assert len(await referrals.said(ReferralCancelled)) == 1
    assert "open" not in (await duties(referrals, referral_id)).values()


@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_consent_is_withdrawn_while_the_provider_accepts(
    referrals: Served, round_: int
) -> None:
    await referrals.hear(consented())
    referral_id = await requested(referrals)
    path = f"/referrals/{referral_id}"
    await asyncio.gather(
        send(referrals, HARBOUR, f"{path}/acceptance"), referrals.hear(withdrawn(referrals))
    )
    view = await get(referrals, AMAL, path)
    assert (view["state"], view["ended_because"]) == ("cancelled", "consent-withdrawn")
    assert (await get(referrals, HARBOUR, path))["summary"] is None
    assert "open" not in (await duties(referrals, referral_id)).values()


async def test_caseworker_and_supervisor_send_the_same_draft(referrals: Served) -> None:
    draft = await post(referrals, AMAL, "/referrals", a_request(draft=True), expect=201)
    path = f"/referrals/{draft['referral_id']}/sending"
    answers = await asyncio.gather(*(send(referrals, who, path) for who in (AMAL, JONAS)))
    assert sorted(each.status_code for each in answers) == [200, 409]
    assert len(await referrals.said(ReferralRequested)) == 1
