"""A file of any size as documents of a size that a service takes, each entry with its place in the file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.hsds_reading import kind_of

MOST_BYTES = 900_000  # of one request, below the bound of 1 MB
_STUB = ("id", "name")  # what an organization needs so that more services of it may be said


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry and where it stands; `skipped` services of it went in an earlier piece."""

    path: str
    item: Any
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """What is taken in one transaction."""

    entries: tuple[Entry, ...]

    @property
    def document(self) -> list[Any]:
        return [entry.item for entry in self.entries]

    def place(self, path: str) -> str:
        """`$[2].services[0].name` of the piece as it stands in the file."""
        head, _, rest = path.removeprefix("$[").partition("]")
        if not path.startswith("$[") or not head.isdigit() or int(head) >= len(self.entries):
            return path
        entry = self.entries[int(head)]
        if entry.skipped and rest.startswith(".services["):
            number, _, inner = rest.removeprefix(".services[").partition("]")
            rest = f".services[{int(number) + entry.skipped}]{inner}"
        return f"{entry.path}{rest}"


def holds_organizations(document: Any) -> bool:
    """Services may name an organization that another file describes: those files go first."""
    return any(kind_of(entry.item) == "organization" for entry in entries(document))


def entries(document: Any) -> Iterator[Entry]:
    """A page's contents, a list's items, or the one object."""
    if isinstance(document, dict) and isinstance(document.get("contents"), list):
        yield from (
            Entry(f"$.contents[{at}]", each) for at, each in enumerate(document["contents"])
        )
    elif isinstance(document, list):
        yield from (Entry(f"$[{at}]", each) for at, each in enumerate(document))
    else:
        yield Entry("$", document)


def pieces(document: Any, most: int = MOST_BYTES) -> Iterator[Piece]:
    """In the order of the file; an organization that alone is too large is said again for more of its services."""
    held: list[Entry] = []
    size = 0
    for whole in entries(document):
        for entry in _parts(whole, most):
            length = size_of(entry.item)
            if held and size + length > most:
                yield Piece(tuple(held))
                held, size = [], 0
            held.append(entry)
            size += length
    if held:
        yield Piece(tuple(held))


def _parts(entry: Entry, most: int) -> Iterator[Entry]:
    services = entry.item.get("services") if isinstance(entry.item, dict) else None
    if size_of(entry.item) <= most or not isinstance(services, list):
        yield entry
        return
    yield Entry(entry.path, {name: each for name, each in entry.item.items() if name != "services"})
    stub = {name: entry.item[name] for name in _STUB if name in entry.item}
    bare = size_of({**stub, "services": []})
    began, size = 0, bare
    for at, service in enumerate(services):
        length = size_of(service)
        if at > began and size + length > most:
            yield Entry(entry.path, {**stub, "services": services[began:at]}, began)
            began, size = at, bare
        size += length
    yield Entry(entry.path, {**stub, "services": services[began:]}, began)


def size_of(item: Any) -> int:
    """In bytes at most, with what parts it from the next one."""
    return len(json.dumps(item)) + 2
