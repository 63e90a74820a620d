"""The daily digest: made for whoever is due, some hundreds in one transaction, and sent by e-mail.

The service looks at the clock by itself: ten thousand recipients need no ten thousand workflows. A digest is on
the record before it is sent, one a recipient and day; it may be doubled where a single message may (see deliver).
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import structlog
from prometheus_client import Counter

from domain import digest
from domain.channels import NO_ADDRESS
from domain.disclosure import Viewer
from domain.errors import Unavailable
from domain.notifying import Delivery
from infrastructure.db import Database
from infrastructure.ids import derived_id
from infrastructure.service import Parts
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands.deliver import say_ended
from services.notifications.commands.post import AWAY, Post, close_post, end_within, post_of
from services.notifications.store import digests, recipients
from services.notifications.store.digests import Candidate, Digest

DIGESTS = Counter("notifications_digests", "Digests of recipients", ["outcome"])
BATCH = 200
_MOST_ATTEMPTS = 100
_LOOK_EVERY_SECONDS = 15.0
_WITHIN = 45.0  # well within a lease
log = structlog.get_logger(__name__)


async def send_digests(parts: Parts) -> None:
    """Until cancelled; outlives Postgres and the mail server being away."""
    try:
        while True:
            with suppress(Unavailable):
                await make_and_send(parts.db)
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
    finally:
        await close_post(parts.db)


async def make_and_send(db: Database) -> int:
    """All that are due now; how many were sent."""
    await make(db)
    post, sent = post_of(db), 0
    while True:
        found = await _send_batch(db, post)
        sent += found.count(None)
        # With the server away the rest waits for the next look at the clock.
        if len(found) < BATCH or AWAY in found:
            return sent


async def make(db: Database) -> None:
    for question in (digests.due, digests.returned):
        while True:
            async with db.transaction(Viewer.system(db.service)) as uow:
                candidates = await question(uow, BATCH)
                await _keep(uow, candidates)
            if len(candidates) < BATCH:
                break


async def _keep(uow: UnitOfWork, candidates: Sequence[Candidate]) -> None:
    due = []
    for each in candidates:
        spacing = digest.spacing(each.backlog, each.last, each.day)
        # Whoever is back is told of what came meanwhile, and of nothing else.
        if spacing is not None and (each.backlog.fresh or not each.away):
            due.append((each, spacing))
            uow.audit("digest.made", each.staff_id)
    if due:
        await digests.keep(uow, due)


async def _send_batch(db: Database, post: Post) -> list[str | None]:
    """Why each was not sent, None for those that were; empty when none waits."""
    viewer = Viewer.system(db.service)
    async with db.transaction(viewer) as uow:
        waiting = await digests.take(uow, BATCH)
        staff = [each.staff_id for each in waiting]
        known = await recipients.load_many(uow, staff, viewer) if staff else {}
        now = uow.now

    async def carry(each: Digest) -> str | None:
        recipient = known.get(each.staff_id)
        if recipient is None or not recipient.email or recipient.email_bad_at is not None:
            return NO_ADDRESS
        key = str(derived_id("digest", each.staff_id, each.day.isoformat()))
        letter = post.letters.digest(each.backlog, recipient, now, key, away=each.away)
        return await post.carry_letter(letter, key)

    outcomes: dict[Digest, str | None] = dict.fromkeys(waiting, AWAY)

    async def note(each: Digest) -> None:
        outcomes[each] = await carry(each)

    await end_within([asyncio.create_task(note(each)) for each in waiting], _WITHIN)
    if waiting:
        async with db.transaction(viewer) as uow:
            await _write(uow, list(outcomes.items()))
    return list(outcomes.values())


async def _write(uow: UnitOfWork, outcomes: Sequence[tuple[Digest, str | None]]) -> None:
    ended = [(each, _state(each, why), why) for each, why in outcomes]
    for each in await digests.end(uow, ended):
        say_ended(uow, each)
    for found, state, _ in ended:
        DIGESTS.labels(state.value).inc()
        uow.audit(f"digest.{state.value}", found.staff_id)


def _state(found: Digest, why: str | None) -> Delivery:
    if why is None:
        return Delivery.SENT
    is_patient = why == AWAY and found.attempts < _MOST_ATTEMPTS
    return Delivery.WAITING if is_patient else Delivery.GIVEN_UP
