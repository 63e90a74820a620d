"""Past facts of referrals, read off their deadlines: a replay makes the same deadlines again."""

from domain.vocabulary import Role
from tests.services.referrals.cast import CASE, HARBOUR, post, requested
from tests.services.replayed import duties, exported, recorded
from tests.services.served import DAY_0, Served, a_token

OPAL = a_token("opal", "throughline", Role.OPERATIONS)


async def test_replay_of_what_was_exported_makes_the_same_deadlines_again(
    referrals: Served,
) -> None:
    path = f"/referrals/{await requested(referrals)}"
    referrals.clock.forward(hours=3)
    await post(referrals, HARBOUR, f"{path}/acknowledgement")
    referrals.clock.forward(hours=30)
    await post(referrals, HARBOUR, f"{path}/acceptance")
    at = referrals.clock.at + (referrals.clock.at - DAY_0)
    await post(referrals, HARBOUR, f"{path}/appointment", {"at": at.isoformat()})
    referrals.clock.forward(hours=50)
    await post(referrals, HARBOUR, f"{path}/service-given", {"note": "First talk"})
    lines = await exported(referrals, OPAL)
    assert {(line.case, line.owner, line.policy) for line in lines} == {
        (CASE, "referrals", "default@1")
    }
    replayed = {
        duty.id: (duty.step, duty.due_at, duty.settled_at)
        for duty in duties(lines, referrals.clock.at)
    }
    assert replayed == await recorded(referrals)
    assert len(replayed) > 4


async def test_only_operations_reads_past_facts(referrals: Served) -> None:
    nobodys = a_token("pia", "harbour-help", Role.PROVIDER)
    assert (await referrals.get(nobodys, "/operations/facts")).status_code == 404
    assert (await referrals.get(OPAL, "/operations/facts?cursor=x")).status_code == 422
