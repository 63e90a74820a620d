"""Rebuilding workflows from the records: restate."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from rich.table import Table

from deploy.cli.console import DataFolder, errors, in_one_sentence, out
from deploy.embedded.errors import NotRunning

OWNERS = ("cases", "referrals", "reviews")
TOKEN = "THROUGHLINE_TOKEN"  # noqa: S105 - the variable's name
_OPERATOR = {"sub": "operator", "agency": "throughline", "team": None, "roles": ["operations"]}


def register(app: typer.Typer) -> None:
    app.command()(restate)


@in_one_sentence
def restate(
    data: DataFolder,
    case: Annotated[str | None, typer.Option(help="One case only.")] = None,
) -> None:
    """Say every open deadline again, so that lost workflows are rebuilt from the records.

    Uses the bearer token in THROUGHLINE_TOKEN; on the embedded stack its development issuer gives one.
    """
    addresses = _addresses(data.resolve())
    table = Table(box=None, pad_edge=False)
    table.add_column("service")
    table.add_column("deadlines said again", justify="right")
    with httpx2.Client(timeout=60.0) as client:
        token = os.environ.get(TOKEN) or _development_token(client, addresses)
        for owner in OWNERS:
            answer = client.post(
                f"{addresses[owner]}/operations/restatements",
                json={"case_ref": case},
                headers={"Authorization": f"Bearer {token}"},
            )
            if answer.is_error:
                errors.print(
                    f"{owner}: {answer.status_code} {answer.text}", style="red", markup=False
                )
                raise typer.Exit(1)
            table.add_row(owner, str(answer.json()["restated"]))
    out.print(table)


def _addresses(folder: Path) -> dict[str, Any]:
    path = folder / "stack.json"
    if not path.exists():
        raise NotRunning(folder=folder)
    addresses: dict[str, Any] = json.loads(path.read_text())["addresses"]
    return addresses


def _development_token(client: httpx2.Client, addresses: dict[str, Any]) -> str:
    answer = client.post(f"{addresses['issuer']}/token", json=_OPERATOR)
    answer.raise_for_status()
    return str(answer.json()["access_token"])
