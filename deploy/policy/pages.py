"""Packs and trials as pages of their own: no script, nothing loaded from elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from deploy.policy.bars import LOOKS, Bar, bars, greatest
from deploy.policy.telling import Tried
from deploy.policy.terminal import change_cells
from domain.pack_words import Chapter
from domain.replaying import MISSED, Outcome
from domain.trying import Tally

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(default=True),
    trim_blocks=True,
    lstrip_blocks=True,
)
_BAR, _GAP, _WIDTH = 14, 12, 520  # of the drawing, in its own units
MOST_ROWS = 1000  # of changed duties on a page


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of the drawing."""

    x: float
    width: float
    fill: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A bar of the drawing, at its height."""

    y: int
    bar: Bar
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Both bars of one step."""

    y: int
    step: str
    lines: tuple[Line, ...]


def chapters_page(title: str, lead: str, chapters: Sequence[Chapter]) -> str:
    return _PAGES.get_template("chapters.html.j2").render(title=title, lead=lead, chapters=chapters)


def trial_page(tried: Tried) -> str:
    groups = _groups(tried)
    return _PAGES.get_template("trial.html.j2").render(
        tried=tried,
        groups=groups,
        height=groups[-1].lines[-1].y + 2 * _BAR if groups else _BAR,
        bar=_BAR,
        looks=LOOKS,
        rows=[_row(row) for row in tried.by_step_and_risk],
        changes=[change_cells(tried, each) for each in tried.changed[:MOST_ROWS]],
        left_out=max(0, len(tried.changed) - MOST_ROWS),
    )


def _groups(tried: Tried) -> list[Group]:
    pairs = [bars(row, tried.before, tried.after) for row in tried.by_step]
    most = greatest(pairs)
    found, y = [], _BAR
    for row, pair in zip(tried.by_step, pairs, strict=True):
        lines = tuple(
            Line(y + place * (_BAR + 2) + 6, bar, _parts(bar, most))
            for place, bar in enumerate(pair)
        )
        found.append(Group(y, row.step, lines))
        y += 2 * (_BAR + 2) + _BAR + _GAP
    return found


def _parts(bar: Bar, most: int) -> tuple[Part, ...]:
    parts, x = [], 0.0
    for outcome, count in bar.counts:
        if count:
            width = count * _WIDTH / most
            parts.append(
                Part(round(x, 1), round(width, 1), LOOKS[outcome][2], f"{count} {outcome}")
            )
            x += width
    return tuple(parts)


def _row(row: Tally) -> tuple[object, ...]:
    return (
        row.step,
        row.risk,
        len(row.changes),
        row.earlier,
        row.later,
        f"{row.before(Outcome.IN_TIME)} → {row.after(Outcome.IN_TIME)}",
        f"{row.before(*MISSED)} → {row.after(*MISSED)}",
        row.newly_missed,
        row.no_longer_missed,
        row.added,
        row.gone,
    )
