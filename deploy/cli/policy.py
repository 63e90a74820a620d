"""Policy packs for those who write them: policy check, show, diff, try, facts."""

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

import typer

from deploy.cli.console import DataFolder, errors, in_one_sentence, out
from deploy.cli.rebuilding import OWNERS, TOKEN
from deploy.cli.signing_in import development_token
from deploy.embedded.running import running_site
from deploy.policy import exporting, facts_file, pages, terminal
from deploy.policy.checking import Remark, remarks
from deploy.policy.choosing import chosen, every_pack, read_pack
from deploy.policy.errors import PolicyCommandError
from deploy.policy.telling import tell
from domain.deadlines import Fact
from domain.errors import Malformed
from domain.pack_differences import differences
from domain.pack_words import describe
from domain.policy import Pack

P = ParamSpec("P")
R = TypeVar("R")

DEFAULT = "default"
_MORE = "What depends on these lines is checked once they are mended."
PackName = Annotated[str, typer.Argument(help="name, name@version, or a .yaml file")]
Folder = Annotated[
    Path | None,
    typer.Option(help="Further packs.", envvar="THROUGHLINE_POLICY_DIR", show_default=False),
]
Page = Annotated[Path | None, typer.Option("--html", help="Write a page to this file.")]

group = typer.Typer(no_args_is_help=True, help="Check, read, compare and try policy packs.")


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="policy")


def _told(command: Callable[P, R]) -> Callable[P, R]:
    """Shows what cannot be done, line by line, and ends with 1."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except PolicyCommandError as error:
            errors.print(str(error), style="red", highlight=False, soft_wrap=True, markup=False)
            raise typer.Exit(1) from None

    return told


@group.command()
@_told
def check(
    files: Annotated[list[Path], typer.Argument(help="Pack files (*.yaml).", metavar="FILE...")],
) -> None:
    """Say what is wrong with packs: file, line, and what is allowed. Ends with 1 when anything is."""
    default = chosen(DEFAULT)
    wrong = False
    for path in files:
        try:
            pack = read_pack(path)
        except PolicyCommandError as error:
            errors.print(str(error), style="red", highlight=False, soft_wrap=True, markup=False)
            errors.print(_MORE, style="dim", highlight=False, soft_wrap=True)
            wrong = True
            continue
        found = remarks(path.read_text("utf-8"), pack, default)
        for remark in found:
            wrong |= remark.is_fault
            style = "red" if remark.is_fault else "yellow"
            errors.print(
                f"{path}:{remark}", style=style, highlight=False, soft_wrap=True, markup=False
            )
        out.print(
            f"{path}: {pack.id}, {len(pack.steps)} steps{_warned(found)}",
            highlight=False,
            soft_wrap=True,
        )
    if wrong:
        raise typer.Exit(1)


def _warned(found: Sequence[Remark]) -> str:
    warnings = sum(not remark.is_fault for remark in found)
    return f", {warnings} warning{'s' if warnings > 1 else ''}" if warnings else ""


@group.command()
@_told
def show(pack: PackName, folder: Folder = None, html: Page = None) -> None:
    """Read a pack as the description of the practice."""
    found = chosen(pack, folder)
    title = f"{found.title} ({found.id})"
    if html:
        lead = "The practice of an agency, as its policy pack sets it."
        return _write(html, pages.chapters_page(title, lead, describe(found)))
    return terminal.show_chapters(out, title, describe(found))


@group.command()
@_told
def diff(before: PackName, after: PackName, folder: Folder = None, html: Page = None) -> None:
    """Say in sentences what changes from one pack to another."""
    was, becomes = chosen(before, folder), chosen(after, folder)
    found = differences(was, becomes)
    title = f"From {was.id} to {becomes.id}"
    if html:
        return _write(html, pages.chapters_page(title, "What changes.", found))
    if not found:
        return out.print(f"{title}: nothing changes.", highlight=False)
    return terminal.show_chapters(out, title, found)


@group.command("try")
@_told
def try_on_the_past(
    pack: PackName,
    facts: Annotated[Path, typer.Option(help="Past facts, a JSON object a line.")],
    against: Annotated[
        str | None,
        typer.Option(help="Compare with this pack; without it, with the pack each case was under."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(help="Judge as of this instant (UTC).", show_default="the last fact"),
    ] = None,
    changes: Annotated[
        bool, typer.Option("--changes", help="List every duty that changes.")
    ] = False,
    folder: Folder = None,
    html: Page = None,
) -> None:
    """Replay past cases' facts under another pack: what would have moved, been met, been missed."""
    after = chosen(pack, folder)
    found = facts_file.read_facts(facts, chosen(DEFAULT, folder).id)
    pack_for = _pack_for(against, folder)
    end = until.replace(tzinfo=UTC) if until and until.tzinfo is None else until
    try:
        tried = tell(after, found, pack_for, end)
    except Malformed as wrong:
        raise PolicyCommandError(f"{facts}: {wrong.detail}") from None
    terminal.show_trial(out, tried, with_changes=changes)
    if html:
        _write(html, pages.trial_page(tried))


def _pack_for(against: str | None, folder: Path | None) -> Callable[[Fact], Pack]:
    if against is not None:
        one = chosen(against, folder)
        return lambda _: one
    packs = every_pack(folder)

    def own(fact: Fact) -> Pack:
        try:
            return packs.get(fact.policy)
        except Malformed as unknown:
            there = ", ".join(unknown.allowed or ())
            raise PolicyCommandError(
                f"Case {fact.case_ref} was under {fact.policy}, which is not among the packs here "
                f"({there}); add it with --folder, or name a pack with --against."
            ) from None

    return own


@group.command()
@in_one_sentence
@_told
def facts(
    data: DataFolder,
    to: Annotated[
        Path | None, typer.Option(help="Write to this file, not to the terminal.")
    ] = None,
    names: Annotated[
        bool, typer.Option("--references", help="Keep the cases' references, not pseudonyms.")
    ] = False,
) -> None:
    """Export the past facts of a running stack, for `policy try`: codes and instants only.

    Uses the bearer token in THROUGHLINE_TOKEN; on the embedded stack its development issuer gives one.
    """
    site, _ = running_site(data.resolve())
    token = os.environ.get(TOKEN) or development_token(site, ["operations"], "operator")
    lines = exporting.exported({owner: site.url(owner) for owner in OWNERS}, token)
    text = facts_file.written(lines if names else exporting.pseudonymised(lines))
    if to is None:
        typer.echo(text, nl=False)
    else:
        _write(to, text)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise PolicyCommandError(f"{path}: it cannot be written: {error.strerror}") from None
    errors.print(f"Written: {path}", highlight=False, soft_wrap=True)
