"""A token for trying the pages and APIs of an embedded stack: token."""

from typing import Annotated

import httpx2
import typer

from deploy.cli.console import DataFolder, in_one_sentence
from deploy.embedded.running import running_site
from deploy.embedded.site import Site
from domain.vocabulary import Role


def register(app: typer.Typer) -> None:
    app.command()(token)


@in_one_sentence
def token(
    data: DataFolder,
    role: Annotated[Role, typer.Argument(help="What the person is employed to do.")],
    staff: Annotated[str, typer.Option(help="Her staff id.")] = "visitor",
    agency: Annotated[str, typer.Option(help="Her agency.")] = "throughline",
    team: Annotated[str | None, typer.Option(help="Her team.")] = None,
) -> None:
    """Print a token of the development issuer; production has no such issuer."""
    site, _ = running_site(data.resolve())
    typer.echo(development_token(site, [role.value], staff, agency, team))


def development_token(
    site: Site, roles: list[str], staff: str, agency: str = "throughline", team: str | None = None
) -> str:
    """A bearer token of the stack's own issuer, good for an hour."""
    claims = {"sub": staff, "agency": agency, "team": team, "roles": roles}
    answer = httpx2.post(f"{site.url('issuer')}/token", json=claims)
    answer.raise_for_status()
    return str(answer.json()["access_token"])
