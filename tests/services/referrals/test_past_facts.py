"""Past facts of referrals, read off their deadlines: a replay makes the same deadlines again."""

from datetime import timedelta
from uuid import UUID

from contracts.events.cases import CaseRepinned
from contracts.events.deadlines import DeadlineSet
from domain.vocabulary import Role
from infrastructure.past_fact_pages import lines
from tests.services.referrals.cast import AMAL, CASE, HARBOUR, JONAS, Somebody, post, requested
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
    found = await exported(referrals, OPAL)
    assert {(line.case, line.owner, line.policy) for line in found} == {
        (CASE, "referrals", "default@1")
    }
    replayed = {
        duty.id: (duty.step, duty.due_at, duty.settled_at)
        for duty in duties(found, referrals.clock.at)
    }
    assert replayed == await recorded(referrals)
    assert len(replayed) > 4


async def granted(
    served: Served, who: Somebody, by: Somebody, step: str, kind: str, **body: str
) -> None:
    said = await served.said(DeadlineSet)
    duty = next(each for each in said if each["step"] == step)
    path = f"/deadlines/{duty['deadline_id']}/{kind}-requests"
    asked = {"why": "worker-away", "reason": "x"} | body
    request = (await post(served, who, path, asked, expect=201))["request_id"]
    await post(served, by, f"/deadline-requests/{request}/approval")


async def test_time_granted_is_told_in_its_place_and_granted_again(referrals: Served) -> None:
    path = f"/referrals/{await requested(referrals)}"
    referrals.clock.forward(hours=1)
    later = (referrals.clock.at + timedelta(days=9)).isoformat()
    await granted(referrals, HARBOUR, JONAS, "referral-answer", "extension", new_due=later)
    referrals.clock.forward(days=8)
    await post(referrals, HARBOUR, f"{path}/acceptance")
    await post(referrals, HARBOUR, f"{path}/service-given")
    referrals.clock.forward(hours=1)
    await granted(referrals, AMAL, JONAS, "referral-confirmation", "waiver")
    found = await exported(referrals, OPAL)
    told = [(each.fact, each.step) for each in found if each.step]
    assert told == [
        ("deadline.extended", "referral-answer"),
        ("deadline.waived", "referral-confirmation"),
    ]
    names = [each.fact for each in found]
    assert names.index("deadline.extended") < names.index("referral.accepted")
    replayed = {
        duty.id: (duty.step, duty.due_at, duty.settled_at)
        for duty in duties(found, referrals.clock.at)
    }
    assert replayed == await recorded(referrals)


async def test_move_to_another_pack_is_told_by_the_duties_that_it_moved(referrals: Served) -> None:
    path = f"/referrals/{await requested(referrals)}"
    referrals.clock.forward(hours=2)
    moved = CaseRepinned(
        case_ref=CASE,
        at=referrals.clock.at,
        before="default@1",
        policy="humanitarian@1",
        moved=1,
    )
    await referrals.hear(moved)
    referrals.clock.forward(hours=30)
    await post(referrals, HARBOUR, f"{path}/acceptance")
    found = await exported(referrals, OPAL)
    assert {each.fact: each.policy for each in found} == {
        "referral.requested": "default@1",
        "case.repinned": "humanitarian@1",
        "referral.accepted": "humanitarian@1",
    }
    replayed = {
        duty.id: (duty.step, duty.due_at, duty.settled_at)
        for duty in duties(found, referrals.clock.at)
    }
    assert replayed == await recorded(referrals)


def test_what_is_entered_late_still_comes_after_the_time_that_was_granted_before() -> None:
    asked, due = DAY_0, DAY_0 + timedelta(days=3)
    duty = {
        "id": UUID(int=2), "successor_id": None,
        "case_ref": CASE, "subject_type": "referral", "subject_id": "r", "step": "referral-answer",
        "anchor": "referral.requested", "anchor_id": UUID(int=1), "anchored_at": asked,
        "policy": "default@1", "because": "worker-away", "rule": "as agreed from referral.requested",
    }  # fmt: skip
    extended = duty | {
        "due_at": due,
        "change": "extended",
        "changed_at": DAY_0 + timedelta(days=2),
        "granted": timedelta(days=4),
    }
    met = duty | {
        "due_at": due + timedelta(days=4),
        "rule": "as agreed from referral.requested; extension approved",
        "change": "met",
        "because": "referral.accepted",
        "changed_at": DAY_0 + timedelta(days=1),
        "granted": None,
    }
    again = met | {"because": "referral.requested", "changed_at": asked}
    for rows in ([extended, met], [met, extended], [extended, met, again]):
        found = lines(rows, "referrals")
        assert [(each.fact, each.at, each.agreed_due) for each in found] == [
            ("referral.requested", asked, due),
            ("deadline.extended", extended["changed_at"], None),
            ("referral.accepted", met["changed_at"], None),
        ]


async def test_only_operations_reads_past_facts(referrals: Served) -> None:
    nobodys = a_token("pia", "harbour-help", Role.PROVIDER)
    assert (await referrals.get(nobodys, "/operations/facts")).status_code == 404
    assert (await referrals.get(OPAL, "/operations/facts?cursor=x")).status_code == 422
