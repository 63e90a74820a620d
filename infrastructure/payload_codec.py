"""What Temporal keeps is sealed: payloads and failures' messages, under named keys that can be replaced."""

from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from infrastructure.key_ring import KeyRing

ENCODING = b"binary/throughline-sealed"
KEY_ID = "throughline-key-id"
_BOUND = b"temporal-payload"


class SealingCodec(PayloadCodec):
    """The current key seals; every key of the ring opens, so old histories stay readable."""

    def __init__(self, ring: KeyRing) -> None:
        super().__init__()
        self._ring = ring

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [
            Payload(
                metadata={"encoding": ENCODING, KEY_ID: self._ring.current.encode()},
                data=self._ring.seal(payload.SerializeToString(), _BOUND),
            )
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Raises SealError for a changed payload; what was never sealed passes as it is."""
        return [self._opened(payload) for payload in payloads]

    def _opened(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        return Payload.FromString(self._ring.open(payload.data, _BOUND))
