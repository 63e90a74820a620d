"""The live timeline of a story in a terminal, and its summary tables."""

from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from deploy.demo.check import Row
from deploy.demo.listener import Heard
from deploy.demo.sentences import said, speaker


class Timeline:
    """Prints case dates, who did what, what the clock brought, and which process spoke."""

    def __init__(self, console: Console, zone: str) -> None:
        self._console, self._zone = console, ZoneInfo(zone)
        self._day = ""

    def person(self, at: datetime, who: str, does: str) -> None:
        self._line(at, who, Text(does, style="bold"), "bold")

    def heard(self, heard: Heard) -> None:
        if heard.topic == "agencies":
            return
        spoken = said(heard, self._zone)
        if spoken:
            sentence, style = spoken
            self._line(heard.time, speaker(heard), Text(f"  {sentence}", style=style), "dim")

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
    """Planned against actual; a row that differs stands out."""
    shown = Table(title=title, title_justify="left", header_style="bold")
    for name in ("", "what", "step", "about", "planned", "actual", "note"):
        shown.add_column(name)
    for row in rows:
        shown.add_row(
            "✓" if row.ok else "✗",
            row.what,
            row.step,
            row.about.replace("_", " "),
            _local(row.planned, zone),
            _local(row.actual, zone),
            row.note or (f"+{row.late.total_seconds():.2f} s wall" if row.late is not None else ""),
            style="" if row.ok else "bold red",
        )
    return shown


def _local(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M}" if at else "-"
