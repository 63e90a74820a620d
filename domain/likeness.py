"""When two records may be about the same child: shown to people with the reasons, never merged by machine.

The rule is a table: which agreements are enough together. An index keeps one key for each combination, so
that what is common by itself (a gender, a year) is kept nowhere. Source: practice.md, section 2 (returns
are seen at registration).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import product

from domain import name_sound
from domain.errors import Malformed


class Sign(StrEnum):
    """What agrees, in the words in which it is shown."""

    NAME = "same name sound"
    PART = "same sound of a part of the name"
    YEAR = "same birth year"
    AREA = "same area sound"
    GENDER = "same gender"


N, P, Y, A, G = Sign.NAME, Sign.PART, Sign.YEAR, Sign.AREA, Sign.GENDER
# Each row is enough; the longer rows of one name only add a reason to the shorter ones.
ENOUGH: tuple[tuple[Sign, ...], ...] = (
    (N, Y),
    (N, A),
    (N, Y, G),
    (N, A, G),
    (P, Y, A, G),
)
MOST = 10
YEARS_EITHER_WAY = 1  # an age is given in years, and often guessed
_CLEAR = 4  # letters of sound in a whole name; a shorter one says too little, and its spelling stands for it
_CLEAR_PART = 2
_GENDERS = {"female": "girl", "f": "girl", "woman": "girl", "male": "boy", "m": "boy", "man": "boy"}


class SameCase(Malformed):
    """A case is not compared with itself."""

    code = "same-case"


@dataclass(frozen=True, slots=True, repr=False)
class Described:
    """What is told of a child at registration; age in years at `at`."""

    name: str
    age: int
    gender: str
    area: str
    at: datetime

    @property
    def birth_year(self) -> int:
        """One of the two that the age allows."""
        return self.at.year - self.age


def kept(child: Described) -> tuple[str, ...]:
    """The keys under which a child is found, one a combination; personal, so only ever stored blind."""
    return tuple(_keys(child, [child.birth_year]))


def asked(child: Described) -> tuple[str, ...]:
    """The keys under which others are looked for: a year more and a year less as well."""
    around = range(-YEARS_EITHER_WAY, YEARS_EITHER_WAY + 1)
    return tuple(_keys(child, [child.birth_year + off for off in around]))


def agreements(keys: Iterable[str]) -> tuple[Sign, ...]:
    """What agrees, from the keys that two children share, in the order of the signs."""
    rows = {int(key.partition("|")[0]) for key in keys}
    agreed = {sign for row in rows for sign in ENOUGH[row]}
    if Sign.NAME in agreed:
        agreed -= {Sign.PART}
    return tuple(sign for sign in Sign if sign in agreed)


def likeness(one: Described, other: Described) -> tuple[Sign, ...]:
    """Why the two may be the same child; empty when the agreements are not enough."""
    return agreements(set(asked(one)) & set(kept(other)))


def in_order(found: Mapping[str, Collection[Sign]]) -> list[str]:
    """References with the most agreements first, and no more than people read."""
    return sorted(found, key=lambda ref: (-len(found[ref]), ref))[:MOST]


def demand_two_cases(ref: str, other: str) -> None:
    if ref == other:
        raise SameCase(field="other_ref")


def _keys(child: Described, years: Collection[int]) -> Iterator[str]:
    told: dict[Sign, Collection[str]] = {
        Sign.NAME: _whole(child.name),
        Sign.PART: _parts(child.name),
        Sign.YEAR: [str(year) for year in years],
        Sign.AREA: _area(child.area),
        Sign.GENDER: _gender(child.gender),
    }
    for row, signs in enumerate(ENOUGH):
        for values in product(*(told[sign] for sign in signs)):
            yield "|".join((str(row), *values))


def _whole(name: str) -> list[str]:
    """The sounds of all parts in either order; of a short name the spelling, which must then be the same."""
    parts = name_sound.parts(name)
    sounds = sorted(filter(None, map(name_sound.sound, parts)))
    if sum(map(len, sounds)) >= _CLEAR:
        return [" ".join(sounds)]
    return ["=" + " ".join(sorted(parts))] if parts else []


def _parts(name: str) -> list[str]:
    heard = {name_sound.sound(part) for part in name_sound.parts(name)}
    return sorted(sound for sound in heard if len(sound) >= _CLEAR_PART)


def _area(area: str) -> list[str]:
    """Written as one word or as two, a place sounds the same."""
    heard = name_sound.sound("".join(name_sound.parts(area)))
    return [heard] if heard else []


def _gender(gender: str) -> list[str]:
    spelt = name_sound.spelling(gender)
    return [_GENDERS.get(spelt, spelt)] if spelt else []
