"""Looking at a running stack: status, logs."""

import asyncio
import time
from collections import deque
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from deploy.cli.console import DataFolder, in_one_sentence, out
from deploy.embedded.errors import UnknownPart
from deploy.embedded.running import PartStatus
from deploy.embedded.running import status as status_of


def register(app: typer.Typer) -> None:
    app.command()(status)
    app.command()(logs)


@in_one_sentence
def status(data: DataFolder) -> None:
    """Show each part: process, address, readiness, memory. Ends with 1 unless all are ready."""
    rows = asyncio.run(status_of(data.resolve()))
    out.print(_table(rows))
    if not all(row.ready for row in rows):
        raise typer.Exit(1)


def _table(rows: list[PartStatus]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("part", "pid", "address", "ready"):
        table.add_column(heading)
    table.add_column("memory MB", justify="right")
    for row in rows:
        pid = str(row.pid) if row.pid else "-"
        memory = "-" if row.memory_mb is None else str(row.memory_mb)
        ready = "[green]yes[/]" if row.ready else "[red]no[/]"
        table.add_row(row.name, pid, row.address, ready, memory)
    total = sum(row.memory_mb or 0 for row in rows)
    table.add_row("together", "", "", "", str(total))
    return table


@in_one_sentence
def logs(
    name: Annotated[str, typer.Argument(help="A part, such as cases or kafka.")],
    data: DataFolder,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as it grows.")] = False,
    lines: Annotated[
        int, typer.Option("--lines", "-n", min=0, help="How many to begin with.")
    ] = 50,
) -> None:
    """Show the log of one part."""
    folder = data.resolve() / "logs"
    path = folder / f"{name}.log"
    known = sorted(log.stem for log in folder.glob("*.log"))
    if name not in known:
        raise UnknownPart(name=name, allowed=", ".join(known) or "none; nothing was started yet")
    _show(path, lines, follow)


def _show(path: Path, lines: int, follow: bool) -> None:
    with path.open(errors="replace") as log:
        for line in deque(log, maxlen=lines):
            typer.echo(line, nl=False)
        while follow:
            if line := log.readline():
                typer.echo(line, nl=False)
            else:
                time.sleep(0.2)
