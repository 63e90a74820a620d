"""The notifications service, served; a mail server and a text gateway that can go away; people and a case."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any, TypeVar
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from contracts.events import Event
from contracts.events.agencies import AgencyRegistered, StaffRegistered
from contracts.events.cases import CaseRegistered
from contracts.events.deadlines import DeadlineMissed, DeadlineReminded
from domain.reference import compose
from domain.vocabulary import Risk, Role, Source, SubjectType
from infrastructure import links
from infrastructure.key_ring import KeyRing
from services.notifications.app import service
from services.notifications.commands.post import close_post
from tests.services.served import DAY_0, Served, a_token, serve
from tests.stack.databases import TestDatabase

NORTH, SOUTH = "agency-north", "agency-south"
CASE = compose(lambda _: "7")
CORA = a_token("cora", NORTH, Role.CASEWORKER, team="team-a")
CARL = a_token("carl", NORTH, Role.CASEWORKER, team="team-a")
SAMI = a_token("sami", NORTH, Role.SUPERVISOR, team="team-a")
MONA = a_token("mona", NORTH, Role.MANAGER)
SOL = a_token("sol", SOUTH, Role.SUPERVISOR)
OPAL = a_token("opal", "throughline", Role.OPERATIONS)
ADA = a_token("ada", "throughline", Role.ADMINISTRATOR)
WORKER = a_token("system-worker", "throughline", Role.SYSTEM)
A_RING = "test:a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
E = TypeVar("E", bound=Event)


@dataclass
class PostOffice:
    """What an SMTP server took; `refusal` is what it answers instead."""

    port: int = 0
    refusal: str = ""
    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _s: SMTP, _n: Session, envelope: Envelope, address: str, _o: list[str]
    ) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _s: SMTP, _n: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        parsed = BytesParser(policy=default).parsebytes(content)
        assert isinstance(parsed, EmailMessage)
        self.messages.append(parsed)
        return "250 OK"


@pytest.fixture
async def post_office() -> AsyncIterator[PostOffice]:
    office = PostOffice()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(office, loop=loop), "127.0.0.1", 0)
    office.port = server.sockets[0].getsockname()[1]
    yield office
    server.close()
    await server.wait_closed()


@dataclass
class Gateway:
    """What a gateway for SMS was asked for, over loopback; `status` is what it answers."""

    port: int = 0
    status: int = 202
    asked: list[tuple[dict[str, str], dict[str, str]]] = field(default_factory=list)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = dict(line.lower().split(": ", 1) for line in head)
        body = await reader.readexactly(int(headers["content-length"]))
        self.asked.append((headers, json.loads(body)))
        writer.write(
            f"HTTP/1.1 {self.status} .\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    found = Gateway()
    server = await asyncio.start_server(found.take, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    server.close()
    await server.wait_closed()


@pytest.fixture
async def notifications(
    service_database: Callable[..., TestDatabase],
    monkeypatch: pytest.MonkeyPatch,
    post_office: PostOffice,
    gateway: Gateway,
) -> AsyncIterator[Served]:
    database = service_database("notifications")
    options: dict[str, Any] = {
        "smtp_port": post_office.port,
        "public_url": "https://care.example",
        "mail_from": "throughline@care.example",
        "text_gateway_url": f"http://127.0.0.1:{gateway.port}/messages",
        "text_gateway_token": SecretStr("of-the-gateway"),
    }
    monkeypatch.setattr(links, "link_ring", lambda: KeyRing.parse(A_RING))
    async with serve(service, database, monkeypatch, **options) as served:
        await served.hear(*people(), registered())
        yield served
        await close_post(served.db)


def staff(
    staff_id: str, *roles: Role, agency: str = NORTH, team: str | None = None, active: bool = True
) -> StaffRegistered:
    return StaffRegistered(
        agency_id=agency, at=DAY_0, staff_id=staff_id, team_id=team, roles=roles, active=active
    )


def people() -> list[Event]:
    return [
        AgencyRegistered(agency_id=NORTH, at=DAY_0, zone="Europe/Berlin", policy="default"),
        staff("cora", Role.CASEWORKER, team="team-a"),
        staff("sami", Role.SUPERVISOR, team="team-a"),
        staff("mona", Role.MANAGER),
        staff("rena", Role.REVIEW_CHAIR, agency=SOUTH),
        staff("pia", Role.PROVIDER, agency=SOUTH),
    ]


def registered() -> CaseRegistered:
    return CaseRegistered(
        case_ref=CASE,
        at=DAY_0,
        agency_id=NORTH,
        team_id="team-a",
        caseworker_id="cora",
        supervisor_id="sami",
        risk=Risk.MEDIUM,
        source=Source.SCHOOL,
        policy="default@1",
    )


def about_a_deadline(kind: type[E], *tell: Role, **changes: Any) -> E:
    facts: dict[str, Any] = {
        "case_ref": CASE,
        "at": DAY_0,
        "deadline_id": UUID(int=7),
        "version": 1,
        "owner": "cases",
        "subject_type": SubjectType.CASE,
        "subject_id": CASE,
        "step": "initial-assessment",
        "agency_id": NORTH,
        "responsible": Role.CASEWORKER,
        "person_id": "cora",
        "due_at": DAY_0,
        "moment": "due",
        "tell": tell,
    }
    return kind(**(facts | changes))


def missed(*tell: Role, **changes: Any) -> DeadlineMissed:
    roles = tell or (Role.CASEWORKER, Role.SUPERVISOR)
    return about_a_deadline(DeadlineMissed, *roles, **({"rung": 0} | changes))


def reminded(**changes: Any) -> DeadlineReminded:
    return about_a_deadline(
        DeadlineReminded, Role.CASEWORKER, **({"moment": "reminder-1"} | changes)
    )


def plain(mail: EmailMessage) -> str:
    """The text that a reader without HTML shows."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def told(served: Served) -> list[str]:
    """Who has been told so far, in order."""
    rows = await served.rows("SELECT staff_id FROM notifications ORDER BY id")
    return [row["staff_id"] for row in rows]


async def the_notification_of(served: Served, staff_id: str) -> str:
    rows = await served.rows(f"SELECT id FROM notifications WHERE staff_id = '{staff_id}'")
    return str(rows[-1]["id"])


async def with_address(served: Served, staff_id: str, email: str, **more: Any) -> None:
    answer = await served.ask(ADA, "PUT", f"/recipients/{staff_id}", {"email": email, **more})
    assert answer.status_code == 200, answer.text


async def wishing(served: Served, staff_id: str, **wished: Any) -> None:
    answer = await served.ask(ADA, "PUT", f"/recipients/{staff_id}/preferences", wished)
    assert answer.status_code == 200, answer.text


async def attempted(served: Served, *notification_ids: str) -> list[dict[str, Any]]:
    """As the mailbox workflow asks; all that wait when none is named."""
    ids = list(notification_ids) or [
        str(row["id"])
        for row in await served.rows("SELECT id FROM notifications WHERE state = 'waiting'")
    ]
    if not ids:
        return []
    answer = await served.post(WORKER, "/deliveries/attempts", {"notification_ids": ids})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["deliveries"]
    return found
