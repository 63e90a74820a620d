"""What can be set, and what is set: config."""

import typer
from rich.table import Table

from deploy.cli.console import errors, out


def register(app: typer.Typer) -> None:
    app.command()(config)


def config() -> None:
    """Show every setting: its variable, value (secrets hidden), default and meaning."""
    from infrastructure.settings import SettingsRefused, settings

    try:
        rows = settings().describe()
    except SettingsRefused as refused:
        errors.print(str(refused), style="red", highlight=False)
        raise typer.Exit(1) from None
    table = Table(box=None, pad_edge=False)
    table.add_column("variable", no_wrap=True)
    for heading in ("value", "default", "meaning"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    out.print(table)
