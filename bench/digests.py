"""The morning's digest for many recipients at once: from the hour to the last mail accepted by SMTP."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

import httpx2

from bench.bus import until
from bench.figures import Part
from bench.ground import AT_ONCE, Ground
from bench.wire import Line, accepted

ALONE = ("postgres", "kafka", "issuer", "mail", "notifications")
GIVE_UP = 1200.0  # seconds
EACH = 3  # messages a digest counts
_WAITING = """
insert into notifications.notifications (id, cause_id, case_ref, kind, message, step, step_title, staff_id,
    agency_id, role, due_at, requested_at, state, attempts)
select gen_random_uuid(), gen_random_uuid(), 'TL-7K2M-9QXA-Y', 'reminder', 'reminder', 'follow-up', 'Follow-up',
    staff.staff_id, 'agency-north', 'caseworker', now() + interval '1 day', now(), 'digest', 0
from notifications.recipients as staff cross join generate_series(1, {each})
"""
# The last thing that is missing: from its commit on, every one of them is due.
_WISHED = """
insert into notifications.preferences (staff_id, channels, quiet, digest_hour, zone, acknowledge_by_link, set_at,
    set_by)
select staff_id, '{}', 'off', 0, 'UTC', false, now(), 'seed' from notifications.recipients
"""
_STATES = "select state, count(*) as many from notifications.digests group by state"


async def measure(ground: Ground, recipients: int) -> Part:
    part = Part("digests", f"A digest for {recipients} recipients due in the same hour")
    await _address(ground, [f"staff-{number:06d}" for number in range(recipients)])
    await ground.execute(_WAITING.format(each=EACH))
    before = ground.cpu_seconds()
    await ground.execute(_WISHED)
    began, made = time.perf_counter(), 0.0
    while (sent := (states := await _states(ground))["sent"]) < recipients:
        if not made and sum(states.values()) == recipients:
            made = time.perf_counter() - began
        if time.perf_counter() - began > GIVE_UP:
            break
        await asyncio.sleep(0.5)
    took = time.perf_counter() - began
    used = ground.cpu_seconds()
    part.add("all on record after", made or took, "s")
    part.add("all accepted by SMTP after", took, "s")
    part.add("mails a second", sent / took, "")
    part.add(
        "time of the processor each, notifications",
        (used["notifications"] - before["notifications"]) / recipients * 1000,
        "ms",
    )
    mails = await _mails(ground, recipients)
    part.at_most("recipients without a mail", recipients - len(mails), "", 0)
    part.at_most("mails doubled", sum(mails.values()) - len(mails), "", 0)
    part.notes.append(
        f"{EACH} messages counted in each. The service looks every 15 s, which is in the times; the mail sink"
        " keeps every mail in a file and shares the machine."
    )
    return part


async def _address(ground: Ground, staff: Sequence[str]) -> None:
    names = iter(staff)

    async def work() -> None:
        line = Line(ground.url("notifications"), ground.tokens["seed"])
        try:
            for name in names:
                body = {"email": f"{name}@agency-north.example", "language": "en"}
                accepted(await line.put(f"/recipients/{name}", body))
        finally:
            line.close()

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def _states(ground: Ground) -> Counter[str]:
    return Counter({row["state"]: row["many"] for row in await ground.query(_STATES)})


async def _mails(ground: Ground, expected: int) -> Counter[str]:
    """How many came to each; the sink may be a moment behind."""
    found = Counter[str]()

    async def all_came() -> bool:
        nonlocal found
        async with httpx2.AsyncClient(timeout=60.0) as client:
            every = (await client.get(f"{ground.stack.site.url('mail-page')}/messages")).json()
        found = Counter(each["recipients"][0] for each in every)
        return len(found) >= expected

    await until(all_came, 20, every=2.0)
    return found
