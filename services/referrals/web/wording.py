"""The provider's pages in its own language."""

from functools import lru_cache
from pathlib import Path
from typing import ClassVar

from domain.statement import Language
from infrastructure import wording as written
from infrastructure.wording import catalogue

_FOLDER = Path(__file__).parent / "words"


class Wording(written.Wording):
    """A provider plans by days of the week."""

    MOMENT: ClassVar[str] = "EEEE d MMMM y, HH:mm"


@lru_cache(maxsize=len(Language))
def wording(language: Language) -> Wording:
    return Wording(language, catalogue(_FOLDER, language.value))
