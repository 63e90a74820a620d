"""Showing that the audit is whole: audit key, checkpoint, verify."""

import asyncio
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from deploy.audit import checkpoints
from deploy.audit.chains import Chains, read_all
from deploy.cli.console import DataFolder, errors, in_one_sentence, out
from deploy.embedded.running import running_site
from deploy.migrations.bootstrap import DATABASE, with_database
from infrastructure.clock import wall_now

Checkpoint = Annotated[Path, typer.Argument(help="The checkpoint's file.")]

group = typer.Typer(no_args_is_help=True, help="Show that the record of who read what is whole.")


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="audit")


@group.command()
@in_one_sentence
def key(folder: Annotated[Path, typer.Argument(help="Where the two halves are written.")]) -> None:
    """Make a key pair: the private half signs checkpoints, the public half is for whoever verifies."""
    private, public = checkpoints.make_key(folder)
    out.print(f"{private} (keep it away from the database) and {public}.", highlight=False)


@group.command()
@in_one_sentence
def checkpoint(
    file: Checkpoint,
    key: Annotated[Path, typer.Option(help="The private key that signs.")],
    data: DataFolder,
) -> None:
    """Read every chain through and write all heads, signed, to a file for a place outside."""
    chains = _read(data, {})
    _end_if(_broken(chains))
    checkpoints.write(file, key, chains, wall_now())
    _show(chains)
    out.print(f"{file} is signed. Keep it where nobody who can write the database can reach it.")


@group.command()
@in_one_sentence
def verify(
    data: DataFolder,
    checkpoint: Annotated[Path | None, typer.Option(help="One taken earlier.")] = None,
    public: Annotated[Path | None, typer.Option(help="The public key of who signed it.")] = None,
) -> None:
    """Read every chain through; with a checkpoint, see that each still goes through its old head."""
    kept: dict[str, dict[str, tuple[int, str]]] = {}
    if checkpoint is not None:
        if public is None:
            raise checkpoints.CheckpointRefused("Name the public key too: --public FILE.")
        kept = checkpoints.read(checkpoint, public)
    wanted = {
        service: frozenset((subject, many) for subject, (many, _) in heads.items())
        for service, heads in kept.items()
    }
    chains = _read(data, wanted)
    _show(chains)
    _end_if([*_broken(chains), *checkpoints.disagreements(kept, chains)])
    out.print("Every chain is whole" + (" and agrees with the checkpoint." if kept else "."))


def _read(data: Path, wanted: dict[str, frozenset[tuple[str, int]]]) -> list[Chains]:
    site, _ = running_site(data.resolve())
    try:
        return asyncio.run(read_all(with_database(site.database_admin_url, DATABASE), wanted))
    except (OSError, asyncpg.PostgresError) as wrong:
        raise checkpoints.CheckpointRefused(f"the database cannot be read: {wrong}") from wrong


def _broken(chains: list[Chains]) -> list[str]:
    return [sentence for each in chains for sentence in each.broken]


def _end_if(broken: list[str]) -> None:
    for sentence in broken:
        errors.print(sentence, style="red", highlight=False, soft_wrap=True, markup=False)
    if broken:
        raise typer.Exit(1)


def _show(chains: list[Chains]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("service", "chains", "entries", "broken"):
        table.add_column(name, justify="left" if name == "service" else "right")
    for each in chains:
        table.add_row(each.service, str(len(each.heads)), str(each.entries), str(len(each.broken)))
    out.print(table)
