"""Small changes of the tables that rules are written as, which mutmut leaves alone: it changes functions.

A table is a value that a module or a class says outside of its functions. Changed are, one at a time: an entry
of a dict, set, list or tuple (left out), a number (one more), True and False (swapped), a way of joining two sets
(only the left remains). Words are not changed: what a person reads is asserted where it is composed.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """A module with one change: the line, what was done there, and the whole source."""

    line: int
    what: str
    source: str


@dataclass(frozen=True)
class _Place:
    line: int
    what: str
    make: Callable[[], object]


def changes(source: str) -> Iterator[Change]:
    """Every change of one module's tables."""
    for number in range(len(list(_places(ast.parse(source))))):
        tree = ast.parse(source)
        place = list(_places(tree))[number]
        place.make()
        yield Change(place.line, place.what, ast.unparse(tree))


def _places(said: ast.Module | ast.ClassDef) -> Iterator[_Place]:
    for statement in said.body:
        if isinstance(statement, ast.ClassDef):
            yield from _places(statement)
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            for node in _within(statement.value):
                yield from _of(node)


def _within(value: ast.AST) -> Iterator[ast.AST]:
    """Not the keys of a dict (an entry goes as a whole), nor what names a type."""
    if isinstance(value, ast.Lambda | ast.Subscript) or _is_type(value):
        return
    yield value
    below = value.values if isinstance(value, ast.Dict) else ast.iter_child_nodes(value)
    for node in below:
        yield from _within(node)


def _is_type(value: ast.AST) -> bool:
    match value:
        case ast.BinOp(op=ast.BitOr(), right=ast.Name(id=name)):
            return not name.isupper()
        case ast.BinOp(op=ast.BitOr(), right=ast.Subscript() | ast.Constant(value=None)):
            return True
    return False


def _of(node: ast.AST) -> Iterator[_Place]:
    match node:
        case ast.Dict():
            for at, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
                entry = ast.unparse(key) if key else f"**{ast.unparse(value)}"
                yield _Place(value.lineno, f"without {entry}", _dropped(at, node.keys, node.values))
        case ast.Set() | ast.List():
            yield from _without_each(node.elts)
        case ast.Tuple() if len(node.elts) > 1:
            yield from _without_each(node.elts)
        case ast.Constant(value=bool() as held):
            yield _Place(node.lineno, f"{not held} for {held}", _held(node, not held))
        case ast.Constant(value=int() | float() as held):
            yield _Place(node.lineno, f"{held + 1} for {held}", _held(node, held + 1))
        case ast.BinOp(op=ast.BitOr() | ast.BitAnd() | ast.Sub()):
            yield _Place(node.lineno, f"no {ast.unparse(node.right)}", _left_alone(node))


def _without_each(entries: list[ast.expr]) -> Iterator[_Place]:
    for at, entry in enumerate(entries):
        yield _Place(entry.lineno, f"without {ast.unparse(entry)}", _dropped(at, entries))


def _dropped(at: int, *lists: list[ast.expr] | list[ast.expr | None]) -> Callable[[], object]:
    return lambda: [entries.pop(at) for entries in lists]


def _held(node: ast.Constant, value: float) -> Callable[[], object]:
    return lambda: setattr(node, "value", value)


def _left_alone(node: ast.BinOp) -> Callable[[], object]:
    def make() -> None:
        node.op, node.right = ast.BitOr(), node.left

    return make
