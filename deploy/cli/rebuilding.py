"""Rebuilding workflows from the records: restate."""

import os
from typing import Annotated

import httpx2
import typer
from rich.table import Table

from deploy.cli.console import DataFolder, errors, in_one_sentence, out
from deploy.cli.signing_in import development_token
from deploy.embedded.running import running_site

OWNERS = ("cases", "referrals", "reviews")
TOKEN = "THROUGHLINE_TOKEN"  # noqa: S105 - the variable's name


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
    site, _ = running_site(data.resolve())
    table = Table(box=None, pad_edge=False)
    table.add_column("service")
    table.add_column("deadlines said again", justify="right")
    token = os.environ.get(TOKEN) or development_token(site, ["operations"], "operator")
    with httpx2.Client(timeout=60.0, headers={"Authorization": f"Bearer {token}"}) as client:
        for owner in OWNERS:
            answer = client.post(
                f"{site.url(owner)}/operations/restatements", json={"case_ref": case}
            )
            if answer.is_error:
                errors.print(
                    f"{owner}: {answer.status_code} {answer.text}", style="red", markup=False
                )
                raise typer.Exit(1)
            table.add_row(owner, str(answer.json()["restated"]))
    out.print(table)
