"""What is odd about a pack that can be read: facts that nobody says, lengths left out, more time in danger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from contracts.events import REGISTRY
from domain.policy import Limit, Pack, Unit
from domain.vocabulary import Risk
from infrastructure.policy_text import PackText
from infrastructure.policy_text import Path as Place

# What the cases service says on the record only, and no shipped pack waits for.
_PLAIN_FACTS = (
    "action.started",
    "concern.received",
    "engagement.attempted",
    "feedback.comment",
    "handover-item.ticked",
    "planning-meeting.held",
    "same-child.decided",
    "statement-link.issued",
    "statement-link.locked",
    "statement-link.revoked",
    "statement.verification-changed",
)
_ANCHORS = "anchors"
_FACT_KEYS = (_ANCHORS, "met_by", "cancelled_by", "moved_by")
_HIGHER_MEANS_SOONER = (Risk.IMMINENT, Risk.HIGH, Risk.MEDIUM, Risk.LOW)
_HOURS = {Unit.HOURS: 1, Unit.DAYS: 24, Unit.WEEKS: 168, Unit.MONTHS: 730, Unit.WORKING_DAYS: 24}
_RISK_CHANGED = "risk.changed"


@dataclass(frozen=True, slots=True)
class Remark:
    """`is_fault`: the services would refuse commands under this pack, or a duty would never be set."""

    line: int
    place: str
    what: str
    is_fault: bool = False

    def __str__(self) -> str:
        return f"{self.line}: {'' if self.is_fault else 'warning: '}{self.place}: {self.what}"


def remarks(content: str, pack: Pack, default: Pack) -> list[Remark]:
    """In the order of the file's lines; the pack has been read without faults."""
    text = PackText.read(content)
    found = [
        *_unknown_facts(text, pack, default),
        *_asked_for(text, pack, default),
        *_followed_by_nothing(text, pack, default),
        *_upside_down(text, pack),
        *_left_as_they_were(text, pack),
    ]
    return sorted(found, key=lambda remark: remark.line)


def _unknown_facts(text: PackText, pack: Pack, default: Pack) -> Iterable[Remark]:
    known = known_facts(default)
    for key in pack.steps:
        for place in text.scalars:
            if place[:2] != ("steps", key) or place[2:3] not in [(each,) for each in _FACT_KEYS]:
                continue
            word = text.scalars[place]
            if word not in known:
                yield _unknown_fact(text, place, known)


def _unknown_fact(text: PackText, place: Place, known: list[str]) -> Remark:
    """A fault where it would set the duty; what ends or moves one may be named before anything says it."""
    word = text.scalars[place]
    what = f"nothing is known to say {word!r}"
    near = get_close_matches(word, known, n=5)
    if place[2] == _ANCHORS:
        others = [each for each in known if each not in near]
        what += f", so it would never set the duty; allowed: {', '.join((*near, *others))}"
        return Remark(text.lines[place], _dotted(place), what, is_fault=True)
    meant = f"; did you mean {near[0]}?" if near else ""
    return Remark(text.lines[place], _dotted(place), f"{what}{meant}")


def known_facts(default: Pack) -> list[str]:
    """The events, the plain facts that the default pack waits for, and those that are only noted."""
    events = {name.rsplit(".", 1)[0] for name in REGISTRY}
    waited_for = {
        fact
        for rule in default.steps.values()
        for fact in (*rule.anchors, *rule.met_by, *rule.cancelled_by, *rule.moved_by)
    }
    return sorted({*events, *waited_for, *_PLAIN_FACTS})


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


def _followed_by_nothing(text: PackText, pack: Pack, default: Pack) -> Iterable[Remark]:
    """A fact that sets or meets a duty in the default pack, and here sets none, or leaves that duty open."""
    anchors = {fact for rule in pack.steps.values() for fact in rule.anchors}
    for key, rule in default.steps.items():
        if key not in pack.steps:
            continue
        for fact in (each for each in rule.anchors if each not in anchors):
            place = ("steps", key, _ANCHORS)
            what = f"nobody will owe anything after {fact!r}, unlike in the default pack"
            yield Remark(_line(text, place), _dotted(place), what)
        for fact in (each for each in rule.met_by if each not in pack.steps[key].met_by):
            place = ("steps", key, "met_by")
            what = f"{fact!r} leaves it open, unlike in the default pack"
            yield Remark(_line(text, place), _dotted(place), what)


def _upside_down(text: PackText, pack: Pack) -> Iterable[Remark]:
    """More danger, more time: most often two figures that changed places."""
    tables = [(("steps", key), rule.limits) for key, rule in pack.steps.items()]
    tables += [(("rhythms", key), rhythm) for key, rhythm in pack.rhythms.items()]
    for place, limits in tables:
        for sooner, later in pairwise(_HIGHER_MEANS_SOONER):
            if _is_longer(limits, sooner, later):
                yield Remark(
                    _line(text, (*place, "within", sooner.value)),
                    _dotted((*place, "within")),
                    f"{limits[sooner]} when the risk is {sooner}, but {limits[later]} when it is {later}",
                )


def _is_longer(limits: Mapping[Risk, Limit], sooner: Risk, later: Risk) -> bool:
    """Of what can be compared: working days only with working days, as weekends lie between them."""
    one, other = limits[sooner], limits[later]
    units = {one.unit, other.unit}
    if Unit.AS_AGREED in units or (Unit.WORKING_DAYS in units and len(units) > 1):
        return False
    return one.count * _HOURS[one.unit] > other.count * _HOURS[other.unit]


def _left_as_they_were(text: PackText, pack: Pack) -> Iterable[Remark]:
    """A time that depends on the risk, of a duty that stays as it is when the risk rises."""
    for key, rule in pack.steps.items():
        differ = len(set(map(str, rule.limits.values()))) > 1
        if differ and _RISK_CHANGED not in (*rule.moved_by, *rule.anchors):
            what = (
                "its time depends on the risk, but it is not reckoned anew when the risk changes; "
                f"add moved_by: [{_RISK_CHANGED}]"
            )
            yield Remark(_line(text, ("steps", key, "within")), f"steps.{key}.within", what)


def _line(text: PackText, place: tuple[str, ...]) -> int:
    return text.lines.get(place) or text.lines[place[:-1]]


def _dotted(place: tuple[object, ...]) -> str:
    return ".".join(str(part) for part in place)
