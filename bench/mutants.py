"""Asks the tests about every small change of one module: what bench/mutations.py starts, once a module.

mutmut makes the changes: all of a module's in one source, each chosen by name while it runs. The tests that name
the module are collected and run once, which shows who touches which function; then every change is asked about in
a child of this process, by the tests that touch its function, the quickest first, until one fails or time is over.
(mutmut itself collects them anew for each change, and takes a test that it cannot name again for one that fails.)
"""

import ast
import difflib
import json
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from mutmut.configuration import config
from mutmut.mutation import trampoline
from mutmut.mutation.file_mutation import mutate_file_contents

from bench.changed_module import put_in_place

SURVIVED, NOTICED, NOT_TOUCHED, TIMED_OUT = 0, 1, 33, 36
_PATIENCE = 5.0  # seconds, beside ten times what the tests take unchanged


class Asking:
    """A plugin of pytest whose loop runs each test once, and then those of each change."""

    def __init__(self, module: str, names: Sequence[str]) -> None:
        self._module = module
        self._names = names
        self._test = ""
        self._touching: dict[str, set[str]] = defaultdict(set)
        self.codes: dict[str, int] = {}
        self.failed: list[str] = []
        trampoline.record_trampoline_hit = self._hit  # type: ignore[attr-defined]
        trampoline.set_mutant_under_test("stats")

    def _hit(self, name: str, caller: str | None = None) -> None:  # noqa: ARG002 - mutmut says it
        self._touching[name.removeprefix(f"domain.{self._module}.")].add(self._test)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        seconds = {}
        for item in session.items:
            self._test, begun = item.nodeid, time.perf_counter()
            if not _passes(item):
                self.failed.append(item.nodeid)
            seconds[item] = time.perf_counter() - begun
        if not self.failed:
            for name in self._names:
                touching = self._touching[name.rpartition("__mutmut_")[0]]
                chosen = [item for item in session.items if item.nodeid in touching]
                self.codes[name] = self._ask(name, sorted(chosen, key=seconds.__getitem__), seconds)
        return True

    def _ask(self, name: str, tests: list[pytest.Item], seconds: dict[pytest.Item, float]) -> int:
        if not tests:
            return NOT_TOUCHED
        child = os.fork()
        if child == 0:
            signal.setitimer(
                signal.ITIMER_REAL, _PATIENCE + 10 * sum(seconds[each] for each in tests)
            )
            trampoline.set_mutant_under_test(f"domain.{self._module}.{name}")
            os._exit(SURVIVED if all(_passes(each) for each in tests) else NOTICED)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return TIMED_OUT if code == -signal.SIGALRM else min(abs(code), NOTICED)


def _passes(item: pytest.Item) -> bool:
    reports = runtestprotocol(item, nextitem=None, log=False)
    return not any(report.failed for report in reports)


def differences(source: str, module: str, names: Collection[str]) -> str:
    """Each named change as a difference of its function."""
    lines = source.splitlines()
    functions = {
        node.name: lines[node.lineno - 1 : node.end_lineno]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    found = []
    for name in sorted(names):
        before = functions[f"{name.rpartition('__mutmut_')[0]}__mutmut_orig"]
        changed = difflib.unified_diff(before, functions[name], n=2, lineterm="")
        shown = [
            line for line in changed if "__mutmut_" not in line and line[:3] not in ("---", "+++")
        ]
        found.append("\n".join([f"# domain/{module}.py {name}", *shown, ""]))
    return "\n".join(found)


def main() -> None:
    module, kept, *given = sys.argv[1:]
    config()  # mutmut reads its settings from the folder it is in
    source = Path("domain", f"{module}.py").read_text("utf-8")
    mutated = mutate_file_contents(f"domain/{module}.py", source)
    names = [name for name in mutated.mutant_names if not given or name in given]
    put_in_place(module, mutated.code)
    tests = json.loads(Path(kept, f"{module}.tests.json").read_text("utf-8"))
    asking = Asking(module, names)
    pytest.main(
        ["-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist", *tests], [asking]
    )
    if asking.failed:
        sys.exit(f"Without any change these fail: {', '.join(asking.failed)}")
    Path(kept, f"{module}.asked.json").write_text(json.dumps(asking.codes, indent=1), "utf-8")
    alive = [name for name, code in asking.codes.items() if code in (SURVIVED, NOT_TOUCHED)]
    Path(kept, f"{module}.diff").write_text(differences(mutated.code, module, alive), "utf-8")


if __name__ == "__main__":
    main()
