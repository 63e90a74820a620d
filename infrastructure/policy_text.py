"""YAML read strictly, with the line of every value: no duplicate keys, no aliases, no surprise types."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[Hashable, ...]
_INTEGER = "tag:yaml.org,2002:int"
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong at a line; `place` is the dotted path of the value."""

    line: int
    place: str
    what: str

    def __str__(self) -> str:
        return (
            f"{self.line}: {self.place}: {self.what}" if self.place else f"{self.line}: {self.what}"
        )


@dataclass(slots=True)
class PackText:
    """A file's content: plain values, the line of each path, and the faults of its form."""

    tree: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    scalars: dict[Path, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def read(cls, content: str) -> "PackText":
        text = cls()
        try:
            node = yaml.compose(content, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "it cannot be read"
            text.faults.append(Fault(mark.line + 1 if mark else 1, "", f"not YAML: {problem}"))
            return text
        if node is None:
            text.faults.append(Fault(1, "", "the file is empty"))
            return text
        text.tree = text._value(node, (), set())
        return text

    def fault(self, path: Path, what: str) -> None:
        """At the path's line, or that of the nearest part of it that stands in the file."""
        known = path
        while known not in self.lines and known:
            known = known[:-1]
        self.faults.append(Fault(self.lines.get(known, 1), dotted(path), what))

    def _value(self, node: yaml.Node, path: Path, seen: set[int]) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in seen:
            self.fault(path, "an alias; write the value out")
            return None
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, seen)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(each, (*path, at), seen) for at, each in enumerate(node.value)]
        self.scalars[path] = node.value
        if node.tag == _NULL:
            return None
        # Everything but an integer stays the text that was written: `no` is no boolean here.
        return int(node.value, 0) if node.tag == _INTEGER else node.value

    def _mapping(self, node: yaml.MappingNode, path: Path, seen: set[int]) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            inner = (*path, key)
            if key in found:
                self.faults.append(
                    Fault(
                        key_node.start_mark.line + 1,
                        dotted(inner),
                        f"this key stands twice; first at line {self.lines[inner]}",
                    )
                )
                continue
            self.lines[inner] = key_node.start_mark.line + 1
            found[key] = self._value(value_node, inner, seen)
        return found


def dotted(path: Path) -> str:
    return ".".join(str(part) for part in path)
