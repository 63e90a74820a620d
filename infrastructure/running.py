"""Runs one service: its API, the relay, its consumer and its background tasks, in one process."""

import asyncio
import sys
from contextlib import suppress

import structlog

from domain.errors import Unavailable
from infrastructure import idempotent_routes, inbox, telemetry
from infrastructure.auth import TokenVerifier
from infrastructure.bus import Bus
from infrastructure.clock import ClockPlanRefused
from infrastructure.crypto import master_ring
from infrastructure.db import Database
from infrastructure.health import Check
from infrastructure.http import create_api
from infrastructure.inbox import Consumer
from infrastructure.issuer_keys import DevelopmentIssuerError
from infrastructure.key_ring import SealError
from infrastructure.outbox import Relay
from infrastructure.policy_packs import PolicyPacks, PolicyRefusedError
from infrastructure.service import Background, Parts, Service
from infrastructure.serving import CannotListenError, Pages, Work, run_side_by_side
from infrastructure.settings import Settings, SettingsRefused, settings

CANNOT_START = 2
_REFUSALS = (
    SettingsRefused,
    ClockPlanRefused,
    PolicyRefusedError,
    CannotListenError,
    DevelopmentIssuerError,
    SealError,
)
_ASK_AGAIN_SECONDS = 0.25
_FORGET_EVERY_SECONDS = 3600

log = structlog.get_logger(__name__)


def run(service: Service) -> int:
    """Answers the exit code: 0 stopped as asked, 1 something crashed, 2 it could not start."""
    try:
        return asyncio.run(_run(service))
    except _REFUSALS as refused:
        sys.stderr.write(f"{service.name} cannot start: {refused}\n")
        return CANNOT_START
    finally:
        telemetry.flush()


def settings_of(service: Service) -> Settings:
    """The process's settings; the service's own name stands in where none was given."""
    given = settings()
    return given.model_copy(
        update={
            "service_name": given.service_name or service.name,
            "database_schema": given.database_schema or service.name,
        }
    )


async def _run(service: Service) -> int:
    known = settings_of(service)
    telemetry.configure(known)
    master_ring()  # a key that is missing or cannot be used is found now, not at the first child
    db = Database(known, packs=PolicyPacks.load(known.policy_dir))
    parts = Parts(known, db, Bus(known), db.clock)
    tokens = TokenVerifier(known)
    consumer = _consumer(service, parts)
    api = create_api(service, db, tokens, _checks(parts, tokens, consumer))
    api.state.consumer = consumer
    pages = Pages(api, known.http_host, known.http_port)
    try:
        await tokens.keys.refresh()
        return await run_side_by_side(_works(service, parts, consumer), pages)
    finally:
        await parts.bus.close()
        await tokens.keys.close()
        await db.close()


def _consumer(service: Service, parts: Parts) -> Consumer | None:
    if not service.topics:
        return None
    return Consumer(parts.db, parts.bus, service.name, service.topics, service.handlers)


def _works(service: Service, parts: Parts, consumer: Consumer | None) -> dict[str, Work]:
    works: dict[str, Work] = {"relay": Relay(parts.db, parts.bus).run}
    if consumer is not None:
        works["consumer"] = consumer.run
    works["forgetting"] = _once_postgres_answers(_forget_what_is_old, parts)
    for background in service.background:
        works[background.__name__] = _once_postgres_answers(background, parts)
    return works


async def _forget_what_is_old(parts: Parts) -> None:
    while True:
        with suppress(Unavailable):
            await idempotent_routes.forget_old(parts.db)
            await inbox.forget_old(parts.db, parts.settings.inbox_kept_days)
        await asyncio.sleep(_FORGET_EVERY_SECONDS)


def _once_postgres_answers(background: Background, parts: Parts) -> Work:
    """Background tasks begin with the records, so they wait; the API answers 503 meanwhile."""

    async def work() -> None:
        while not await parts.db.answers():  # noqa: ASYNC110  Postgres sends no event on its return
            await asyncio.sleep(_ASK_AGAIN_SECONDS)
        await background(parts)

    return work


def _checks(parts: Parts, tokens: TokenVerifier, consumer: Consumer | None) -> list[Check]:
    checks = [
        Check("postgres", parts.db.answers),
        Check("kafka", parts.bus.answers, needed=False),
        Check("issuer", tokens.keys.answers, needed=False),
    ]
    if consumer is not None:
        checks.append(Check("consumer", consumer.polled_lately, needed=False))
    return checks
