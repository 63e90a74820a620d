"""A case that was erased: its referrals' words can be read by nobody, and what was under way has ended."""

from contracts.events.cases import CaseErased
from contracts.events.referrals import ReferralCancelled
from tests.services.erased import opened_by_master_key, readable
from tests.services.referrals.cast import AMAL, CASE, SECRET, SUMMARY, consented, get, requested
from tests.services.served import Served


def erased(served: Served) -> CaseErased:
    return CaseErased(case_ref=CASE, at=served.clock.now(), basis="right-to-erasure")


async def test_erased_cases_referrals_keep_dates_and_no_word(referrals: Served) -> None:
    await referrals.hear(consented())
    referral = await requested(referrals)
    assert SUMMARY in str(await get(referrals, AMAL, f"/referrals/{referral}"))
    await referrals.hear(erased(referrals), erased(referrals))
    assert await opened_by_master_key(referrals, CASE) == []
    assert await readable(referrals, SUMMARY, SECRET, "Noor") == []
    view = await get(referrals, AMAL, f"/referrals/{referral}")
    assert view["state"] == "cancelled"
    assert SUMMARY not in str(view)
    assert "[erased]" in str(view)
    assert await referrals.rows("SELECT * FROM deadlines WHERE state = 'open'") == []
    assert len(await referrals.said(ReferralCancelled)) == 1
