"""The family's page in its own language."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from domain.statement import Language
from infrastructure.wording import Wording, catalogue

__all__ = ["PageWording", "Wording", "wording"]
_FOLDER = Path(__file__).parent / "words"
_DAYS = {Language.ENGLISH: "EEEE d MMMM y"}
_MOMENTS = {Language.ARABIC: "d MMMM y، HH:mm"}


class PageWording(Wording):
    """Dates in one order on a page, and with the comma of its script."""

    def day(self, at: datetime, zone: str) -> str:
        pattern = _DAYS.get(Language(self.language))
        return self.formatted(at, zone, pattern) if pattern else super().day(at, zone)

    def moment(self, at: datetime, zone: str) -> str:
        return self.formatted(at, zone, _MOMENTS.get(Language(self.language), self.MOMENT))


@lru_cache(maxsize=len(Language))
def wording(language: Language) -> Wording:
    return PageWording(language, catalogue(_FOLDER, language.value))
