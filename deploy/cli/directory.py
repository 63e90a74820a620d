"""The directory of services from and to Open Referral HSDS 3 files: directory import, directory export."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TextIO, TypeVar

import typer

from deploy.cli.console import DataFolder, errors, in_one_sentence, out
from deploy.cli.rebuilding import TOKEN
from deploy.cli.signing_in import development_token
from deploy.directory import files, importing
from deploy.directory.errors import DirectoryCommandError
from deploy.directory.service import AgenciesService
from deploy.directory.telling import Told, tell
from deploy.embedded.running import running_site

P = ParamSpec("P")
R = TypeVar("R")
Url = Annotated[
    str | None,
    typer.Option(
        help="The agencies service; without it, that of the embedded stack.", show_default=False
    ),
]

group = typer.Typer(
    no_args_is_help=True, help="Import and export the directory (Open Referral HSDS 3)."
)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="directory")


def _told(command: Callable[P, R]) -> Callable[P, R]:
    """Shows what cannot be done in a sentence, and ends with 1."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except DirectoryCommandError as error:
            errors.print(str(error), style="red", highlight=False, soft_wrap=True, markup=False)
            raise typer.Exit(1) from None

    return told


@group.command("import")
@in_one_sentence
@_told
def import_files(
    data: DataFolder,
    paths: Annotated[
        list[Path], typer.Argument(help="HSDS files, or folders of them.", metavar="FILE|FOLDER...")
    ],
    agency_prefix: Annotated[str, typer.Option(help="Stands before every new id.")] = "",
    meanings: Annotated[
        Path | None,
        typer.Option(help="YAML or JSON: `terms` and `areas`, foreign word to our code."),
    ] = None,
    zone: Annotated[str, typer.Option(help="Time zone of new agencies.")] = "UTC",
    policy: Annotated[str, typer.Option(help="Policy pack of new agencies.")] = "default",
    capacity: Annotated[int, typer.Option(help="Free places of new services, until they say.")] = 0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, change nothing.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Write every line of the report as JSON.")
    ] = None,
    url: Url = None,
) -> None:
    """Take HSDS documents into the directory; running it twice changes nothing the second time.

    Uses the bearer token in THROUGHLINE_TOKEN (an administrator's); the embedded stack's issuer gives one.
    """
    documents = files.documents(paths)
    instruction: dict[str, Any] = {
        **files.meanings(meanings),
        "agency_prefix": agency_prefix,
        "zone": zone,
        "policy": policy,
        "capacity": capacity,
        "dry_run": dry_run,
    }
    unknown: Counter[tuple[str, tuple[str, ...]]] = Counter()
    told: list[Told] = []
    try:
        told.extend(importing.taken(_service(data, url), documents, instruction, unknown))
    finally:
        words = [
            {"kind": kind, "called": list(called), "times": times}
            for (kind, called), times in unknown.most_common()
        ]
        if told:
            tell(out, told, words, dry_run)
    if report is not None:
        _write(report, json.dumps(_report(told, words, dry_run), indent=2, ensure_ascii=False))


def _report(told: Iterable[Told], words: list[dict[str, Any]], dry_run: bool) -> dict[str, Any]:
    lines = [{"file": line.file, **line.entry, "path": line.path} for line in told]
    return {"dry_run": dry_run, "entries": lines, "unknown": words}


@group.command("export")
@in_one_sentence
@_told
def export_file(
    data: DataFolder,
    to: Annotated[
        Path | None, typer.Option(help="Write to this file, not to the terminal.")
    ] = None,
    url: Url = None,
) -> None:
    """Write the whole directory as one HSDS 3 document, as `directory import` takes it."""
    service = _service(data, url)
    if to is None:
        _export(service, typer.get_text_stream("stdout"))
        return
    try:
        with to.open("w", encoding="utf-8") as file:
            _export(service, file)
    except OSError as error:
        raise DirectoryCommandError(f"{to}: it cannot be written: {error.strerror}.") from None
    errors.print(f"Written: {to}", highlight=False, soft_wrap=True)


def _export(service: AgenciesService, to: TextIO) -> None:
    """An organization at a time, however many there are."""
    to.write('{"contents": [')
    count = 0
    for count, organization in enumerate(service.organizations(), start=1):
        to.write("\n" if count == 1 else ",\n")
        to.write(json.dumps(organization, ensure_ascii=False))
    whole = {
        "total_items": count, "total_pages": 1, "page_number": 1, "size": count,
        "first_page": True, "last_page": True, "empty": count == 0,
    }  # fmt: skip
    to.write(f"\n], {json.dumps(whole)[1:]}\n")


def _service(data: Path, url: str | None) -> AgenciesService:
    """Raises NotRunning when neither an address nor an embedded stack is there."""
    token = os.environ.get(TOKEN)
    if url is not None:
        if not token:
            raise DirectoryCommandError(f"Put an administrator's bearer token into {TOKEN}.")
        return AgenciesService(url, token)
    site, _ = running_site(data.resolve())
    return AgenciesService(
        site.url("agencies"), token or development_token(site, ["administrator"], "operator")
    )


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(f"{text}\n", "utf-8")
    except OSError as error:
        raise DirectoryCommandError(f"{path}: it cannot be written: {error.strerror}.") from None
    errors.print(f"Written: {path}", highlight=False, soft_wrap=True)
