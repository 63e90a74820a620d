"""What is written in one language: words, steps, roles and moments of messages.

A message that a catalogue lacks is an error, never a blank. A step that it does not name has the title of the
case's policy pack.
"""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from domain.vocabulary import Role
from infrastructure import wording as written
from infrastructure.wording import catalogue

FALLBACK = "en"
_WORDS = Path(__file__).parent.parent / "words"


class Wording(written.Wording):
    """Every text is plain and holds nothing but what is filled in here."""

    def step(self, step: str, title: str) -> str:
        return str(self.words["steps"].get(step, title))

    def role(self, role: Role) -> str:
        return self.say(f"roles.{role.value}")

    def moment(self, at: datetime | None, zone: str) -> str:
        """`Monday 1 March 2027, 09:00 (Europe/Berlin)`, or a dash where there is none."""
        return "-" if at is None else f"{self.formatted(at, zone, self.words['moment'])} ({zone})"

    def short_moment(self, at: datetime, zone: str) -> str:
        return self.formatted(at, zone, self.words["short_moment"])


def languages() -> list[str]:
    return sorted(each.stem for each in _WORDS.glob("*.yaml"))


@lru_cache(maxsize=32)
def wording(language: str) -> Wording:
    """A language that nobody has written is English."""
    known = language if language in languages() else FALLBACK
    return Wording(known, catalogue(_WORDS, known))
