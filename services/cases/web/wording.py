"""The family's page in its own language."""

import re
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date

from domain.statement import Language
from infrastructure.wording import Wording, catalogue

__all__ = ["PageWording", "Wording", "wording"]
_FOLDER = Path(__file__).parent / "words"
_DAYS = {Language.ENGLISH: "EEEE d MMMM y"}
_FIRST = re.compile(r"\b1 (?=[a-zûé]+ \d{4})")
_DATES = {Language.SPANISH: "d 'de' MMMM 'de' y"}
_MOMENTS = {Language.ARABIC: "d MMMM y، HH:mm", Language.SPANISH: "d 'de' MMMM 'de' y, HH:mm"}


class PageWording(Wording):
    """Dates in one order on a page, and with the comma of its script."""

    def day(self, at: datetime, zone: str) -> str:
        pattern = _DAYS.get(Language(self.language))
        told = self.formatted(at, zone, pattern) if pattern else super().day(at, zone)
        return self._first(told)

    def date(self, on: date) -> str:
        """Without its weekday."""
        pattern = _DATES.get(Language(self.language), "d MMMM y")
        return self._first(str(format_date(on, pattern, locale=self._locale)))

    def moment(self, at: datetime, zone: str) -> str:
        pattern = _MOMENTS.get(Language(self.language), self.MOMENT)
        return self._first(self.formatted(at, zone, pattern))

    def _first(self, told: str) -> str:
        """French says the first day of a month, and no other, as an ordinal; CLDR does not."""
        return _FIRST.sub("1er ", told) if self.language == Language.FRENCH else told


@lru_cache(maxsize=len(Language))
def wording(language: Language) -> PageWording:
    return PageWording(language, catalogue(_FOLDER, language.value))
