"""The family's page in its own language."""

from functools import lru_cache
from pathlib import Path

from domain.statement import Language
from infrastructure.wording import Wording, catalogue

__all__ = ["Wording", "wording"]
_FOLDER = Path(__file__).parent / "words"


@lru_cache(maxsize=len(Language))
def wording(language: Language) -> Wording:
    return Wording(language, catalogue(_FOLDER, language.value))
