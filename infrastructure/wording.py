"""What people read in one language: words from a catalogue, plural forms and dates by Babel's CLDR rules."""

from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import yaml
from babel import Locale
from babel.dates import format_date, format_datetime


class Wording:
    """One language. A word that is missing is an error, never a blank; tests hold every catalogue to that."""

    MOMENT: ClassVar[str] = "d MMMM y, HH:mm"

    def __init__(self, language: str, words: dict[str, Any]) -> None:
        self.language = language
        self.words = words
        self._locale = Locale.parse(str(language))

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, for the page's dir attribute."""
        return str(self._locale.text_direction)

    def say(self, key: str, **values: object) -> str:
        """`promise.follow-up`: one entry of the catalogue, with its values filled in."""
        return str(self._entry(key)).format(**values)

    def count(self, key: str, number: int) -> str:
        """In the plural form that the language has for this number."""
        return self.say(f"{key}.{self._locale.plural_form(number)}", number=number)

    def has(self, key: str) -> bool:
        try:
            self._entry(key)
        except (KeyError, TypeError):
            return False
        return True

    def day(self, at: datetime, zone: str) -> str:
        """The day in the zone, with its weekday."""
        return format_date(at.astimezone(ZoneInfo(zone)).date(), "full", locale=self._locale)

    def moment(self, at: datetime, zone: str) -> str:
        """Day and time of day in the zone."""
        return self.formatted(at, zone, self.MOMENT)

    def formatted(self, at: datetime, zone: str, pattern: str) -> str:
        return format_datetime(at, pattern, tzinfo=ZoneInfo(zone), locale=self._locale)

    def _entry(self, key: str) -> Any:
        found: Any = self.words
        for part in key.split("."):
            found = found[part]
        return found


def catalogue(folder: Path, language: str) -> dict[str, Any]:
    """The words of a language, as `folder/LANGUAGE.yaml` has them."""
    found: dict[str, Any] = yaml.safe_load((folder / f"{language}.yaml").read_text("utf-8"))
    return found
