"""House rules that import-linter cannot hold, read off the syntax tree; a breach is a sentence with its place."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGES = ("domain", "contracts", "infrastructure", "services", "workflows", "deploy")
_EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "platform",
    "base_service",
}
# The domain takes time as an argument, reads nothing and waits for nobody.
_IMPURE = {
    "asyncio", "concurrent", "http", "io", "logging", "multiprocessing", "os", "pathlib", "queue", "random",
    "secrets", "select", "selectors", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "tempfile",
    "threading", "time", "urllib",
}  # fmt: skip


@dataclass(frozen=True)
class Module:
    """A module with its path below the root of the tree, such as services/cases/store.py."""

    path: Path
    tree: ast.Module

    @property
    def package(self) -> str:
        return self.path.parts[0]

    def at(self, node: ast.AST, sentence: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {sentence}"

    def nodes(self) -> tuple[ast.AST, ...]:
        return _nodes(self.tree)

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Every imported module's full name, wherever the import stands."""
        for node in self.nodes():
            if isinstance(node, ast.Import):
                yield from ((node, each.name) for each in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node, node.module or ""

    def calls(self) -> Iterator[tuple[ast.Call, str]]:
        """Every call with the dotted name of what is called, as far as it has one."""
        for node in self.nodes():
            if isinstance(node, ast.Call):
                yield node, _dotted(node.func)


@cache
def _nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree))


Rule = Callable[[Module], Iterator[str]]


@cache
def modules(root: Path) -> tuple[Module, ...]:
    """Every module of the six packages."""
    return tuple(
        Module(path.relative_to(root), ast.parse(path.read_text("utf-8")))
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
    )


def only_the_clock_reads_time(module: Module) -> Iterator[str]:
    if module.path == Path("infrastructure/clock.py"):
        return
    for call, name in module.calls():
        *owner, last = name.split(".")
        reads_date = last in {"now", "utcnow", "today"} and owner[-1:] in (["datetime"], ["date"])
        if reads_date or name in {"time.time", "time.time_ns"}:
            yield module.at(
                call, f"{name}() reads the clock; take `now`, or ask infrastructure.clock"
            )


def figures_stand_in_packs(module: Module) -> Iterator[str]:
    """A length of days or hours written in code is policy; how long a machine is waited for is not."""
    exempt = {Path("domain/calendars.py"), Path("workflows/patience.py")}
    if module.package not in {"domain", "services", "workflows"} or module.path in exempt:
        return
    for call, name in module.calls():
        if name.split(".")[-1] != "timedelta":
            continue
        named = {word.arg: word.value for word in call.keywords}
        lengths = [named.get("weeks"), named.get("days"), named.get("hours"), *call.args[:1]]
        if any(isinstance(each, ast.Constant) and each.value for each in lengths):
            yield module.at(call, "a length of time in code; it belongs in a policy pack")


def only_stores_speak_sql(module: Module) -> Iterator[str]:
    if module.package != "services" or "store" in {*module.path.parts, module.path.stem}:
        return
    for node, name in module.imports():
        if name.split(".")[0] in {"sqlalchemy", "asyncpg", "alembic"}:
            yield module.at(node, f"imports {name}; only the store speaks SQL")


def commit_stands_in_one_place(module: Module) -> Iterator[str]:
    """A Kafka consumer's commit is another word for its place in a partition."""
    for call, name in module.calls():
        *owner, last = name.split(".")
        if (
            last == "commit"
            and owner[-1:] != ["consumer"]
            and module.path.as_posix() != "infrastructure/db.py"
        ):
            yield module.at(call, "commits; only infrastructure.db does, once a command")


def temporal_is_reached_in_one_place(module: Module) -> Iterator[str]:
    reach = {"infrastructure/temporal.py", "infrastructure/payload_codec.py"}
    if module.package != "infrastructure" or module.path.as_posix() in reach:
        return
    for node, name in module.imports():
        if name.split(".")[0] == "temporalio":
            yield module.at(node, "imports temporalio; only infrastructure.temporal does")


def domain_is_pure(module: Module) -> Iterator[str]:
    if module.package != "domain":
        return
    for node, name in module.imports():
        top = name.split(".")[0]
        if top != "domain" and (top not in sys.stdlib_module_names or top in _IMPURE):
            yield module.at(node, f"imports {name}; the domain has no I/O, no clock and no library")
    for part in module.nodes():
        if isinstance(part, ast.AsyncFunctionDef | ast.Await):
            yield module.at(part, "waits; the domain does not")
    for call, called in module.calls():
        if called in {"open", "print", "input"}:
            yield module.at(call, f"{called}() is I/O; the domain has none")


def every_module_says_its_duty(module: Module) -> Iterator[str]:
    first = (ast.get_docstring(module.tree) or "").strip().splitlines()[:1]
    if not first:
        yield module.at(module.tree, "has no docstring: one sentence of its duty")


def names_say_something(module: Module) -> Iterator[str]:
    for part in (*module.path.parts[:-1], module.path.stem):
        if part in _EMPTY_NAMES:
            yield module.at(module.tree, f"`{part}` says nothing of what is in it")


RULES: tuple[Rule, ...] = (
    only_the_clock_reads_time,
    figures_stand_in_packs,
    only_stores_speak_sql,
    commit_stands_in_one_place,
    temporal_is_reached_in_one_place,
    domain_is_pure,
    every_module_says_its_duty,
    names_say_something,
)

# Written in parts, or this file would hold what it forbids.
_REGISTRIES = (
    "pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs.org", "registry." + "yarnpkg.com",
    "proxy." + "golang.org", "repo1." + "maven.org", "repo." + "maven.apache.org", "crates" + ".io",
    "rubygems" + ".org",
)  # fmt: skip
_REGISTRY = re.compile(
    "|".join(map(re.escape, _REGISTRIES)) + r"|(?:--|\b)(?:extra-)?index-url[ =]+\S*://"
)
_MACHINE = re.compile(r"(?<![\w.~-])/(?:work|root|Users|home/[a-z][\w-]*)/[\w.-]+")


def foreign_words(path: Path, text: str) -> Iterator[str]:
    """Addresses of package registries and paths of one machine; a committed file has neither."""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _REGISTRY.search(line):
            yield f"{path}:{number}: names a package registry ({found[0]}); the site's own setting does"
        if found := _MACHINE.search(line):
            yield f"{path}:{number}: names a path of one machine ({found[0]})"


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
