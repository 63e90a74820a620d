"""Finding what is sealed without opening it: terms under a keyed hash that nobody else can compute.

Equal terms have equal marks, so a term must never be so common by itself that its number gives it away.
"""

import hmac
from collections.abc import Iterable

from infrastructure import crypto

_PURPOSE = b"throughline blind index 1"
_MARK_BYTES = 16


def kept(terms: Iterable[str]) -> dict[bytes, str]:
    """Terms by the mark under which they are stored: of the current master key."""
    return _marks(crypto.master_ring().derived(_PURPOSE)[:1], terms)


def asked(terms: Iterable[str]) -> dict[bytes, str]:
    """Terms by every mark under which they may have been stored: of each master key still in use."""
    return _marks(crypto.master_ring().derived(_PURPOSE), terms)


def _marks(keys: Iterable[bytes], terms: Iterable[str]) -> dict[bytes, str]:
    spelt = list(terms)
    return {
        hmac.digest(key, term.encode(), "sha256")[:_MARK_BYTES]: term
        for key in keys
        for term in spelt
    }
