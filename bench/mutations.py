"""How many small changes of the rules the tests notice, module by module: python -m bench.mutations closure

Each module of domain/ is changed in a copy under out/mutations (mutmut), against the tests of tests/domain that
name it; without names, every module. `--table` prints what has been run so far.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_COPIES = _ROOT / "out" / "mutations"
_SURVIVED = 0
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


def run(module: str) -> None:
    """Leaves the outcome of every mutant as JSON beside the copy, which is removed."""
    copy = _COPIES / module
    shutil.rmtree(copy, ignore_errors=True)
    for folder in _NEEDED:
        shutil.copytree(_ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "tests" / "conftest.py").write_text(_CONFTEST, "utf-8")
    text = _SETTINGS.format(module=module, tests=json.dumps(tests_of(module)))
    (copy / "pyproject.toml").write_text(text, "utf-8")
    mutmut = [sys.executable, "-m", "mutmut", "run", "--max-children", "1"]
    with (_COPIES / f"{module}.log").open("w") as log:
        subprocess.run(mutmut, cwd=copy, stdout=log, stderr=log, check=False)
    (kept,) = (copy / "mutants" / "domain").glob(f"{module}.py.meta")
    codes = json.loads(kept.read_text("utf-8"))["exit_code_by_key"]
    (_COPIES / f"{module}.json").write_text(json.dumps(codes, indent=1), "utf-8")
    shutil.rmtree(copy)


def table() -> str:
    """Markdown; modules whose mutants were not all run say so by being left out. Below it, what lived."""
    rows, lived, together = [], [], Counter[bool]()
    for path in sorted(_COPIES.glob("*.json")):
        codes: dict[str, int | None] = json.loads(path.read_text("utf-8"))
        if not codes or None in codes.values():
            continue
        lived += [name for name, code in codes.items() if code == _SURVIVED]
        counts = Counter(code != _SURVIVED for code in codes.values())
        together += counts
        rows.append(_row(f"`{path.stem}`", counts))
    head = ["| module | mutants | killed |", "|---|---|---|"]
    return "\n".join([*head, *rows, _row("together", together), "", *lived])


def _row(module: str, counts: Counter[bool]) -> str:
    every = counts.total()
    share = f"{100 * counts[True] / every:.0f} in 100" if every else "none"
    return f"| {module} | {every} | {counts[True]} ({share}) |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", choices=[*modules(), []])
    parser.add_argument("--table", action="store_true", help="runs nothing")
    given = parser.parse_args()
    _COPIES.mkdir(parents=True, exist_ok=True)
    for module in () if given.table else given.modules or modules():
        print(f"{module} ...", flush=True)
        run(module)
    print(table())


if __name__ == "__main__":
    main()
