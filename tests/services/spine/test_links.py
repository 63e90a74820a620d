"""Signed links: only our own open, whichever key of the ring signed them, and only in one way of writing."""

import base64
from datetime import UTC, datetime
from uuid import UUID

import pytest

from infrastructure import links
from infrastructure.key_ring import KeyRing
from infrastructure.links import LinkNotSigned, Signed

LINK = UUID("0b6f3c1a-5a1e-4f0e-9d57-7f5f0a4be0aa")
UNTIL = datetime(2027, 4, 1, 12, tzinfo=UTC)


def a_ring(*names: str) -> KeyRing:
    keys = {name: base64.b64encode(name.encode().ljust(32, b".")).decode() for name in names}
    return KeyRing.parse(",".join(f"{name}:{key}" for name, key in keys.items()))


def test_what_is_signed_is_read_again() -> None:
    ring = a_ring("one")
    assert links.verify(links.sign(LINK, UNTIL, ring), ring) == Signed(LINK, UNTIL)


def test_a_key_that_was_replaced_still_opens_and_a_dropped_one_does_not() -> None:
    token = links.sign(LINK, UNTIL, a_ring("old"))
    assert links.verify(token, a_ring("new", "old")).link_id == LINK
    with pytest.raises(LinkNotSigned):
        links.verify(token, a_ring("new"))


def test_any_changed_letter_is_noticed() -> None:
    ring = a_ring("one")
    token = links.sign(LINK, UNTIL, ring)
    for place, letter in enumerate(token):
        changed = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        with pytest.raises(LinkNotSigned):
            links.verify(changed, ring)


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 76, "a" * 5000, "=" * 76])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    with pytest.raises(LinkNotSigned):
        links.verify(token, a_ring("one"))


def test_the_token_is_fit_for_an_address() -> None:
    token = links.sign(LINK, UNTIL, a_ring("one"))
    assert token.replace("-", "").replace("_", "").isalnum()
    assert len(token) < 100
