"""The provider's pages in its own language: words from one catalogue a language, dates by Babel."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from babel import Locale
from babel.dates import format_datetime

from domain.statement import Language

_FOLDER = Path(__file__).parent / "words"


class Wording:
    """One language. A word that is missing is an error, never a blank; tests hold every catalogue to that."""

    def __init__(self, language: Language, words: dict[str, Any]) -> None:
        self.language = language
        self.words = words
        self._locale = Locale.parse(language.value)

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, for the page's dir attribute."""
        return str(self._locale.text_direction)

    def say(self, key: str, **values: object) -> str:
        """`state.accepted`: one entry of the catalogue, with its values filled in."""
        return str(self._entry(key)).format(**values)

    def has(self, key: str) -> bool:
        try:
            self._entry(key)
        except (KeyError, TypeError):
            return False
        return True

    def _entry(self, key: str) -> Any:
        found: Any = self.words
        for part in key.split("."):
            found = found[part]
        return found

    def moment(self, at: datetime, zone: str) -> str:
        """Day and time of day in the agency's zone."""
        return format_datetime(
            at, "EEEE d MMMM y, HH:mm", tzinfo=ZoneInfo(zone), locale=self._locale
        )


@lru_cache(maxsize=len(Language))
def wording(language: Language) -> Wording:
    text = (_FOLDER / f"{language.value}.yaml").read_text("utf-8")
    return Wording(language, yaml.safe_load(text))
