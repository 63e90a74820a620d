"""The report of an import as tables: what was taken, what was skipped and why, which words nobody explained."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

MOST_ALLOWED = 6
_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a service's report, with the file and the place in it."""

    file: str
    path: str
    entry: dict[str, Any]


def tell(
    console: Console, lines: Iterable[Told], unknown: Iterable[dict[str, Any]], dry_run: bool
) -> None:
    told = list(lines)
    counts = Counter(line.entry["outcome"] for line in told)
    _taken(console, [line for line in told if line.entry["outcome"] in ("new", "changed")])
    _skipped(console, [line for line in told if line.entry["outcome"] == "skipped"])
    _left_out(console, told)
    _unknown(console, unknown)
    summary = ", ".join(
        f"{counts[each]} {each}" for each in ("new", "changed", "unchanged", "skipped")
    )
    console.print(
        f"{'Nothing was changed; it would be: ' if dry_run else ''}{summary}.", highlight=False
    )


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _taken(console: Console, lines: list[Told]) -> None:
    table = _table("Taken", "file", "where", "entry", "outcome", "our id")
    for line in lines:
        entry = line.entry
        table.add_row(line.file, line.path, entry["kind"], entry["outcome"], entry["our_id"])
    _show(console, table)


def _skipped(console: Console, lines: list[Told]) -> None:
    table = _table("Skipped", "file", "where", "entry", "reason", "allowed")
    for line in lines:
        entry = line.entry
        table.add_row(line.file, line.path, entry["kind"], entry["reason"], _few(entry["allowed"]))
    _show(console, table)


def _left_out(console: Console, lines: Iterable[Told]) -> None:
    """By reason, fields counted: a directory of a thousand services leaves the same ones out a thousand times."""
    reasons: dict[tuple[str, str], Counter[str]] = {}
    for line in lines:
        for field in line.entry["left_out"]:
            inner = _INDEX.sub("", field["path"].removeprefix(line.path))
            counts = reasons.setdefault((field["reason"], _few(field["allowed"])), Counter())
            counts[f"{line.entry['kind']}{inner}"] += 1
    table = _table("Left out of what was taken", "reason", "allowed", "fields, and how often")
    for (reason, allowed), counts in sorted(reasons.items()):
        fields = ", ".join(f"{name} {times}" for name, times in sorted(counts.items()))
        table.add_row(reason, allowed, fields)
    _show(console, table)


def _unknown(console: Console, words: Iterable[dict[str, Any]]) -> None:
    table = _table("Words that nobody has said the meaning of", "kind", "called", "times")
    for word in words:
        table.add_row(word["kind"], _few(word["called"]), str(word["times"]))
    _show(console, table)


def _show(console: Console, table: Table) -> None:
    if table.row_count:
        console.print(table, "", highlight=False, markup=False)


def _few(allowed: list[str]) -> str:
    more = "" if len(allowed) <= MOST_ALLOWED else ", ..."
    return ", ".join(allowed[:MOST_ALLOWED]) + more
