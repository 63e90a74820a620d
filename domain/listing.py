"""What the directory says of an organisation to the outside: where it is, how it is reached, what it offers."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid5

# Never changed: every id that others hold of our entries follows from it.
NAMESPACE = UUID("5f2d8c1a-7c0e-5b64-9a3d-687364733330")
LONGEST_ID = 64
LONGEST_NAME = 200
LONGEST_TEXT = 4_000
OLDEST = 150  # years; nobody is older
LONGEST_WAIT = 3_650
PHONE_PATTERN = r"^\+?[0-9][0-9 ()./-]{2,39}( ext [1-9][0-9]{0,7})?$"
EMAIL_PATTERN = r"^[^@\s]{1,64}@[^@\s]{1,190}$"
URL_PATTERN = r"^https?://[^\s]{1,490}$"
COUNTRY_PATTERN = r"^[A-Z]{2}$"
_NOT_OF_AN_ID = re.compile(r"[^a-z0-9]+")
_BETWEEN = "-"
_MARK = 8  # characters of a foreign id that tell two of the same name apart


def in_one_line(name: str) -> str:
    """A name as it is printed in a sentence: no break of the line and no control character."""
    return " ".join("".join(each for each in name if not _is_control(each)).split())


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc" and not character.isspace()


@dataclass(frozen=True, slots=True)
class Channel:
    """How the public reaches it; never a person's own number or address."""

    phone: str | None = None
    email: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """As a letter would be addressed; `country` in two letters (ISO 3166-1)."""

    street: str
    city: str
    country: str
    more: str | None = None
    region: str | None = None
    state: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service is given; `kind` is physical, postal or virtual; degrees in WGS84."""

    place_id: str
    hsds_id: UUID
    kind: str
    name: str | None = None
    url: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class ListedOffer:
    """An offer in full; the first of `areas` is its own; `opening` are spans in the agency's local time."""

    offer_id: str
    hsds_id: UUID
    title: str
    need: str
    areas: tuple[str, ...]
    capacity: int
    description: str | None = None
    eligibility: str | None = None
    languages: tuple[str, ...] = ()
    youngest: int | None = None
    oldest: int | None = None
    waiting_days: int | None = None
    paused: bool = False
    channel: Channel = Channel()
    opening: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ListedAgency:
    """An agency with its places and offers."""

    agency_id: str
    hsds_id: UUID
    name: str
    zone: str
    policy: str
    description: str | None = None
    channel: Channel = Channel()
    places: tuple[Place, ...] = ()
    offers: tuple[ListedOffer, ...] = ()


def outer_id(kind: str, *ours: str) -> UUID:
    """The UUID by which others know our entry; the same for the same id, always."""
    return uuid5(NAMESPACE, "/".join((kind, *ours)))


def part_id(whole: UUID, part: str) -> UUID:
    """The UUID of a part of an entry, such as its phone."""
    return uuid5(whole, part)


def id_from(prefix: str, said: str, outer: UUID) -> str:
    """An id of ours for a foreign entry, from its name, or from its own id where the name has no Latin letter."""
    folded = filter(str.isascii, unicodedata.normalize("NFKD", said))
    words = _NOT_OF_AN_ID.sub(_BETWEEN, "".join(folded).lower()).strip(_BETWEEN)
    return f"{prefix}{words or outer.hex[:_MARK]}"[:LONGEST_ID].strip(_BETWEEN)


def free_id(wanted: str, outer: UUID, taken: Collection[str]) -> str:
    """The id itself, or told apart by the foreign one where it is taken."""
    wanted = wanted[:LONGEST_ID]
    if wanted not in taken:
        return wanted
    marked = f"{wanted[: LONGEST_ID - _MARK - 1]}-{outer.hex[:_MARK]}"
    return marked if marked not in taken else f"{wanted[: LONGEST_ID // 2 - 1]}-{outer.hex}"
