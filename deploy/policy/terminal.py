"""Packs and trials on a terminal."""

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from deploy.policy.bars import LOOKS, bars, greatest
from deploy.policy.telling import Tried
from domain.pack_words import Chapter
from domain.replaying import MISSED, Outcome
from domain.trying import Changed, Tally

_WIDTH = 32  # glyphs of the longest bar
_HEADINGS = (
    "duties", "due\nearlier", "due\nlater", "in\ntime", "missed", "newly\nmissed", "no\nlonger",
)  # fmt: skip


def show_chapters(out: Console, title: str, chapters: Sequence[Chapter]) -> None:
    out.print(Text(title, style="bold"), soft_wrap=True)
    for chapter in chapters:
        out.print()
        out.print(Text(chapter.title, style="bold cyan"))
        for passage in chapter.passages:
            lines: list[RenderableType] = [Text(passage.heading, style="bold")]
            lines += [Text(sentence) for sentence in passage.sentences]
            if passage.source:
                lines.append(Text(f"Source: {passage.source}.", style="dim"))
            out.print(Padding(Group(*lines), (0, 0, 0, 2)))


def show_trial(out: Console, tried: Tried, *, with_changes: bool) -> None:
    for sentence in tried.sentences:
        out.print(Text(sentence))
    out.print()
    out.print(_by_step_and_risk(tried))
    out.print()
    _chart(out, tried)
    if with_changes:
        out.print()
        out.print(_changes(tried))


def _by_step_and_risk(tried: Tried) -> Table:
    """One line for each risk below its step, so that it fits a terminal of 80 columns."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("step\nand risk", max_width=28, overflow="fold")
    for heading in _HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    above = ""
    for row in tried.by_step_and_risk:
        if row.step != above:
            table.add_row(Text(row.step, style="bold"))
            above = row.step
        table.add_row(*_cells(row))
    return table


def _cells(row: Tally) -> tuple[str, ...]:
    return (
        f"  {row.risk or ''}",
        str(len(row.changes)),
        _count(row.earlier),
        _count(row.later),
        f"{row.before(Outcome.IN_TIME)} → {row.after(Outcome.IN_TIME)}",
        f"{row.before(*MISSED)} → {row.after(*MISSED)}",
        _count(row.newly_missed),
        _count(row.no_longer_missed),
    )


def _count(number: int) -> str:
    return str(number) if number else "-"


def _chart(out: Console, tried: Tried) -> None:
    pairs = [bars(row, tried.before, tried.after) for row in tried.by_step]
    most = greatest(pairs)
    room = max(len(tried.before), len(tried.after))
    for row, pair in zip(tried.by_step, pairs, strict=True):
        out.print(Text(row.step, style="bold"))
        for bar in pair:
            line = Text(f"  {bar.label:<{room}} ")
            for glyphs, style in bar.glyphs(_WIDTH, most):
                line.append(glyphs, style=style)
            line.append(f" {bar.words}", style="dim")
            out.print(line, soft_wrap=True)
    key = Text("  ")
    for outcome, (glyph, style, _) in LOOKS.items():
        key.append(glyph * 2, style=style).append(f" {outcome}  ")
    out.print(key)


def _changes(tried: Tried) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("case", "step", "risk", "due", "would be due", "was", "would be"):
        table.add_column(heading, overflow="fold")
    for each in tried.changed:
        table.add_row(*change_cells(tried, each))
    return table


def change_cells(tried: Tried, each: Changed) -> tuple[str, ...]:
    """One duty in a row: its case, step and risk, both due instants, both outcomes."""
    was, becomes = each.before, each.after
    return (
        each.either.case_ref,
        each.either.step,
        str(each.either.risk),
        tried.local(was.due_at) if was else "-",
        tried.local(becomes.due_at) if becomes else "-",
        str(was.outcome) if was else "not owed",
        str(becomes.outcome) if becomes else "not owed",
    )
