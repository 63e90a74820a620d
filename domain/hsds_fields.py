"""Taking fields out of a foreign document one by one: what fits is taken, what does not is told with its path."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

NOT_KEPT = "This directory has no place for it."
OF_A_PERSON = (
    "People are not taken into the directory from outside, only how the public reaches the service."
)


_OF_LINES = "\t\n\r"  # the control characters that a text may hold


@dataclass(frozen=True, slots=True)
class Form:
    """What a text has to look like, and one that does."""

    pattern: str
    like: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something of a document that was not taken: where, why, and what would have been."""

    path: str
    why: str
    allowed: tuple[str, ...] = ()


class Unreadable(Exception):
    """An item lacks what it cannot be taken without."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.why)
        self.remark = remark


class Fields:
    """One object of a document; whatever is neither taken nor passed over is left out, and told."""

    def __init__(self, path: str, item: dict[str, Any]) -> None:
        self.path, self._item = path, item
        self._seen: set[str] = set()
        self.remarks: list[Remark] = []

    def at(self, name: str) -> str:
        return f"{self.path}.{name}"

    def has(self, name: str) -> bool:
        """Said at all, even as nothing: what a document is silent about stays as it was."""
        return name in self._item

    def speaks_of(self, name: str, found: object) -> bool:
        """Whether it says something that can be kept, or says that there is nothing."""
        return found is not None or (self.has(name) and self._item[name] in (None, ""))

    def value(self, name: str) -> Any:
        self._seen.add(name)
        return self._item.get(name)

    def remark(self, name: str, why: str, allowed: Sequence[str] = ()) -> None:
        self._seen.add(name)
        self.remarks.append(Remark(self.at(name), why, tuple(allowed)))

    def refuse(self, name: str, why: str, allowed: Sequence[str] = ()) -> Unreadable:
        return Unreadable(Remark(self.at(name), why, tuple(allowed)))

    def identity(self) -> UUID:
        """Raises Unreadable."""
        found = uuid_of(self.value("id"))
        if found is None:
            raise self.refuse("id", "An entry needs its own UUID.", ("a UUID",))
        return found

    def needed(self, name: str, most: int) -> str:
        """Raises Unreadable."""
        found = self.value(name)
        text = found.strip() if isinstance(found, str) else ""
        if not text or len(text) > most or not writable(text):
            raise self.refuse(
                name, "It cannot be taken without this.", (f"1 to {most} characters",)
            )
        return text

    def text(self, name: str, most: int, form: Form | None = None) -> str | None:
        found = self.value(name)
        if found is None:
            return None
        if not isinstance(found, str) or len(found.strip()) > most or not writable(found):
            self.remark(
                name, "Not a text of a length that is kept.", (f"at most {most} characters",)
            )
            return None
        text = found.strip()
        if form is not None and text and not re.match(form.pattern, text):
            self.remark(name, "Not in a form that is kept.", (form.like,))
            return None
        return text or None

    def whole(self, name: str, most: int) -> int | None:
        found = self.number(name, 0, most)
        if found is not None and found != int(found):
            self.remark(name, "Not a whole number.", (f"0 to {most}",))
            return None
        return None if found is None else int(found)

    def number(self, name: str, least: float, most: float) -> float | None:
        found = self.value(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float):
            self.remark(name, "Not a number.", (f"{least} to {most}",))
            return None
        if not least <= found <= most:
            self.remark(name, "Out of bounds.", (f"{least} to {most}",))
            return None
        return found

    def objects(self, name: str) -> Iterator["Fields"]:
        """Each object of a list; what is not one is told."""
        found = self.value(name)
        if found is None:
            return
        if not isinstance(found, list):
            self.remark(name, "Not a list.", ("a list of objects",))
            return
        for place, each in enumerate(found):
            if isinstance(each, dict):
                yield Fields(f"{self.at(name)}[{place}]", each)
            else:
                self.remark(f"{name}[{place}]", "Not an object.", ("an object",))

    def inner(self, name: str) -> "Fields | None":
        found = self.value(name)
        return Fields(self.at(name), found) if isinstance(found, dict) else None

    def value_of_all(self) -> dict[str, Any]:
        return self._item

    def take_over(self, *others: "Fields") -> None:
        for other in others:
            self.remarks.extend(other.all_remarks())

    def pass_over(self, *names: str) -> None:
        self._seen.update(names)

    def leave(self, name: str, why: str, allowed: Sequence[str] = ()) -> None:
        """The whole object is left out, for one reason that is told at the field it lies in."""
        self._seen.update(self._item)
        self.remarks = [Remark(self.at(name), why, tuple(allowed))]

    def all_remarks(self) -> tuple[Remark, ...]:
        """What was told so far, and every field that nobody has asked for."""
        left = (
            name
            for name, each in self._item.items()
            if name not in self._seen and each not in (None, "", [])
        )
        return (*self.remarks, *(Remark(self.at(name), NOT_KEPT) for name in left))


def writable(text: str) -> bool:
    """Without control characters other than those of lines, and without halves of characters."""
    return not any(
        (each < " " and each not in _OF_LINES) or "\ud800" <= each <= "\udfff" for each in text
    )


def uuid_of(found: Any) -> UUID | None:
    try:
        return UUID(found) if isinstance(found, str) else None
    except ValueError:
        return None
