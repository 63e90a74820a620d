"""What is sealed opens only with its key, for its case and field, and unchanged; an erased case for nobody."""

import pytest
from sqlalchemy import text

from domain.errors import Missing
from infrastructure import crypto
from infrastructure.crypto import CaseKey, case_key, erase, open_sealed, seal
from infrastructure.db import Database
from infrastructure.key_ring import KeyRing, SealError
from infrastructure.settings import settings
from tests.services.edge.builders import A_KEY, ANOTHER_KEY, a_viewer

KEY = CaseKey(bytes(32))
REF = "TL-2B7K-9QXM-4"


def test_sealed_text_opens_and_is_not_to_be_read_without() -> None:
    sealed = seal(KEY, REF, "name", "Noor Haddad")
    assert b"Noor" not in sealed
    assert open_sealed(KEY, REF, "name", sealed) == "Noor Haddad"


def test_same_text_is_sealed_differently_each_time() -> None:
    assert seal(KEY, REF, "name", "Noor") != seal(KEY, REF, "name", "Noor")


@pytest.mark.parametrize(
    ("key", "ref", "field"),
    [
        (CaseKey(bytes([1] * 32)), REF, "name"),  # another case's key
        (KEY, "TL-2B7K-9QXM-5", "name"),  # moved to another case
        (KEY, REF, "address"),  # moved to another field
    ],
)
def test_sealed_text_opens_nowhere_else(key: CaseKey, ref: str, field: str) -> None:
    with pytest.raises(SealError):
        open_sealed(key, ref, field, seal(KEY, REF, "name", "Noor"))


def test_any_changed_byte_is_noticed() -> None:
    sealed = seal(KEY, REF, "name", "Noor")
    for at in range(len(sealed)):
        changed = bytes([*sealed[:at], sealed[at] ^ 1, *sealed[at + 1 :]])
        with pytest.raises(SealError):
            open_sealed(KEY, REF, "name", changed)
    for cut in range(len(sealed)):
        with pytest.raises(SealError):
            open_sealed(KEY, REF, "name", sealed[:cut])


def test_replaced_master_key_still_opens_and_the_new_one_seals() -> None:
    old = KeyRing.parse(f"old:{A_KEY}")
    both = KeyRing.parse(f"new:{ANOTHER_KEY},old:{A_KEY}")
    assert both.open(old.seal(b"text", b"x"), b"x") == b"text"
    with pytest.raises(SealError):
        old.open(both.seal(b"text", b"x"), b"x")


@pytest.mark.parametrize(
    "text", ["", "no-colon", "id:***", "id:c2hvcnQ=", f"a b:{A_KEY}", f"a:{A_KEY},a:{A_KEY}"]
)
def test_unusable_master_keys_are_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(SealError) as refusal:
        KeyRing.parse(text)
    assert A_KEY not in str(refusal.value)


def test_key_never_shows_in_its_own_description() -> None:
    assert "\\x00" not in repr(KEY)
    assert A_KEY not in repr(KeyRing.parse(f"old:{A_KEY}"))


async def test_case_keeps_its_key_and_an_erased_case_has_none(db: Database) -> None:
    async with db.transaction(a_viewer()) as uow:
        made = await case_key(uow, REF, create=True)
        again = await case_key(uow, REF, create=True)
        other = await case_key(uow, "TL-OTHER", create=True)
    async with db.transaction(a_viewer()) as uow:
        assert (await case_key(uow, REF)).secret == made.secret == again.secret != other.secret
        await erase(uow, REF)
    async with db.transaction(a_viewer()) as uow:
        for create in (False, True):
            with pytest.raises(Missing):
                await case_key(uow, REF, create=create)
        assert (await case_key(uow, "TL-OTHER")).secret == other.secret


async def test_case_without_a_key_is_missing(db: Database) -> None:
    async with db.transaction(a_viewer()) as uow:
        with pytest.raises(Missing):
            await case_key(uow, REF)


async def test_stolen_row_opens_for_no_other_case(db: Database) -> None:

    async with db.transaction(a_viewer()) as uow:
        await case_key(uow, REF, create=True)
        copy = text(
            "INSERT INTO case_keys SELECT 'TL-OTHER', key_id, wrapped, erased_at FROM case_keys"
        )
        await uow.connection.execute(copy)
        with pytest.raises(SealError):
            await case_key(uow, "TL-OTHER")


def test_process_without_master_keys_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THROUGHLINE_MASTER_KEYS", raising=False)

    settings.cache_clear()
    crypto.master_ring.cache_clear()
    with pytest.raises(SealError, match="At least one key"):
        crypto.master_ring()
    settings.cache_clear()
