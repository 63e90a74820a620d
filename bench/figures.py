"""From measured values to figures: quantiles, ratios, aims."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

_NOTICEABLE = 0.1  # cores


@dataclass(frozen=True)
class Figure:
    """One measured value; `aim` is what was hoped for, `reached` None where nothing was aimed at."""

    what: str
    value: float
    unit: str
    aim: str = ""
    reached: bool | None = None


@dataclass
class Part:
    """What one part of the run found; `notes` are sentences for whoever reads the figures.

    `others`: cores that programs other than ours used meanwhile.
    """

    name: str
    title: str
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    others: float = 0.0
    taken: str = ""  # when, at which commit

    @property
    def remarks(self) -> list[str]:
        if self.others < _NOTICEABLE:
            return self.notes
        return [*self.notes, f"Other programs used {self.others:.1f} cores meanwhile."]

    def at_most(self, what: str, value: float, unit: str, most: float) -> None:
        self.figures.append(Figure(what, value, unit, f"<= {most:g}", value <= most))

    def at_least(self, what: str, value: float, unit: str, least: float) -> None:
        self.figures.append(Figure(what, value, unit, f">= {least:g}", value >= least))

    def add(self, what: str, value: float, unit: str) -> None:
        self.figures.append(Figure(what, value, unit))

    def value(self, what: str) -> float | None:
        return next((each.value for each in self.figures if each.what == what), None)

    @classmethod
    def from_json(cls, read: dict[str, Any]) -> Self:
        return cls(**{**read, "figures": [Figure(**each) for each in read["figures"]]})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, int(share * len(ordered) + 0.5) - 1))]


def p50(values: Sequence[float]) -> float:
    return quantile(values, 0.5)


def p99(values: Sequence[float]) -> float:
    return quantile(values, 0.99)
