"""Bringing the database up to date: migrate."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import typer

from deploy.cli.console import DataFolder, in_one_sentence, out
from deploy.cli.progress import StartProgress
from deploy.embedded import ledger
from deploy.embedded.running import running_site
from deploy.embedded.settings_for import settings_for
from deploy.embedded.stack import EmbeddedStack


def register(app: typer.Typer) -> None:
    app.command()(migrate)


@in_one_sentence
def migrate(data: DataFolder) -> None:
    """Bring every service's schema to its newest version, starting Postgres for it if need be."""
    folder = data.resolve()
    if ledger.supervisor(folder):
        site, _parts = running_site(folder)
        ended = subprocess.run(
            [sys.executable, "-m", "deploy.migrations"],
            env={**os.environ, **settings_for("migrations", site)},
            check=False,
        )
        if ended.returncode:
            raise typer.Exit(ended.returncode)
    else:
        asyncio.run(_migrate_alone(folder))
    out.print("Every schema is up to date.")


async def _migrate_alone(folder: Path) -> None:
    with StartProgress(out) as progress:
        async with EmbeddedStack(folder, parts=("postgres", "migrations"), heard=progress.hear):
            return
