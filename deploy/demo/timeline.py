"""The live timeline of a story in a terminal, and its summary tables."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from deploy.demo.check import Row
from deploy.demo.listener import Heard
from deploy.demo.sentences import said, speaker

# Of these a case has several at once.
_SEVERAL = ("plan-action", "follow-up", "urgent-action", "open-question")


class Timeline:
    """Prints case dates, who did what, what the clock brought, and which process spoke."""

    def __init__(self, console: Console, zone: str, kept: Mapping[str, str]) -> None:
        """`kept` grows while the story runs: the names of ids, for saying which duty is meant."""
        self._console, self._zone, self._kept = console, ZoneInfo(zone), kept
        self._day = ""

    def person(self, at: datetime, who: str, does: str) -> None:
        self._line(at, who, Text(does, style="bold"), "bold")

    def heard(self, heard: Heard) -> None:
        if heard.topic == "agencies":
            return
        spoken = said(heard, self._zone, self._name(heard))
        if spoken:
            sentence, style = spoken
            self._line(heard.time, speaker(heard), Text(f"  {sentence}", style=style), "dim")

    def _name(self, heard: Heard) -> str:
        subject = heard.body.get("subject_id")
        return next((name for name, kept in self._kept.items() if kept == subject), "")

    def _line(self, at: datetime, who: str, text: Text, who_style: str) -> None:
        local = at.astimezone(self._zone)
        day = f"{local:%a %d %b %Y}"
        shown = day if day != self._day else ""
        self._day = day
        line = Text.assemble(
            (f"{shown:<16}", "bold cyan"), (f"{local:%H:%M}  "), (f"{who:<30.29}", who_style), text
        )
        self._console.print(line, soft_wrap=True)


def table(title: str, rows: list[Row], zone: str) -> Table:
    """Planned against actual, in 80 columns; a row that differs stands out."""
    shown = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for name in ("", "what", "duty", "planned", "actual", "note"):
        shown.add_column(name, no_wrap=name != "note", overflow="ellipsis")
    for row in rows:
        lateness = f"+{row.late.total_seconds():.2f} s" if row.late is not None else ""
        shown.add_row(
            "✓" if row.ok else "✗",
            row.what,
            duty(row.step, row.about),
            _local(row.planned, zone),
            _local(row.actual, zone),
            row.note or lateness,
            style="" if row.ok else "bold red",
        )
    return shown


def duty(step: str, about: str) -> str:
    """`school meeting` for an action or a follow-up that the story names, else the step."""
    named = about.replace("_", " ")
    plain = step.replace("-", " ")
    return named if named and step in _SEVERAL else plain


def _local(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%d %b %y %H:%M}" if at else "-"
