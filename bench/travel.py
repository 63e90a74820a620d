"""From commit to consumer at 100 events a second, and from registration to armed timers at 10 a second."""

from uuid import UUID

from temporalio.client import Client

from bench.bus import behind, listening, until
from bench.figures import Part, p50, p99
from bench.ground import WORKER, Ground, a_case
from bench.timers import armed_at
from bench.wire import Answered, send_at_rate

EVENTS_A_CASE = 4  # case.registered, two consents, deadline.set
# Remembers, at the relay's deletion, when each event was written: the last thing before its commit.
_KEEP = """
create schema bench;
create table bench.queued (id uuid, at timestamptz);
create function bench.keep() returns trigger language plpgsql security definer as $$
begin insert into bench.queued select id, queued_at from gone; return null; end $$;
create trigger bench_keep after delete on cases.outbox
referencing old table as gone for each statement execute function bench.keep();
"""
_FORGET = "drop trigger bench_keep on cases.outbox; drop schema bench cascade"
_QUEUED = "select id, extract(epoch from at)::float8 as at from bench.queued"
_APPLIED = """
select event_id, extract(epoch from applied_at)::float8 as at from operations.inbox
where event_id = any($1::uuid[])
"""


async def _register_at(ground: Ground, a_second: float, count: int) -> dict[str, Answered]:
    answers = await send_at_rate(
        ground.url("cases"), ground.tokens[WORKER], lambda: ("/cases", a_case()), a_second, count
    )
    found = {each.json()["case_ref"]: each for each in answers}
    ground.refs += list(found)
    return found


async def measure_travel(ground: Ground, seconds: int, name: str) -> Part:
    part = Part(
        name, f"Commit to consumer at 100 events a second, {len(ground.refs)} cases on record"
    )
    count = 100 // EVENTS_A_CASE * seconds
    await ground.execute(_KEEP)
    try:
        async with listening(ground.stack, "cases") as arrivals:
            await _register_at(ground, 100 / EVENTS_A_CASE, count)
            await until(lambda: len(arrivals.heard) >= count * EVENTS_A_CASE, 10)
            heard = {UUID(head["ce_id"].decode()): at for at, head, _ in reversed(arrivals.heard)}
        await until(lambda: _nothing_behind(ground), 20)
        queued = {row["id"]: row["at"] for row in await ground.query(_QUEUED)}
    finally:
        await ground.execute(_FORGET)
    applied = await ground.query(_APPLIED, list(heard))
    took = [at - queued[event_id] for event_id, at in heard.items() if event_id in queued]
    effects = [row["at"] - queued[row["event_id"]] for row in applied if row["event_id"] in queued]
    part.at_most("p50", p50(took) * 1000, "ms", 30)
    part.at_most("p99", p99(took) * 1000, "ms", 150)
    part.add("p50 to operations' own table", p50(effects) * 1000, "ms")
    part.add("p99 to operations' own table", p99(effects) * 1000, "ms")
    part.add("events", len(took), "")
    part.notes.append(
        f"{count} registrations in {seconds} s. From the outbox row, the last thing a command writes before it"
        " commits, to a consumer's hands."
    )
    return part


async def measure_arming(ground: Ground, seconds: int) -> Part:
    part = Part("arming", "Registration to timers armed, at 10 registrations a second")
    found = await _register_at(ground, 10, 10 * seconds)
    await until(lambda: _nothing_behind(ground), 30)
    client = await Client.connect(ground.stack.site.temporal_address)
    took, silent = [], []
    for ref, answer in found.items():
        armed = await armed_at(client, f"case/{ref}")
        if armed is None:
            silent.append(ref)
        else:
            took.append(armed - answer.wall)
    part.add("p50", p50(took) * 1000, "ms")
    part.at_most("p99", p99(took), "s", 1)
    part.at_most("without a timer", len(silent), "", 0)
    part.notes.append(
        f"{len(found)} registrations; from the answer to TimerStarted in the workflow's history."
    )
    return part


async def _nothing_behind(ground: Ground) -> bool:
    return await behind(ground.stack) == 0
