"""Identifiers: new ones in order of time (UUIDv7), and ones that follow from what they name (UUIDv5)."""

from uuid import UUID, uuid5

from uuid_utils import compat

_NAMESPACE = UUID("0b6c1d9e-5f0a-5c57-8f0e-746872756c6e")
_SEPARATOR = "\x1f"


def new_id() -> UUID:
    return compat.uuid7()


def derived_id(*parts: str) -> UUID:
    """The same parts give the same id, in every process and at every retry."""
    return uuid5(_NAMESPACE, _SEPARATOR.join(parts))
