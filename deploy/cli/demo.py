"""Playing a story through the whole platform: demo."""

import asyncio
import shutil
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.panel import Panel
from rich.table import Table

from deploy.cli.console import DataFolder, errors, in_one_sentence, out
from deploy.cli.progress import StartProgress
from deploy.demo import page, timeline
from deploy.demo.cast import ActFailed
from deploy.demo.run import NotReady, Outcome, Run
from deploy.demo.story import StoryRefused, read, shipped
from deploy.embedded import ledger
from deploy.embedded.errors import AlreadyRunning


def register(app: typer.Typer) -> None:
    app.command()(demo)


@in_one_sentence
def demo(
    data: DataFolder,
    story: Annotated[str, typer.Option(help="A shipped story's name, or a file.")] = "noor",
    speed: Annotated[float, typer.Option(min=0.1, max=5, help="2 is twice as quick.")] = 1.0,
    list_: Annotated[bool, typer.Option("--list", help="Say which stories ship.")] = False,
    picture: Annotated[
        Path | None, typer.Option(help="Where the picture is written; by default out/STORY.html.")
    ] = None,
    stay: Annotated[
        bool | None, typer.Option(help="Stay up afterwards; by default, on a terminal.")
    ] = None,
) -> None:
    """Watch a case travel through the real platform, held to its story; differences end it with 1."""
    if list_:
        _list()
        return
    stay_up = sys.stdout.isatty() if stay is None else stay
    try:
        wrong = asyncio.run(_demo(data / "demo", story, speed, picture, stay_up))
    except (StoryRefused, ActFailed, NotReady) as failed:
        errors.print(str(failed), style="red", highlight=False, markup=False)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        wrong = []
    out.print("Everything has ended.")
    if wrong:
        raise typer.Exit(1)


def _list() -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    for name in shipped():
        table.add_row(name, read(name).title)
    out.print(table)


async def _demo(
    folder: Path, name: str, speed: float, picture: Path | None, stay_up: bool
) -> list[str]:
    story = read(name)
    _clear(folder)
    out.print(Panel.fit(_WHAT_COMES.format(title=story.title), border_style="cyan"))
    began = time.monotonic()
    progress = StartProgress(out)
    run = Run(story, folder, speed, progress.hear)
    lines = timeline.Timeline(out, story.zone, run.kept)
    with progress:
        await run.open()
    try:
        out.print(f"The platform is up after {time.monotonic() - began:.1f} s.\n", highlight=False)
        outcome = await run.play(lines.heard, lines.person)
        _summary(
            outcome,
            page.draw(outcome, picture or Path(f"out/{story.story}.html")),
            time.monotonic() - began,
        )
        if stay_up:
            _addresses(run)
            await asyncio.Event().wait()
    finally:
        await run.stack.close()
    return outcome.wrong


_WHAT_COMES = """[bold]{title}[/bold]
PostgreSQL, Kafka, Temporal and every service are started; people then act through the services' HTTP APIs,
each with a token of her own, and real Temporal timers wait out the months on a sandbox clock.
[bold]Bold[/bold]: a person acts. [yellow]Reminded[/yellow], [red]missed[/red], [magenta]escalated[/magenta]:
what the clock brought."""


def _clear(folder: Path) -> None:
    """Every demo begins with an empty platform; raises AlreadyRunning while one is up."""
    if folder.exists():
        running = ledger.supervisor(folder)
        if running is not None:
            raise AlreadyRunning(folder=folder, pid=running.pid)
        ledger.end_recorded(ledger.read(folder))
        shutil.rmtree(folder)


def _summary(outcome: Outcome, picture: Path, took: float) -> None:
    zone = outcome.story.zone
    out.print()
    out.print(timeline.table("What the clock brought, planned against actual", outcome.clock, zone))
    out.print(timeline.table("What was owed, and how it ended", outcome.duties, zone))
    for each in outcome.wrong:
        out.print(f"  ✗ {each}", style="bold red", highlight=False, markup=False)
    verdict = (
        f"{len(outcome.wrong)} differences from the story"
        if outcome.wrong
        else "Everything as planned: nothing late, lost or said twice, no personal data outside the records"
    )
    out.print(
        f"\n[bold {'red' if outcome.wrong else 'green'}]{verdict}.[/]\n"
        f"{len(outcome.acts)} acts by people, {len(outcome.duties)} duties, {len(outcome.clock)} announcements "
        f"by the clock, {len(outcome.heard)} events, {outcome.mails} e-mails, in {took:.0f} s.\n"
        f"The picture of the case: {picture.resolve()}",
        highlight=False,
    )


def _addresses(run: Run) -> None:
    site, urls = run.stack.site, run.stack.urls
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_row("Overdue steps", urls["operations"])
    table.add_row("In-app list of messages", f"{urls['notifications']}/inbox.html")
    table.add_row("E-mails that were sent", site.url("mail-page"))
    table.add_row("Temporal's own pages", site.url("temporal-ui"))
    for name in ("cases", "referrals", "reviews", "notifications", "agencies", "operations"):
        table.add_row(f"API of {name}", f"{urls[name]}/docs")
    out.print(table)
    token = f".venv/bin/throughline token --data {site.folder}"
    out.print(
        f"Pages ask for a token: `{token} operations` prints one for the overdue steps,\n"
        f"`{token} supervisor --staff supervisor --agency agency-north` one for the supervisor's list.\n"
        "Ctrl-C ends it.",
        highlight=False,
        soft_wrap=True,
    )
