"""What is odd about a pack that can be read: facts that nothing says, lengths that services ask for in vain."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from contracts.events import REGISTRY
from domain.policy import Pack
from infrastructure.policy_text import PackText

_FACT_KEYS = ("anchors", "met_by", "cancelled_by", "moved_by")


@dataclass(frozen=True, slots=True)
class Remark:
    """`is_fault`: the services would refuse commands under this pack."""

    line: int
    place: str
    what: str
    is_fault: bool = False

    def __str__(self) -> str:
        return f"{self.line}: {self.place}: {self.what}"


def remarks(content: str, pack: Pack, default: Pack) -> list[Remark]:
    """In the order of the file's lines; the pack has been read without faults."""
    text = PackText.read(content)
    found = [*_unknown_facts(text, pack, default), *_asked_for(text, pack, default)]
    return sorted(found, key=lambda remark: remark.line)


def _unknown_facts(text: PackText, pack: Pack, default: Pack) -> Iterable[Remark]:
    known = known_facts(default)
    for key in pack.steps:
        for place in text.scalars:
            if place[:2] != ("steps", key) or place[2:3] not in [(each,) for each in _FACT_KEYS]:
                continue
            word = text.scalars[place]
            if word not in known:
                near = get_close_matches(word, known, n=1)
                meant = f"; did you mean {near[0]}?" if near else ""
                yield Remark(
                    text.lines[place], _dotted(place), f"nothing is known to say {word!r}{meant}"
                )


def known_facts(default: Pack) -> list[str]:
    """The events, and the plain facts that the default pack waits for."""
    events = {name.rsplit(".", 1)[0] for name in REGISTRY}
    waited_for = {
        fact
        for rule in default.steps.values()
        for fact in (*rule.anchors, *rule.met_by, *rule.cancelled_by, *rule.moved_by)
    }
    return sorted(events | waited_for)


def _asked_for(text: PackText, pack: Pack, default: Pack) -> Iterable[Remark]:
    for table, asked, given in (
        ("periods", default.periods, pack.periods),
        ("rhythms", default.rhythms, pack.rhythms),
    ):
        for key in asked:
            if key not in given:
                line = text.lines.get((table,), 1)
                what = f"{key!r} is needed, as the services ask for it"
                yield Remark(line, table, what, is_fault=True)
    left_out = [key for key in default.steps if key not in pack.steps]
    if left_out:
        what = f"nobody will owe {', '.join(left_out)}, as in the default pack"
        yield Remark(text.lines[("steps",)], "steps", what)


def _dotted(place: tuple[object, ...]) -> str:
    return ".".join(str(part) for part in place)
