"""`throughline`, the one command line. A group of commands is a module here with `register(app)`."""

from importlib import import_module

import typer

# To add commands, write a module with `register(app: typer.Typer) -> None` and name it here.
GROUPS = (
    "running",
    "watching",
    "database",
    "configuration",
    "rebuilding",
    "signing_in",
    "policy",
    "directory",
    "audit",
    "demo",
)

app = typer.Typer(
    name="throughline",
    help="Sees to it that the next step of a child's case never falls through.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)

for group in GROUPS:
    import_module(f"deploy.cli.{group}").register(app)

if __name__ == "__main__":
    app()
