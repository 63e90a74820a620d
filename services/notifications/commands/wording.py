"""What is written in one language: a catalogue of words, plural forms and moments by Babel's CLDR rules.

A message that a catalogue lacks is an error, never a blank; tests hold every catalogue to that. A step that it
does not name has the title of the case's policy pack.
"""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from babel import Locale
from babel.dates import format_datetime

from domain.vocabulary import Role

FALLBACK = "en"
_WORDS = Path(__file__).parent.parent / "words"


class Wording:
    """One language; every text is plain and holds nothing but what is filled in here."""

    def __init__(self, language: str, words: dict[str, Any]) -> None:
        self.language = language
        self.words = words
        self._locale = Locale.parse(language)

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return str(self._locale.text_direction)

    def say(self, key: str, **values: object) -> str:
        """`page.title`: one entry of the catalogue, with its values filled in."""
        found: Any = self.words
        for part in key.split("."):
            found = found[part]
        return str(found).format(**values)

    def count(self, key: str, number: int) -> str:
        """In the plural form that the language has for this number."""
        return self.say(f"{key}.{self._locale.plural_form(number)}", number=number)

    def step(self, step: str, title: str) -> str:
        return str(self.words["steps"].get(step, title))

    def role(self, role: Role) -> str:
        return self.say(f"roles.{role.value}")

    def moment(self, at: datetime | None, zone: str) -> str:
        """`Monday 1 March 2027, 09:00 (Europe/Berlin)`, or a dash where there is none."""
        return "-" if at is None else f"{self._formatted(at, zone, 'moment')} ({zone})"

    def short_moment(self, at: datetime, zone: str) -> str:
        return self._formatted(at, zone, "short_moment")

    def _formatted(self, at: datetime, zone: str, pattern: str) -> str:
        return format_datetime(at, self.words[pattern], tzinfo=ZoneInfo(zone), locale=self._locale)


def languages() -> list[str]:
    return sorted(each.stem for each in _WORDS.glob("*.yaml"))


@lru_cache(maxsize=32)
def wording(language: str) -> Wording:
    """A language that nobody has written is English."""
    known = language if language in languages() else FALLBACK
    return Wording(known, yaml.safe_load((_WORDS / f"{known}.yaml").read_text("utf-8")))
