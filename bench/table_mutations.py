"""How many small changes of the rules' tables the tests notice: python -m bench.table_mutations disclosure

Beside bench/mutations.py, which changes functions (bench/changed_tables.py says what is changed here). Each
change is asked about in a process of its own, first by the tests that name the module, then, if these saw
nothing, by every test of tests/domain. What lived is printed and kept under out/mutations/tables.
"""

import argparse
import contextlib
import json
import os
import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.progress import track

from bench.changed_module import put_in_place, quiet
from bench.changed_tables import Change, changes
from bench.mutations import copied, modules, row, tests_of

_ROOT = Path(__file__).parents[1]
_KEPT = _ROOT / "out" / "mutations" / "tables"
_SECONDS = 120
_QUIET = ("-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--no-header", "--tb=no")


def noticed(module: str, source: str, tests: Sequence[str]) -> bool:
    """Whether a test fails with this source in the module's place, asked in a child of this process."""
    child = os.fork()
    if child == 0:
        _ask(module, source, tests)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def _ask(module: str, source: str, tests: Sequence[str]) -> None:
    signal.alarm(_SECONDS)
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        put_in_place(module, source)
        code = pytest.main([*_QUIET, *tests])
    os._exit(int(code))


def run(module: str) -> list[tuple[Change, bool]]:
    source = (_ROOT / "domain" / f"{module}.py").read_text("utf-8")
    if noticed(module, source, tests_of(module)):
        raise SystemExit(f"The tests of {module} fail without any change; mend them first.")
    asked = []
    for change in track([*changes(source)], description=f"{module:24}"):
        seen = noticed(module, change.source, tests_of(module))
        asked.append((change, seen or noticed(module, change.source, ["tests/domain"])))
    lived = [{"line": change.line, "what": change.what} for change, seen in asked if not seen]
    kept = {"changes": len(asked), "lived": lived}
    (_KEPT / f"{module}.json").write_text(json.dumps(kept, indent=1), "utf-8")
    return asked


def table() -> str:
    """Markdown of what was run so far; below it, what lived."""
    rows, lived, together = [], [], Counter[bool]()
    for path in sorted(_KEPT.glob("*.json")):
        kept = json.loads(path.read_text("utf-8"))
        alive = len(kept["lived"])
        counts = Counter({True: kept["changes"] - alive, False: alive})
        if counts.total():
            rows.append(row(f"`{path.stem}`", counts))
        together += counts
        lived += [f"{path.stem}:{each['line']} {each['what']}" for each in kept["lived"]]
    head = ["| module | changes of tables | noticed |", "|---|---|---|"]
    return "\n".join([*head, *rows, row("together", together), "", *lived])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", choices=[*modules(), []])
    parser.add_argument("--table", action="store_true", help="runs nothing")
    given = parser.parse_args()
    _KEPT.mkdir(parents=True, exist_ok=True)
    os.chdir(copied(_KEPT / "copy"))
    with quiet():
        pytest.main(
            ["--collect-only", "tests/conftest.py"]
        )  # its plugins are loaded once, for every child
    for module in () if given.table else given.modules or modules():
        run(module)
    print(table())


if __name__ == "__main__":
    main()
