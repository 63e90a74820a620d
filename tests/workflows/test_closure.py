"""A closure in time: opened after settling, decided by somebody else or a stand-in, looked back on, archived."""

from datetime import timedelta

from contracts.events import cases as c
from contracts.events.timekeeping import ClosureStandInDue
from tests.workflows.props import (
    CASE,
    a_deadline,
    deadline_cancelled,
    deadline_met,
    deadline_missed,
    deadline_set,
    state_of,
)
from tests.workflows.skipping import MINUTE
from tests.workflows.test_case_lifecycle import CLOSURE_ID, closed, closing, declined
from workflows.closure.messages import Phase

KEY = str(CLOSURE_ID)


def achieved(at):
    return c.GoalsAchieved(
        case_ref=CASE, at=at, closure_id=CLOSURE_ID, settled_at=at + timedelta(weeks=4)
    )


def looked_back(at):
    return c.LookBackRecorded(case_ref=CASE, at=at, closure_id=CLOSURE_ID, gains_hold=True)


def owed(step, at):
    return a_deadline(step, at, subject_id=KEY)


async def test_a_closure_opens_calls_a_stand_in_and_ends_with_the_archive(skipping):
    start = await skipping.now()
    request = owed("closure-request", start)
    opened = next(moment.at for moment in request.moments if moment.name == "opened")
    closure = await skipping.begin("closure", KEY, achieved(start), deadline_set(request))
    await skipping.until(opened - MINUTE)
    assert skipping.bus.moments(request) == []
    await skipping.until(opened + MINUTE)
    assert skipping.bus.moments(request) == ["opened"]

    approval = owed("closure-approval", opened)
    await skipping.tell(
        closure, closing(opened), deadline_met(request, opened), deadline_set(approval)
    )
    await skipping.until(approval.due_at + MINUTE)
    assert skipping.bus.moments(approval)[-1] == "due"
    assert skipping.bus.of(ClosureStandInDue) == []
    await skipping.tell(closure, deadline_missed(approval))
    await skipping.until(approval.due_at + 2 * MINUTE)
    assert [each.closure_id for each in skipping.bus.of(ClosureStandInDue)] == [CLOSURE_ID]

    at = approval.due_at + timedelta(days=1)
    back = owed("look-back", at)
    # A command's own order: the fact, what it meets, what it sets.
    await skipping.tell(closure, closed(at), deadline_met(approval, at))
    state = await skipping.tell(closure, deadline_set(back))
    assert state.phase is Phase.CLOSED
    file = owed("archive", back.due_at)
    await skipping.tell(closure, looked_back(back.due_at), deadline_met(back, back.due_at))
    await skipping.tell(closure, deadline_set(file))
    await skipping.tell(closure, deadline_met(file, file.due_at))
    ended = await closure.result()
    assert ended.phase is Phase.ENDED
    assert ended.since[Phase.CLOSED] == at
    assert ended.problems == []


async def test_a_closure_in_time_calls_no_stand_in_and_a_declined_one_ends(skipping):
    start = await skipping.now()
    approval = owed("closure-approval", start)
    closure = await skipping.begin("closure", KEY, closing(start), deadline_set(approval))
    await skipping.tell(closure, declined(start + MINUTE), deadline_met(approval, start + MINUTE))
    assert (await closure.result()).phase is Phase.DECLINED
    assert skipping.bus.of(ClosureStandInDue) == []


async def test_a_closure_ends_when_the_gains_are_lost_or_the_case_is_reopened(skipping):
    start = await skipping.now()
    request = owed("closure-request", start)
    closure = await skipping.begin("closure", KEY, achieved(start), deadline_set(request))
    await skipping.tell(closure, deadline_cancelled(request, start))
    assert (await closure.result()).phase is Phase.ENDED
    back = owed("look-back", start)
    closure = await skipping.begin("closure", KEY, deadline_set(back, restated=True))
    assert (await state_of(closure)).phase is Phase.CLOSED
    await skipping.tell(closure, deadline_cancelled(back, start))
    assert (await closure.result()).phase is Phase.ENDED


async def test_a_second_request_has_a_stand_in_of_its_own(skipping):
    start = await skipping.now()
    first, second = owed("closure-approval", start), owed("closure-approval", start + MINUTE)
    closure = await skipping.begin("closure", KEY, closing(start), deadline_set(first))
    await skipping.tell(closure, deadline_missed(first))
    await skipping.tell(closure, closing(start + MINUTE), deadline_set(second))
    await skipping.tell(closure, deadline_missed(second))
    await skipping.until(await skipping.now() + MINUTE)
    said = [each for each in skipping.bus.envelopes if isinstance(each.event, ClosureStandInDue)]
    assert len({each.id for each in said}) == 2
