"""Mail sink: takes every mail by SMTP and shows it. `python -m deploy.embedded.mail`; nothing is sent on.

GET /messages answers a JSON list, oldest first: id, received, sender, recipients, subject, text, headers.
It is a gateway for text messages too: POST /texts takes one (to, text, id), once by its Idempotency-Key; GET
/texts answers what it took.
"""

import asyncio
import json
import os
from collections import deque
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html import escape
from pathlib import Path
from typing import Any

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from infrastructure.clock import wall_now
from infrastructure.settings import settings

KEPT = 20_000  # mails shown; the folder keeps them all
NEEDED = {"to", "text", "id"}
LARGEST = 1_000_000  # bytes of one mail
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Mail</title>
<style>body{{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}}
article{{border-top:1px solid #ccc;padding:.5rem 0}}pre{{white-space:pre-wrap}}</style>
<h1>Mail</h1><p>{count} mails, the newest first. Nothing here was sent on.</p>{mails}</html>"""
MAIL = (
    """<article><h2>{subject}</h2><p>to {recipients}, {received}</p><pre>{text}</pre></article>"""
)


class Mailbox:
    """What has arrived, kept in a file of JSON lines."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = folder / "messages.jsonl"
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        self._mails: deque[dict[str, Any]] = deque(_readable(lines), maxlen=KEPT)
        self._count = len(lines)

    def add(self, envelope: Envelope) -> None:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw)
        body = message.get_body(("plain", "html"))
        self._count += 1
        mail = {
            "id": self._count,
            "received": wall_now().isoformat(),
            "sender": envelope.mail_from,
            "recipients": list(envelope.rcpt_tos),
            "subject": str(message["subject"] or ""),
            "text": body.get_content() if body else "",
            "headers": {name: str(text) for name, text in message.items()},
        }
        self._mails.append(mail)
        with self._file.open("a") as out:
            out.write(json.dumps(mail) + "\n")

    def messages(self, _request: Request) -> Response:
        return JSONResponse(list(self._mails))

    def page(self, _request: Request) -> Response:
        newest = list(self._mails)[: -(200 + 1) : -1]
        shown = (
            MAIL.format(
                subject=escape(mail["subject"]),
                recipients=escape(", ".join(mail["recipients"])),
                received=escape(mail["received"]),
                text=escape(mail["text"]),
            )
            for mail in newest
        )
        return HTMLResponse(PAGE.format(count=len(self._mails), mails="".join(shown)))

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.add(envelope)
        return "250 Message accepted for delivery"


class Texts:
    """Text messages, each once by its key, kept in memory alone."""

    def __init__(self) -> None:
        self._taken: dict[str, dict[str, str]] = {}

    async def take(self, request: Request) -> Response:
        told = await request.json()
        key = request.headers.get("idempotency-key", "")
        if not key or not isinstance(told, dict) or told.keys() != NEEDED:
            return JSONResponse({"needed": [*sorted(NEEDED), "Idempotency-Key"]}, 422)
        self._taken.setdefault(key, {**told, "received": wall_now().isoformat()})
        return JSONResponse({}, 202)

    def all(self, _request: Request) -> Response:
        return JSONResponse(list(self._taken.values()))


def _readable(lines: list[str]) -> list[dict[str, Any]]:
    # A killed process may have left half a line at the end.
    mails = []
    for line in lines:
        try:
            mails.append(json.loads(line))
        except ValueError:
            continue
    return mails


def _well(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


def create_page(mailbox: Mailbox) -> Starlette:
    texts = Texts()
    return Starlette(
        routes=[
            Route("/", mailbox.page),
            Route("/messages", mailbox.messages),
            Route("/texts", texts.take, methods=["POST"]),
            Route("/texts", texts.all),
            Route("/live", _well),
            Route("/ready", _well),
        ]
    )


async def serve(mailbox: Mailbox) -> None:
    chosen = settings()
    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(
        lambda: SMTP(mailbox, hostname="throughline", data_size_limit=LARGEST, loop=loop),
        chosen.http_host,
        chosen.smtp_port,
    )
    config = uvicorn.Config(
        create_page(mailbox), chosen.http_host, chosen.http_port, log_level="warning"
    )
    async with smtp:
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(serve(Mailbox(Path(os.environ["THROUGHLINE_MAIL_FOLDER"]))))
