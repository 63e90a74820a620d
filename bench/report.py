"""The figures as tables in the terminal, as JSON in out/, and as a page in docs/."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.figures import Figure, Part
from bench.ground import dump

JSON, PAGE = Path("out/bench.json"), Path("docs/bench.md")
TRIAL = Path("out/bench-trial.json")
_INTRODUCTION = """\
# Speed and memory

Written by `make bench`, each part beside the machine's own limits in the same run.
The platform runs as `make run` starts it (every process on this one machine, with the client that measures).
"""


def show(console: Console, part: Part) -> None:
    table = Table(title=part.title, title_justify="left", min_width=70)
    for column in ("what", "value", "aim", ""):
        table.add_column(column, justify="right" if column in ("value", "aim") else "left")
    for figure in part.figures:
        table.add_row(figure.what, shown(figure), figure.aim, _reached(figure))
    console.print(table)
    for note in part.remarks:
        console.print(f"  {note}", highlight=False)
    console.print()


def shown(figure: Figure) -> str:
    value = figure.value
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {figure.unit}".strip()


def _reached(figure: Figure) -> str:
    return {True: "reached", False: "missed", None: ""}[figure.reached]


def save(parts: Mapping[str, Part], on: Mapping[str, Any], *, page: bool) -> None:
    """Parts measured anew take the place of what stood there; `page`: not for a trial in small sizes."""
    if not page:
        dump(TRIAL, {"machine": dict(on), "parts": [each.as_json() for each in parts.values()]})
        return
    before = json.loads(JSON.read_text())["parts"] if JSON.is_file() else []
    every = {each["name"]: Part.from_json(each) for each in before} | dict(parts)
    dump(JSON, {"machine": dict(on), "parts": [each.as_json() for each in every.values()]})
    PAGE.write_text(_page(every, on), encoding="utf-8")


def _page(parts: Mapping[str, Part], on: Mapping[str, Any]) -> str:
    machine = f"On {on['cores']} cores ({on['processor']}), {on['memory_gb']} GB."
    lines = [_INTRODUCTION, machine, ""]
    for part in parts.values():
        lines += [f"## {part.title}", "", "| what | value | aim | |", "|---|---:|---:|---|"]
        lines += [
            f"| {each.what} | {shown(each)} | {each.aim} | {_reached(each)} |"
            for each in part.figures
        ]
        lines += ["", *(f"- {each}" for each in part.remarks), f"- Taken {part.taken}.", ""]
    return "\n".join(lines)
