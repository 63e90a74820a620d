"""How many small changes of the rules the tests notice, module by module: python -m bench.mutations closure

Each module of domain/ is changed in a copy under out/mutations, as mutmut changes it, against the tests of
tests/domain that name it (bench/mutants.py); without names, every module. What lived is printed as a difference.
`--again` asks about what lived the last time (its module must be as it was); `--table` says what has been run.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from bench.mutants import NOT_TOUCHED, SURVIVED

_ROOT = Path(__file__).parents[1]
_COPIES = _ROOT / "out" / "mutations"
_LIVED = (SURVIVED, NOT_TOUCHED)
# What the rules' tests import; the root's conftest would start the plugin of the real servers.
_NEEDED = ("domain", "contracts", "infrastructure", "deploy", "workflows", "tests/domain")
_CONFTEST = """from hypothesis import settings

settings.register_profile("mutations", deadline=None, max_examples=20, derandomize=True, database=None)
settings.load_profile("mutations")
"""
_SETTINGS = """[tool.pytest]
addopts = ["--import-mode=importlib"]

[tool.mutmut]
source_paths = ["domain"]
"""


def modules() -> list[str]:
    """The largest first, so that no long one comes last."""
    paths = [path for path in (_ROOT / "domain").glob("*.py") if path.stem != "__init__"]
    return [path.stem for path in sorted(paths, key=lambda path: -path.stat().st_size)]


def tests_of(module: str) -> list[str]:
    """Those that import the module, by either form."""
    names = re.compile(rf"domain\.{module}\b|from domain import [^\n]*\b{module}\b")
    files = sorted((_ROOT / "tests" / "domain").glob("test_*.py"))
    return [f"tests/domain/{path.name}" for path in files if names.search(path.read_text("utf-8"))]


def copied(to: Path) -> Path:
    """What the tests of the rules need, without the plugin of the real servers; what lay there is replaced."""
    shutil.rmtree(to, ignore_errors=True)
    for folder in _NEEDED:
        shutil.copytree(_ROOT / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (to / "tests" / "conftest.py").write_text(_CONFTEST, "utf-8")
    (to / "pyproject.toml").write_text(_SETTINGS, "utf-8")
    return to


def run(module: str, copy: Path, *names: str) -> str:
    """Leaves the outcome of every change as JSON and what lived as differences; says it in a line."""
    kept, asked = _COPIES / f"{module}.json", _COPIES / f"{module}.asked.json"
    asked.unlink(missing_ok=True)
    (_COPIES / f"{module}.tests.json").write_text(json.dumps(tests_of(module)), "utf-8")
    with (_COPIES / f"{module}.log").open("w") as log:
        subprocess.run(
            [sys.executable, "-m", "bench.mutants", module, str(_COPIES), *names],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            stdout=log,
            stderr=log,
            check=False,
        )
    if not asked.exists():
        return f"{module}: not asked about; {log.name} says why"
    codes = json.loads(asked.read_text("utf-8"))
    if names:
        codes = json.loads(kept.read_text("utf-8")) | codes
    kept.write_text(json.dumps(codes, indent=1), "utf-8")
    lived = (_COPIES / f"{module}.diff").read_text("utf-8")
    return f"{module}: {len(codes) - len(alive(codes))} of {len(codes)} noticed\n{lived}".rstrip()


def alive(codes: dict[str, int]) -> list[str]:
    """Those that no test noticed, or that no test touches."""
    return [name for name, code in codes.items() if code in _LIVED]


def lived_before(module: str) -> list[str]:
    kept = _COPIES / f"{module}.json"
    return alive(json.loads(kept.read_text("utf-8"))) if kept.exists() else []


def outcomes(chosen: list[str], processes: int, *, again: bool) -> Iterator[str]:
    """A line for each module as it is done, several at once."""
    copy = copied(_COPIES / "copy")
    asked = [(module, lived_before(module) if again else []) for module in chosen]
    with ThreadPoolExecutor(processes) as pool:
        runs = [pool.submit(run, each, copy, *names) for each, names in asked if names or not again]
        for done in as_completed(runs):
            yield done.result()
    shutil.rmtree(copy)


def table() -> str:
    """Markdown of what was run so far; below it, what lived."""
    rows, lived, together = [], [], Counter[bool]()
    for module in sorted(modules()):
        kept = _COPIES / f"{module}.json"
        codes: dict[str, int] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
        if codes:
            lived += [f"{module}.{name}" for name in alive(codes)]
            counts = Counter(code not in _LIVED for code in codes.values())
            together += counts
            rows.append(row(f"`{module}`", counts))
    head = ["| module | mutants | killed |", "|---|---|---|"]
    return "\n".join([*head, *rows, row("together", together), "", *lived])


def row(module: str, counts: Counter[bool]) -> str:
    """One line of the table: how many, and how many were noticed (True)."""
    every = counts.total()
    share = f"{100 * counts[True] / every:.0f} in 100" if every else "none"
    return f"| {module} | {every} | {counts[True]} ({share}) |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", choices=[*modules(), []])
    parser.add_argument("--table", action="store_true", help="runs nothing")
    parser.add_argument("--again", action="store_true", help="only what lived the last time")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    _COPIES.mkdir(parents=True, exist_ok=True)
    if not given.table:
        for outcome in outcomes(given.modules or modules(), given.processes, again=given.again):
            print(outcome, flush=True)
    print(table())


if __name__ == "__main__":
    main()
