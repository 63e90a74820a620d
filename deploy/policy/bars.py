"""A trial as bars: what became of each step's duties under one pack and under the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.replaying import Outcome
from domain.trying import Tally

# Told apart by their texture as well as by colour: glyph and Rich style on a terminal, fill on a page.
LOOKS = {
    Outcome.IN_TIME: ("█", "green", "#1b7f5c"),
    Outcome.LATE: ("▓", "yellow", "#e0a100"),
    Outcome.NEVER: ("▒", "red", "#b3261e"),
    Outcome.DROPPED: ("░", "white", "#b8bcc4"),
    Outcome.AHEAD: ("·", "blue", "#6f8fc9"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: how many duties came to each outcome."""

    label: str
    counts: tuple[tuple[Outcome, int], ...]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)

    @property
    def words(self) -> str:
        said = [f"{count} {outcome}" for outcome, count in self.counts if count]
        return ", ".join(said) or "none"

    def glyphs(self, width: int, most: int) -> list[tuple[str, str]]:
        """Glyphs with their styles; a count above nothing is never invisible."""
        return [
            (LOOKS[outcome][0] * max(1, round(count * width / most)), LOOKS[outcome][1])
            for outcome, count in self.counts
            if count
        ]


def bars(tally: Tally, before: str, after: str) -> tuple[Bar, Bar]:
    return (
        Bar(before, tuple((outcome, tally.before(outcome)) for outcome in Outcome)),
        Bar(after, tuple((outcome, tally.after(outcome)) for outcome in Outcome)),
    )


def greatest(pairs: Sequence[tuple[Bar, Bar]]) -> int:
    """The length of the longest bar; at least one."""
    return max((bar.total for pair in pairs for bar in pair), default=1) or 1
