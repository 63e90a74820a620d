"""Policy packs from YAML to the domain's tables; every fault named by file, line and what is allowed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from contracts.policies import schema
from domain.calendars import WorkCalendar
from domain.errors import Malformed
from domain.policy import (
    LIMIT_FORMS,
    Criterion,
    Limit,
    Pack,
    Quorum,
    Reminder,
    Rung,
    StepRule,
    Unit,
)
from domain.vocabulary import Risk
from infrastructure import zoned_packs
from infrastructure.policy_text import PackText
from infrastructure.policy_text import Path as Place
from infrastructure.work_calendars import work_calendar

_SHIPPED = "contracts/policies"
_REMINDERS = ("half", "N hours before", "N days before", "N weeks before")
_LENGTH_KEYS = frozenset({"within", "after", "opens", "pause_limit", "first_rounds"})


class PolicyRefusedError(Exception):
    """Policy packs cannot be used; each line names the file, the line and what is allowed."""


@dataclass(frozen=True, slots=True)
class PolicyPacks:
    """All packs by `name@version`."""

    packs: Mapping[str, Pack]

    @classmethod
    def load(cls, folder: str | Path = "") -> "PolicyPacks":
        """The shipped packs and those of a folder; raises PolicyRefusedError with every fault."""
        found: dict[str, Pack] = {}
        faults: list[str] = []
        for name, content in [*_shipped(), *_in_folder(folder)]:
            try:
                pack = parse(name, content)
            except PolicyRefusedError as refused:
                faults.append(str(refused))
                continue
            if pack.id in found:
                faults.append(f"{name}:1: {pack.id} is already the name of another file's pack")
            found[pack.id] = pack
        if faults:
            raise PolicyRefusedError("\n".join(faults))
        return cls(found)

    def get(self, pack_id: str) -> Pack:
        """The pack of a case; raises Malformed, naming those there are."""
        if pack_id in self.packs:
            return self.packs[pack_id]
        pack, zone = self.packs.get(zoned_packs.plain(pack_id)), zoned_packs.zone_of(pack_id)
        if pack is None or zone is None:
            raise Malformed(
                "There is no such policy pack.", field="policy", allowed=sorted(self.packs)
            )
        return zoned_packs.in_zone(pack, zone)

    def latest(self, name: str, zone: str | None = None) -> Pack:
        """The highest version of a pack, its days counted in `zone`; raises Malformed, naming those there are."""
        versions = [pack for pack in self.packs.values() if pack.name == name]
        if not versions:
            names = sorted({pack.name for pack in self.packs.values()})
            raise Malformed("There is no such policy pack.", field="policy", allowed=names)
        pack = max(versions, key=lambda pack: pack.version)
        return zoned_packs.in_zone(pack, zone) if zone else pack


def parse(name: str, content: str) -> Pack:
    """One file; raises PolicyRefusedError with all its faults, in the order of its lines."""
    text = PackText.read(content)
    file = _shape(text) if text.tree is not None else None
    _check_words(text)
    if file is not None:
        _check_references(text, file)
    if text.faults or file is None:
        raise PolicyRefusedError("\n".join(f"{name}:{fault}" for fault in sorted(text.faults)))
    return _pack(file)


def _shape(text: PackText) -> schema.PackFile | None:
    try:
        return schema.PackFile.model_validate(text.tree)
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            place = tuple(
                part for part in wrong["loc"] if part not in ("alike", "by-risk", "[key]")
            )
            text.fault(place, _sentence(text, place, wrong))
        return None


_PLAIN = {
    "missing": "is needed",
    "too_short": "at least one is needed",
    "string_type": "a single value is needed",
    "list_type": "a list is needed: [one, two]",
    "model_type": "a table of keys and values is needed",
    "dict_type": "a table of keys and values is needed",
}


_NOT = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "bool_parsing": "`true` or `false`",
}
_PATTERNS = {
    schema.KEY: "a key; allowed: small letters, digits and hyphens",
    schema.FACT: "a fact; allowed: two words with a dot between them, such as case.registered",
    schema.DAY: "a day; allowed: year-month-day, such as 2026-12-24",
}


def _sentence(text: PackText, place: Place, wrong: Any) -> str:
    kind, word = wrong["type"], text.scalars.get(place, "")
    if kind == "extra_forbidden":
        return f"not a key here; allowed: {', '.join(_keys_at(place[:-1]))}"
    if kind in ("enum", "literal_error"):
        allowed = wrong["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        return f"{word!r} is not known; allowed: {allowed}"
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"{word!r} is not allowed; {wrong['msg'].removeprefix('Input should be ')} is"
    if kind in _NOT:
        return f"{word!r} is not {_NOT[kind]}"
    if kind == "string_pattern_mismatch" and wrong["ctx"]["pattern"] in _PATTERNS:
        return f"{word!r} is not {_PATTERNS[wrong['ctx']['pattern']]}"
    return _PLAIN.get(kind) or f"{word!r}: {wrong['msg']}"


def _keys_at(place: Place) -> list[str]:
    """The keys of the table at a path, read off the JSON Schema."""
    whole = schema.PackFile.model_json_schema()
    part = whole
    for key in place:
        part = _resolved(whole, part.get("properties", {}).get(key) or _any_inside(part))
    return list(part.get("properties", {}))


def _any_inside(part: Mapping[str, Any]) -> Mapping[str, Any]:
    inside: Mapping[str, Any] = (
        part.get("additionalProperties") or part.get("patternProperties") or part.get("items") or {}
    )
    return inside if "^" not in "".join(inside)[:1] else next(iter(inside.values()))


def _resolved(whole: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    for choice in part.get("oneOf", ()):
        if "$ref" in choice:
            part = choice
    name = str(part.get("$ref", "")).rsplit("/", 1)[-1]
    return dict(whole["$defs"][name] if name else part)


def _check_words(text: PackText) -> None:
    """Limits and reminders, wherever they stand; the domain says what is allowed."""
    for place, word in list(text.scalars.items()):
        keys = [part for part in place if isinstance(part, str)]
        if keys[-1:] == ["reminders"]:
            _try(text, place, f"{word!r} is not a reminder", Reminder.parse, _REMINDERS)
        elif keys and (keys[-1] in _LENGTH_KEYS or "within" in keys[-2:-1]):
            _try(text, place, f"{word!r} is not a limit", Limit.parse, LIMIT_FORMS)
            if word == Unit.AS_AGREED and (keys[0], keys[-1]) != ("steps", "within"):
                text.fault(place, "'as agreed' stands only for the time within which a step is due")


def _try(
    text: PackText, place: Place, what: str, read: Callable[[str], object], allowed: Sequence[str]
) -> None:
    try:
        read(text.scalars[place])
    except Malformed:
        text.fault(place, f"{what}; allowed: {' | '.join(allowed)}")


def _check_references(text: PackText, file: schema.PackFile) -> None:
    for key, step in file.steps.items():
        if step.ladder not in file.ladders:
            allowed = ", ".join(file.ladders)
            text.fault(
                ("steps", key, "ladder"), f"{step.ladder!r} is not known; allowed: {allowed}"
            )
        if step.may_pause is not (step.pause_limit is not None):
            place = ("steps", key, "pause_limit" if step.pause_limit else "may_pause")
            text.fault(place, "may_pause: true and pause_limit stand together, or neither does")
    try:
        _calendar(file.calendar)
    except Malformed as wrong:
        text.fault(("calendar", wrong.field or ""), wrong.detail)


def _pack(file: schema.PackFile) -> Pack:
    return Pack(
        name=file.pack,
        version=file.version,
        title=file.title,
        calendar=_calendar(file.calendar),
        criteria={
            key: Criterion(key, each.title, each.presumed_risk, each.source)
            for key, each in file.criteria.items()
        },
        steps={key: _step(key, step, file) for key, step in file.steps.items()},
        periods={key: Limit.parse(each.within) for key, each in file.periods.items()},
        rhythms={key: _by_risk(each.within) for key, each in file.rhythms.items()},
        figures={key: each.count for key, each in file.figures.items()},
        quorums={
            key: Quorum(each.chair, each.of_case, each.agencies, each.attendance_needed)
            for key, each in file.quorums.items()
        },
    )


def _step(key: str, step: schema.Step, file: schema.PackFile) -> StepRule:
    return StepRule(
        key=key,
        title=step.title,
        owner=step.owner,
        subject=step.subject,
        anchors=tuple(step.anchors),
        met_by=tuple(step.met_by),
        cancelled_by=tuple(step.cancelled_by),
        moved_by=tuple(step.moved_by),
        unless=tuple(step.unless),
        responsible=step.responsible,
        limits=_by_risk(step.within),
        opens=Limit.parse(step.opens) if step.opens else None,
        reminders=tuple(Reminder.parse(each) for each in step.reminders),
        ladder=tuple(
            Rung(each.role, Limit.parse(each.after)) for each in file.ladders[step.ladder].rungs
        ),
        source=step.source,
        pause_limit=Limit.parse(step.pause_limit) if step.pause_limit else None,
        first_rounds=tuple(Limit.parse(each) for each in step.first_rounds),
    )


def _by_risk(within: str | schema.ByRisk) -> dict[Risk, Limit]:
    if isinstance(within, str):
        return dict.fromkeys(Risk, Limit.parse(within))
    return {risk: Limit.parse(text) for risk, text in within.rows().items()}


def _calendar(table: schema.Calendar) -> WorkCalendar:
    return work_calendar(table.zone, tuple(table.weekend), table.holidays, tuple(table.closed))


def _shipped() -> list[tuple[str, str]]:
    folder = files("contracts.policies")
    packs = sorted(
        (each for each in folder.iterdir() if each.name.endswith(".yaml")), key=lambda e: e.name
    )
    return [(f"{_SHIPPED}/{each.name}", each.read_text("utf-8")) for each in packs]


def _in_folder(folder: str | Path) -> Iterable[tuple[str, str]]:
    if not folder:
        return []
    paths = sorted(Path(folder).glob("*.yaml"))
    if not paths:
        raise PolicyRefusedError(f"{folder}: there is no policy pack (*.yaml) in this folder")
    return [(str(path), path.read_text("utf-8")) for path in paths]
