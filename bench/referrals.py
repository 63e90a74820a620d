"""Referrals a second from request to help confirmed, and how soon the provider's mail is accepted by SMTP."""

import asyncio
import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from bench.bus import behind, until
from bench.figures import Part, p50, p99
from bench.ground import AT_ONCE, WORKER, Ground
from bench.wire import Answered, send_all, send_at_rate

PROVIDER, NEED, AREA = "harbour-help", "family-support", "north"
A_SECOND = 50  # facts that somebody must know


async def set_stage(ground: Ground) -> None:
    """A provider with one offer, which is the whole pathway; asked for again it changes nothing."""
    ground.tokens[PROVIDER] = await _token(ground)
    bearer = {"Authorization": f"Bearer {ground.tokens['seed']}"}
    async with httpx2.AsyncClient(timeout=10.0, headers=bearer) as client:

        async def put(service: str, path: str, body: Any) -> None:
            (await client.put(ground.url(service) + path, json=body)).raise_for_status()

        agency = {"name": PROVIDER, "zone": "Europe/Berlin", "policy": "default"}
        await put("agencies", f"/agencies/{PROVIDER}", agency)
        staff = {"name": PROVIDER, "roles": ["provider"]}
        await put("agencies", f"/agencies/{PROVIDER}/staff/{PROVIDER}", staff)
        offer = {"need": NEED, "area": AREA, "capacity": 100_000, "title": PROVIDER}
        await put("agencies", f"/agencies/{PROVIDER}/offers/{PROVIDER}", offer)
        await put("agencies", f"/pathways/{NEED}/{AREA}", {"offers": [PROVIDER]})
        address = {"email": f"intake@{PROVIDER}.example", "language": "en"}
        await put("notifications", f"/recipients/{PROVIDER}", address)
    await until(lambda: _nothing_behind(ground), 20)


async def measure_letters(ground: Ground, seconds: int) -> Part:
    """From the answer to a request for help to the provider's mail server, at 50 requests a second."""
    count = min(A_SECOND * seconds, len(ground.refs))
    part = Part("letters", f"Fact to mail accepted by SMTP, at {A_SECOND} facts a second")
    await set_stage(ground)
    before = len(await _mails(ground))
    refs = itertools.cycle(ground.refs)
    answers = await send_at_rate(
        ground.url("referrals"), ground.tokens[WORKER], lambda: _asks(next(refs)), A_SECOND, count
    )
    said = {each.json()["case_ref"]: each.wall for each in answers}
    async with asyncio.timeout(180):
        while len(await _mails(ground)) < before + count:  # noqa: ASYNC110 - another process's list
            await asyncio.sleep(1.0)
    arrived = _arrived((await _mails(ground))[before:])
    took = [arrived[ref] - at for ref, at in said.items() if ref in arrived]
    part.add("p50", p50(took) * 1000, "ms")
    part.add("p99", p99(took) * 1000, "ms")
    part.at_most("without a mail", count - len(took), "", 0)
    part.at_most("mails doubled", len((await _mails(ground))[before:]) - count, "", 0)
    part.notes.append(f"{count} requests for help, each a mail to the provider.")
    return part


async def measure_throughput(ground: Ground, count: int) -> Part:
    """Each referral is asked for, accepted, given and confirmed."""
    part = Part("referrals", "Referrals from request to help confirmed, one referrals process")
    await set_stage(ground)
    asked = [_asks(ground.refs[number % len(ground.refs)]) for number in range(count)]
    began = time.perf_counter()
    answers = await _all(ground, WORKER, asked)
    ids = [each.json()["referral_id"] for each in answers]
    for who, step, body in (
        (PROVIDER, "acceptance", {}),
        (PROVIDER, "service-given", {}),
        (WORKER, "confirmation", {"confirmed": True, "by": "mother"}),
    ):
        answers += await _all(ground, who, [(f"/referrals/{each}/{step}", body) for each in ids])
    spent = time.perf_counter() - began
    took = [each.took for each in answers]
    part.add("whole referrals", count / spent, "a second")
    part.add("commands", len(answers) / spent, "a second")
    part.add("p50 of a command", p50(took) * 1000, "ms")
    part.add("p99 of a command", p99(took) * 1000, "ms")
    part.notes.append(f"{count} referrals, four commands each, {AT_ONCE} at once.")
    return part


async def _all(ground: Ground, who: str, requests: list[tuple[str, Any]]) -> list[Answered]:
    return await send_all(ground.url("referrals"), ground.tokens[who], requests, AT_ONCE)


def _asks(ref: str) -> tuple[str, Any]:
    consented = datetime.fromtimestamp(time.time(), UTC) - timedelta(seconds=1)
    consent = {"given_by": "mother", "purpose": "referral", "recorded_at": consented.isoformat()}
    return "/referrals", {
        "case_ref": ref, "need": NEED, "area": AREA, "urgent": False,
        "summary": "Counselling is asked for.", "shared": {"age": "12"}, "consent": consent,
    }  # fmt: skip


async def _mails(ground: Ground) -> list[dict[str, Any]]:
    """Those to the provider, oldest first."""
    async with httpx2.AsyncClient(timeout=30.0) as client:
        every = (await client.get(f"{ground.stack.site.url('mail-page')}/messages")).json()
    return [each for each in every if f"intake@{PROVIDER}.example" in each["recipients"]]


def _arrived(mails: list[dict[str, Any]]) -> dict[str, float]:
    """Unix time of the first mail about each case."""
    first: dict[str, float] = {}
    for mail in mails:
        at = datetime.fromisoformat(mail["received"]).timestamp()
        first.setdefault(mail["subject"].split(":", 1)[0], at)
    return first


async def _nothing_behind(ground: Ground) -> bool:
    return await behind(ground.stack) == 0


async def _token(ground: Ground) -> str:
    body = {"sub": PROVIDER, "agency": PROVIDER, "team": None, "roles": ["provider"]}
    async with httpx2.AsyncClient(timeout=10.0) as client:
        answer = await client.post(f"{ground.url('issuer')}/token", json=body)
        return str(answer.raise_for_status().json()["access_token"])
