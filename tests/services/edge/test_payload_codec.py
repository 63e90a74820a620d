"""Temporal keeps nothing that can be read: payloads and failures' messages are sealed."""

import pytest
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError

from infrastructure.key_ring import SealError
from infrastructure.temporal import data_converter
from tests.services.edge.builders import A_KEY, ANOTHER_KEY, some_settings


def a_converter(keys: str = f"one:{A_KEY}") -> DataConverter:
    return data_converter(some_settings(payload_keys=keys))


async def test_payload_goes_and_comes_back_and_cannot_be_read_between() -> None:
    [payload] = await a_converter().encode([{"case_ref": "TL-2B7K-9QXM-4"}])
    assert b"TL-2B7K" not in payload.SerializeToString()
    assert payload.metadata["throughline-key-id"] == b"one"
    assert await a_converter().decode([payload], [dict]) == [{"case_ref": "TL-2B7K-9QXM-4"}]


async def test_messages_and_stacks_of_failures_are_sealed() -> None:
    failure = Failure()
    try:
        raise ValueError("Noor Haddad")
    except ValueError as cause:
        error = ApplicationError("Noor could not be reached", "Elm Street", type="Refusal")
        error.__cause__ = cause
    await a_converter().encode_failure(error, failure)
    assert not any(word in failure.SerializeToString() for word in (b"Noor", b"Elm"))
    decoded = await a_converter().decode_failure(failure)
    assert isinstance(decoded, ApplicationError)
    assert decoded.message == "Noor could not be reached"
    assert decoded.type == "Refusal"


async def test_old_key_opens_old_histories_after_a_new_one_took_over() -> None:
    [payload] = await a_converter().encode(["kept"])
    later = a_converter(f"two:{ANOTHER_KEY},one:{A_KEY}")
    assert await later.decode([payload]) == ["kept"]
    [renewed] = await later.encode(["kept"])
    assert renewed.metadata["throughline-key-id"] == b"two"


async def test_changed_payload_or_unknown_key_does_not_open() -> None:
    [payload] = await a_converter().encode(["kept"])
    with pytest.raises(SealError):
        await a_converter(f"one:{ANOTHER_KEY}").decode([payload])
    payload.data = payload.data[:-1] + bytes([payload.data[-1] ^ 1])
    with pytest.raises(SealError):
        await a_converter().decode([payload])


def test_converter_without_keys_is_refused() -> None:
    with pytest.raises(SealError):
        a_converter("")
