"""docs/policy-packs.md, generated from the schema of packs and of past facts.

python -m deploy.policy.reference_page writes it; with --check it only says whether the page has drifted.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, TypeAdapter

from contracts.past_facts import FactLine
from contracts.policies import schema
from domain.policy import LIMIT_FORMS
from infrastructure.policy_packs import PolicyPacks

PAGE = Path(__file__).parents[2] / "docs" / "policy-packs.md"
AGAIN = "python -m deploy.policy.reference_page"
_GUIDE = Path(__file__).parent / "templates" / "policy-packs.md"
_DEFAULT = schema.SCHEMA_FILE.with_name("default.yaml")

Part = Mapping[str, Any]

# What the schema's own descriptions do not say; a key of a table is told apart by the table's name.
MEANINGS = {
    "PackFile.pack": "The pack's name; with the version it is what a case is pinned to",
    "PackFile.version": "Goes up with every change; a version that cases are pinned to never changes",
    "PackFile.title": "What people call it",
    "PackFile.calendar": "When the agency works",
    "PackFile.criteria": "Why a child is registered; a referral that meets none is refused with a reason",
    "PackFile.rhythms": "How often something is repeated where a plan sets no rhythm of its own",
    "PackFile.periods": "Lengths of time that are not duties by themselves, by name",
    "PackFile.figures": "Numbers that are not lengths of time, by name",
    "PackFile.quorums": "Who must be at a meeting for its outcome to count, by the kind of meeting",
    "PackFile.ladders": "Who is told when a duty is missed, by name",
    "PackFile.steps": "What is owed, by whom, from when and within what time",
    "Calendar.weekend": "The days of the week on which nobody works; none is fine: `[]`",
    "Criterion.title": "What people read",
    "Criterion.presumed_risk": "The risk to presume until somebody has looked",
    "Length.within": "How long",
    "Figure.count": "The number",
    "Rhythm.within": "How often, for every risk",
    "Rung.role": "Who is told",
    "Rung.after": "How long after the breach; `0 hours` is the breach itself",
    "Ladder.rungs": "In the order of time; each is told unless somebody has acknowledged the duty",
    "Step.title": "What people read",
    "Step.owner": "The service that keeps the record which the step is about",
    "Step.subject": "What one duty is about; facts about another subject do not touch it",
    "Step.anchors": "Facts that set the duty; its time runs from each of them",
    "Step.met_by": "Facts that end it as done: in time, or late",
    "Step.unless": "Grounds of closure after which it is not owed",
    "Step.cancelled_by": "Facts that drop it",
    "Step.moved_by": "Facts that reckon it anew, from their own instant; never later unless people agreed so. "
    "One that sets it too sets no second beside one that is owed",
    "Step.responsible": "Who owes it, and is reminded",
    "Step.opens": "How long after the anchor it may be done at the earliest; its people are told then",
    "Step.within": "How long it may take, for every risk alike or for each",
    "Step.reminders": "When its people are reminded; one that falls outside its time is left out",
    "Step.ladder": "The name of one of the pack's ladders",
    "Step.may_pause": "Whether its clock may be stopped, with a reason and an approval",
    "FactLine.subject_type": "What the fact is about",
    "source": "Where the figure comes from; none may go without",
}


def tables(table: type[BaseModel] = schema.PackFile, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every kind of table in a pack, by the key that it stands under, outermost first."""
    yield place, table
    for key, field in table.model_fields.items():
        for inner in _models(field.annotation):
            if inner is not schema.ByRisk:  # shown where it stands
                yield from tables(inner, key)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    else:
        for each in get_args(annotation):
            yield from _models(each)


def page() -> str:
    """The whole page: the guide, with its tables filled in."""
    return (
        _GUIDE.read_text("utf-8")
        .replace("{again}", AGAIN)
        .replace("{packs}", "\n".join(_packs()))
        .replace("{keys}", "\n".join(_keys()))
        .replace("{facts}", "\n".join(_rows("", FactLine, {})))
    )


def _packs() -> Iterator[str]:
    yield "| pack | what | counts in |"
    yield "|---|---|---|"
    for pack in PolicyPacks.load().packs.values():
        yield f"| `{pack.id}` | {pack.title} | {pack.calendar.zone}, {pack.calendar.version} |"


def _keys() -> Iterator[str]:
    example = yaml.safe_load(_DEFAULT.read_text("utf-8"))
    for place, table in tables():
        title = f"`{place}`" if place else "The file"
        yield f"### {title}\n"
        yield f"{(table.__doc__ or '').strip()}\n"
        yield from _rows(place, table, example)
        yield ""


def _rows(place: str, table: type[BaseModel], example: Any) -> Iterator[str]:
    whole = table.model_json_schema()
    needed = whole.get("required", [])
    rows = _examples(place, example)
    yield "| key | needed | what it says | what is allowed |" + (" example |" if rows else "")
    yield "|---|---|---|---|" + ("---|" if rows else "")
    for key, part in whole["properties"].items():
        cells = [
            f"`{key}`",
            "yes" if key in needed else "no",
            meaning(table, key, part),
            form(whole, part),
        ]
        if rows:
            shown = next((row[key] for row in rows if key in row), None)
            cells.append(_example(shown))
        yield f"| {' | '.join(cells)} |"


def meaning(table: type[BaseModel], key: str, part: Part) -> str:
    said = MEANINGS.get(f"{table.__name__}.{key}") or part.get("description") or MEANINGS.get(key)
    return str(said or key.replace("_", " ").capitalize())


def _examples(place: str, example: Any) -> list[Mapping[str, Any]]:
    """Tables of the default pack that stand at this place."""
    if not example:
        return []
    if place == "":
        return [{key: value for key, value in example.items() if not isinstance(value, dict)}]
    if place == "calendar":
        return [example["calendar"]]
    if place == "rungs":
        return [rung for ladder in example["ladders"].values() for rung in ladder["rungs"]]
    if place == "ladders":
        return [{"source": ladder["source"]} for ladder in example["ladders"].values()]
    return list(example[place].values())


def _example(shown: Any) -> str:
    if shown is None:
        return ""
    written = yaml.safe_dump(shown, default_flow_style=True, width=1000, allow_unicode=True)
    return f"`{written.removesuffix('...' + chr(10)).strip()}`"


def _pattern(kind: Any) -> str:
    return str(TypeAdapter(kind).json_schema()["pattern"])


_ENDLESS = [each for each in LIMIT_FORMS if each != "as agreed"]
_FORMS = {
    _pattern(schema.LimitText): ", ".join(f"`{each}`" for each in LIMIT_FORMS),
    _pattern(schema.LengthText): ", ".join(f"`{each}`" for each in _ENDLESS),
    _pattern(schema.ReminderText): "`half`, `N hours before`, `N days before`, `N weeks before`",
    _pattern(schema.FactName): "a fact, such as `case.registered`",
    _pattern(schema.Key): "a key: small letters, digits, hyphens",
    _pattern(schema.Day): "a day, such as `2026-12-24`",
}


def form(whole: Part, part: Part) -> str:
    """What may stand there, in words."""
    if "$ref" in part:
        return form(whole, whole["$defs"][part["$ref"].rsplit("/", 1)[-1]])
    for several in ("oneOf", "anyOf"):
        if several in part:
            choices = [each for each in part[several] if each.get("type") != "null"]
            return "; or ".join(form(whole, each) for each in choices)
    if "enum" in part:
        return ", ".join(f"`{each}`" for each in part["enum"])
    return _plain(whole, part)


def _plain(whole: Part, part: Part) -> str:
    match part.get("type"):
        case "array":
            return f"a list of: {form(whole, part['items'])}"
        case "boolean":
            return "`true`, `false`"
        case "integer":
            return f"a whole number from {part['minimum']} to {part['maximum']}"
        case "object" if "properties" in part:
            return f"a table of {', '.join(f'`{key}`' for key in part['properties'])}"
        case "object":
            return "tables by key, see below"
        case _:
            return _text(part)


def _text(part: Part) -> str:
    if "pattern" in part:
        return _FORMS.get(
            part["pattern"], f"text like `{part['pattern'].replace('|', chr(92) + '|')}`"
        )
    if part.get("format") == "date-time":
        return "an instant with its zone, such as `2026-03-02T08:00:00Z`"
    if part.get("format") == "duration":
        return "a length of time, such as `P14D` or `-PT36H`"
    if part.get("format") == "uuid":
        return "a UUID"
    return f"text, at most {part['maxLength']} characters" if "maxLength" in part else "text"


def main(arguments: list[str] | None = None) -> int:
    reader = argparse.ArgumentParser(prog=AGAIN, description=(__doc__ or "").splitlines()[0])
    reader.add_argument("--check", action="store_true", help="write nothing; fail on drift")
    given = reader.parse_args(arguments)
    if not given.check:
        PAGE.write_text(page(), "utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text("utf-8") == page():
        return 0
    sys.stderr.write(f"{PAGE.name} differs from the schema; run {AGAIN}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
