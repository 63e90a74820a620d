"""How many small changes of the rules the tests notice, module by module: python -m bench.mutations closure

Each module of domain/ is changed in a copy under out/mutations (mutmut), against the tests of tests/domain that
name it; without names, every module. What lived is printed as a difference. `--again` asks only about what
lived the last time (its module must be as it was); `--table` runs nothing and prints what has been run so far.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TextIO

_ROOT = Path(__file__).parents[1]
_COPIES = _ROOT / "out" / "mutations"
# How mutmut ends for one that was noticed: a test failed (or could not be run), or time ran out.
_NOTICED = frozenset({1, 3, 36, -24, 24, 152, 255})
# What the rules' tests import; the root's conftest would start the plugin of the real servers.
_NEEDED = ("domain", "contracts", "infrastructure", "deploy", "workflows", "tests/domain")
_CONFTEST = """from hypothesis import settings

settings.register_profile("mutations", deadline=None, max_examples=20, derandomize=True)
settings.load_profile("mutations")
"""
_SETTINGS = """[tool.pytest]
addopts = ["--import-mode=importlib"]

[tool.mutmut]
source_paths = ["domain"]
only_mutate = ["domain/{module}.py"]
also_copy = ["contracts", "infrastructure", "deploy", "workflows"]
pytest_add_cli_args = ["-p", "no:randomly", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {tests}
"""


def modules() -> list[str]:
    return sorted(path.stem for path in (_ROOT / "domain").glob("*.py") if path.stem != "__init__")


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
    return to


def run(module: str, *names: str) -> None:
    """Leaves the outcome of every mutant as JSON beside the copy, which is removed; with names, of these anew."""
    copy, kept = copied(_COPIES / module), _COPIES / f"{module}.json"
    text = _SETTINGS.format(module=module, tests=json.dumps(tests_of(module)))
    (copy / "pyproject.toml").write_text(text, "utf-8")
    with (_COPIES / f"{module}.log").open("w") as log:
        _mutmut(copy, log, "run", "--max-children", "1", *names)
    (found,) = (copy / "mutants" / "domain").glob(f"{module}.py.meta")
    codes = json.loads(found.read_text("utf-8"))["exit_code_by_key"]
    if names:
        codes = json.loads(kept.read_text("utf-8")) | {name: codes[name] for name in names}
    kept.write_text(json.dumps(codes, indent=1), "utf-8")
    with (_COPIES / f"{module}.diff").open("w") as diff:
        for name in alive(codes):
            _mutmut(copy, diff, "show", name)
    shutil.rmtree(copy)


def alive(codes: dict[str, int | None]) -> list[str]:
    """Those that no test noticed; None is one that was not run."""
    return [name for name, code in codes.items() if code not in _NOTICED]


def lived_before(module: str) -> list[str]:
    kept = _COPIES / f"{module}.json"
    return alive(json.loads(kept.read_text("utf-8"))) if kept.exists() else []


def _mutmut(copy: Path, to: TextIO, *asked: str) -> None:
    to.flush()
    subprocess.run(
        [sys.executable, "-m", "mutmut", *asked], cwd=copy, stdout=to, stderr=to, check=False
    )


def table() -> str:
    """Markdown; modules whose mutants were not all run say so by being left out. Below it, what lived."""
    rows, lived, together = [], [], Counter[bool]()
    for path in sorted(_COPIES.glob("*.json")):
        codes: dict[str, int | None] = json.loads(path.read_text("utf-8"))
        if not codes or None in codes.values():
            continue
        lived += alive(codes)
        counts = Counter(code in _NOTICED for code in codes.values())
        together += counts
        rows.append(row(f"`{path.stem}`", counts))
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
    given = parser.parse_args()
    _COPIES.mkdir(parents=True, exist_ok=True)
    chosen = () if given.table else given.modules or modules()
    for module in chosen:
        names = lived_before(module) if given.again else []
        if given.again and not names:
            continue
        print(f"{module} ...", flush=True)
        run(module, *names)
        print((_COPIES / f"{module}.diff").read_text("utf-8"))
    print(table())


if __name__ == "__main__":
    main()
