"""Prints the tail of module and function lengths beside admired codebases (style.md, section 12).

    python -m tests.architecture.sizes

A symptom, not a gate: a longer module that reads better whole is fine, and says why.
"""

import ast
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from tests.architecture.rules import PACKAGES, Module, modules

ROOT = Path(__file__).parents[2]
MODULES_SHOWN, FUNCTIONS_SHOWN = 12, 12


class Size(NamedTuple):
    """`lines` from the first to the last, docstring and blank lines among them."""

    lines: int
    name: str


def module_sizes(root: Path, measured: Iterable[Module]) -> list[Size]:
    """Longest first; a package's empty __init__ is no module of anybody's."""
    found = [
        Size(len((root / module.path).read_text("utf-8").splitlines()), module.path.as_posix())
        for module in measured
        if module.path.name != "__init__.py"
    ]
    return sorted(found, reverse=True)


def function_sizes(measured: Iterable[Module]) -> list[Size]:
    """Longest first, methods among them; a decorator counts, since it must be read."""
    found = []
    for module in measured:
        for node in module.nodes():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                lines = (node.end_lineno or first) - first + 1
                found.append(Size(lines, f"{module.path}:{first} {node.name}"))
    return sorted(found, reverse=True)


def share(sizes: Sequence[Size], most: int) -> float:
    """How many in a hundred have at most so many lines."""
    return 100 * sum(size.lines <= most for size in sizes) / len(sizes) if sizes else 100.0


def median(sizes: Sequence[Size]) -> int:
    return sizes[len(sizes) // 2].lines if sizes else 0


def comparison(files: Sequence[Size], functions: Sequence[Size]) -> Table:
    table = Table(title="Sizes", title_justify="left")
    for heading in ("measure", "here", "the admired ones"):
        table.add_column(heading, justify="left" if heading == "measure" else "right")
    table.add_row("modules", str(len(files)), "")
    table.add_row("  half have at most", f"{median(files)} lines", "40 to 150 lines")
    table.add_row("  of up to 150 lines", f"{share(files, 150):.0f} in 100", "most")
    table.add_row("  of up to 250 lines", f"{share(files, 250):.0f} in 100", "90 in 100")
    table.add_row("  of up to 300 lines", f"{share(files, 300):.0f} in 100", "hardly one over")
    table.add_row("functions", str(len(functions)), "")
    table.add_row("  half have at most", f"{median(functions)} lines", "under 15 lines")
    table.add_row("  of up to 40 lines", f"{share(functions, 40):.0f} in 100", "95 in 100")
    return table


def tail(title: str, sizes: Sequence[Size], shown: int) -> Table:
    table = Table("lines", "where", title=title, title_justify="left")
    for size in sizes[:shown]:
        table.add_row(str(size.lines), size.name)
    return table


def by_package(files: Sequence[Size]) -> Table:
    table = Table("package", "modules", "lines", title="Packages", title_justify="left")
    for package in PACKAGES:
        own = [size.lines for size in files if size.name.startswith(f"{package}/")]
        table.add_row(package, str(len(own)), str(sum(own)))
    return table


def main() -> None:
    measured = modules(ROOT)
    files, functions = module_sizes(ROOT, measured), function_sizes(measured)
    console = Console()
    console.print(comparison(files, functions))
    console.print(by_package(files))
    console.print(tail("Longest modules", files, MODULES_SHOWN))
    console.print(tail("Longest functions", functions, FUNCTIONS_SHOWN))


if __name__ == "__main__":
    main()
