"""A referral tried in any order by anybody, on the real commands and Postgres: somebody owes the next step."""

import random
from datetime import timedelta

import pytest

from contracts.events.deadlines import DeadlineCancelled, DeadlineMet, DeadlineSet
from tests.services.referrals.cast import (
    AMAL,
    BRIDGE,
    HARBOUR,
    Somebody,
    fallback,
    get,
    requested,
)
from tests.services.served import Served

STEPS = 30
ENDED = ("completed", "cancelled", "entered-in-error")


async def one_step(served: Served, referral_id: str, choose: random.Random) -> str:
    """Anything that anybody may try now, sensible or not; answers what it was."""
    path, now = f"/referrals/{referral_id}", served.clock.now()
    view = await get(served, AMAL, path)
    soon = (now + timedelta(days=choose.randint(1, 9))).isoformat()
    booked = view["appointment_at"] or now.isoformat()
    tried: list[tuple[Somebody, str, dict[str, object]]] = [
        (HARBOUR, "acknowledgement", {}),
        (HARBOUR, "acceptance", {}),
        (BRIDGE, "acceptance", {}),
        (HARBOUR, "rejection", {"reason": "no-capacity"}),
        (choose.choice([HARBOUR, BRIDGE]), "appointment", {"at": soon}),
        (AMAL, "missed-appointment", {"appointment_at": booked, "because": "cancelled"}),
        (choose.choice([HARBOUR, BRIDGE]), "hold", {"reason": "family-away", "until": soon}),
        (choose.choice([HARBOUR, BRIDGE]), "resumption", {}),
        (choose.choice([HARBOUR, BRIDGE]), "service-given", {}),
        (HARBOUR, "failure", {"reason": "service-ended"}),
        (AMAL, "confirmation", {"confirmed": True, "by": "child"}),
        (AMAL, "cancellation", {"reason": "moved-away"}),
    ]
    weights = [3, 3, 3, 1, 4, 4, 3, 3, 1, 1, 1, 1]
    who, what, body = choose.choices(tried, weights)[0]
    answer = await served.ask(who.token, "POST", f"{path}/{what}", body)
    assert answer.status_code in (200, 404, 409, 422), answer.text
    served.clock.forward(hours=choose.choice([0, 1, 30]))
    return f"{who.agency_id} {what} {answer.status_code}"


@pytest.mark.parametrize("seed", range(4))
async def test_until_it_has_ended_somebody_owes_something(referrals: Served, seed: int) -> None:
    choose, referral_id, done = random.Random(seed), await requested(referrals), []
    for _ in range(STEPS):
        done.append(await one_step(referrals, referral_id, choose))
        view = await get(referrals, AMAL, f"/referrals/{referral_id}")
        if view["state"] == "rejected":
            await referrals.hear(fallback(referrals, referral_id, view["attempt"], "rejected"))
            view = await get(referrals, AMAL, f"/referrals/{referral_id}")
        owed = [each["step"] for each in view["deadlines"] if each["state"] == "open"]
        if view["state"] in ENDED:
            assert owed == [], done
            break
        assert owed, done
        assert len(owed) == len(set(owed)), done  # no duty twice
        assert ("referral-hold" in owed) == (view["state"] == "on-hold"), done
        chase = {"referral-first-service", "referral-appointment", "referral-rebooking"}
        assert not (view["state"] == "on-hold" and chase & set(owed)), done
    await every_duty_is_settled_once(referrals)


async def every_duty_is_settled_once(served: Served) -> None:
    """What the bus hears of duties agrees with the record: set once, settled at most once."""
    was_set = [each["deadline_id"] for each in await served.said(DeadlineSet)]
    settled = [each["deadline_id"] for each in await served.said(DeadlineMet, DeadlineCancelled)]
    assert len(was_set) == len(set(was_set))
    assert len(settled) == len(set(settled))
    rows = await served.rows("select id from deadlines where state <> 'open'")
    assert {str(row["id"]) for row in rows} == set(settled)
