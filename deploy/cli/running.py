"""Starting and ending the stack: up, down."""

import asyncio
import os
import signal
import time
from typing import Annotated

import typer
from rich.table import Table

from deploy.cli.console import DataFolder, errors, in_one_sentence, out
from deploy.cli.progress import StartProgress
from deploy.embedded import ledger
from deploy.embedded.errors import DidNotStop, NotRunning
from deploy.embedded.processes import PARTS
from deploy.embedded.stack import EmbeddedStack
from deploy.embedded.supervisor import Supervisor

DOWN_WITHIN = 60.0  # seconds


def register(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(down)


def _ports(asked: list[str]) -> dict[str, int]:
    ports = {}
    for one in asked:
        name, _, number = one.partition("=")
        if not number.isdecimal() or not 0 < int(number) < 65536:  # noqa: PLR2004
            raise typer.BadParameter(f"{one}: write it as kafka=9092", param_hint="--port")
        ports[name] = int(number)
    return ports


@in_one_sentence
def up(
    data: DataFolder,
    parts: Annotated[str, typer.Option(help="Only these parts, by comma.")] = ",".join(PARTS),
    without: Annotated[str, typer.Option(help="All but these parts, by comma.")] = "",
    port: Annotated[list[str] | None, typer.Option(help="NAME=NUMBER; may be repeated.")] = None,
    clock_plan: Annotated[
        str, typer.Option(help="Sandbox clock: a JSON plan or the path of one.")
    ] = "",
    restart: Annotated[bool, typer.Option("--restart", help="Restart what dies.")] = False,
) -> None:
    """Start the platform and keep it up until Ctrl-C."""
    began = time.monotonic()
    left_out = {name.strip() for name in without.split(",")}
    wanted = [name.strip() for name in parts.split(",") if name.strip() not in left_out]
    progress = StartProgress(out)

    def ready(stack: EmbeddedStack) -> None:
        progress.close()
        _show_addresses(stack, time.monotonic() - began)

    def died(name: str, code: int) -> None:
        what_next = "It is started again." if restart else "`up --restart` would restart it."
        log = data / "logs" / f"{name}.log"
        told = f"{name} ended by itself (code {code}); read {log}. {what_next}"
        errors.print(told, style="red", highlight=False, soft_wrap=True)

    stack = EmbeddedStack(
        data,
        parts=wanted,
        clock_plan=clock_plan,
        ports=_ports(port or []),
        heard=progress.hear,
    )
    supervisor = Supervisor(stack, restart=restart, on_ready=ready, on_death=died)
    with progress:
        asyncio.run(supervisor.run())
    out.print("Everything has ended.")


def _show_addresses(stack: EmbeddedStack, took: float) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("part")
    table.add_column("address")
    for name, address in stack.urls.items():
        if address:
            table.add_row(name, address)
    if ui := stack.site.url("temporal-ui"):
        table.add_row("Temporal's pages", ui)
    out.print(table)
    out.print(f"Up in {took:.1f} s; Ctrl-C ends it.", highlight=False)


@in_one_sentence
def down(data: DataFolder) -> None:
    """End the platform that runs on the data folder."""
    folder = data.resolve()
    running = ledger.supervisor(folder)
    if running is None:
        left = ledger.end_recorded(ledger.read(folder))
        if not left:
            raise NotRunning(folder=folder)
        out.print(f"Ended what a killed supervisor had left: {', '.join(left)}.", highlight=False)
        return
    os.kill(running.pid, signal.SIGTERM)
    limit = time.monotonic() + DOWN_WITHIN
    while running.process():
        if time.monotonic() > limit:
            raise DidNotStop(folder=folder, seconds=int(DOWN_WITHIN), pid=running.pid)
        time.sleep(0.1)
    out.print("Everything has ended.")
