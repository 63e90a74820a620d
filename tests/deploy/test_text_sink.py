"""The sink of the stack takes text messages as a gateway would, each once."""

from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from deploy.embedded.mail import Mailbox, create_page
from infrastructure.settings import Settings
from infrastructure.text_gateway import TextGateway, TextRefused


def a_gateway(folder: Path, **settings: object) -> tuple[TextGateway, httpx2.AsyncClient]:
    page = create_page(Mailbox(folder / "mail"))
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=page), base_url="http://sink")
    known = Settings(
        text_gateway_url="http://sink/texts", text_gateway_token=SecretStr("x"), **settings
    )
    return TextGateway(known, client), client


async def test_a_repeated_message_is_taken_once(tmp_path: Path) -> None:
    gateway, client = a_gateway(tmp_path)
    async with client:
        for _ in range(2):
            await gateway.deliver("+4915112345", 'TL-1: "overdue"', "the-key")
        [taken] = (await client.get("/texts")).json()
    assert (taken["to"], taken["text"], taken["id"]) == (
        "+4915112345",
        'TL-1: "overdue"',
        "the-key",
    )


async def test_a_body_that_the_gateway_does_not_know_is_refused_for_good(tmp_path: Path) -> None:
    gateway, client = a_gateway(tmp_path, text_gateway_body='{"number": {to}}')
    async with client:
        with pytest.raises(TextRefused):
            await gateway.deliver("+4915112345", "text", "the-key")
