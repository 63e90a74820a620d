"""What was asked of the platform and what it answered: the client's side of every command."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """What became of a command, as far as its client knows."""

    UNDER_WAY = "under way"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # the client gave up; it may or may not be on the record


@dataclass(slots=True)
class Command:
    """`name` is what it does, `about` the case, the referral or the deadline; `wall` is UTC."""

    name: str
    service: str
    about: str
    begun: datetime
    fate: Fate = Fate.UNDER_WAY
    ended: datetime | None = None
    tries: int = 0
    code: str = ""
    answer: Any = None


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A 503, and how long it took (seconds)."""

    wall: datetime
    took: float
    says_when: bool  # it has a Retry-After


@dataclass(slots=True)
class Ledger:
    """`silences` are moments at which no answer had come within the client's patience."""

    commands: list[Command] = field(default_factory=list)
    turned_away: list[TurnedAway] = field(default_factory=list)
    silences: list[datetime] = field(default_factory=list)
    faulty: list[str] = field(default_factory=list)  # answers that no client should get

    def count(self, fate: Fate, name: str) -> Counter[str]:
        """How many commands of the name met this fate, by what they were about."""
        return Counter(
            each.about for each in self.commands if each.fate is fate and each.name == name
        )

    def names(self) -> set[str]:
        return {each.name for each in self.commands}

    def fates(self) -> Counter[Fate]:
        return Counter(each.fate for each in self.commands)

    def acknowledged_between(self, begins: datetime, ends: datetime) -> Counter[str]:
        """By service; `begins` and `ends` are wall time."""
        return Counter(
            each.service
            for each in self.commands
            if each.fate is Fate.ACKNOWLEDGED and each.ended and begins <= each.ended <= ends
        )
