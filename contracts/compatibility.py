"""The gate: no event's schema may change its meaning within a version.

Both directions are held, against every earlier version that is committed: a new consumer reads old events
(backward), and an old consumer reads new ones (forward). Consumers refuse fields they do not know, so even one
more field is a new version of the type. `python -m contracts.compatibility` fails naming each break.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from jsonschema import Draft202012Validator
from pydantic import ValidationError

from contracts.compatibility_shapes import Schema, normal, shape_breaks
from contracts.events import REGISTRY, Event
from contracts.generate_schemas import schemas

ROOT = Path(__file__).parent


def earlier_versions(root: Path = ROOT) -> dict[str, dict[str, Schema]]:
    """The schemas of every release, and those committed now, by release and type."""
    found = {
        folder.name: _read(folder)
        for folder in sorted((root / "schemas" / "released").glob("*"))
        if folder.is_dir()
    }
    return {**found, "the committed schemas": _read(root / "schemas")}


def breaks(release: str, earlier: Mapping[str, Schema], now: Mapping[str, Schema]) -> list[str]:
    """A sentence for each event of an earlier version that can no longer be told or understood."""
    return [
        f"{name}, since {release}: {wrong}. {_advice(name)}"
        for name, old in earlier.items()
        for wrong in _event_breaks(old, now.get(name))
    ]


def all_breaks(root: Path = ROOT) -> list[str]:
    now = schemas()
    return [
        sentence
        for release, earlier in earlier_versions(root).items()
        for sentence in breaks(release, earlier, now)
    ]


def refused_examples(
    root: Path = ROOT, registry: Mapping[str, type[Event]] = REGISTRY
) -> list[str]:
    """A sentence for each golden example that a model or a schema of any release refuses."""
    versions = earlier_versions(root)
    found = []
    for path in sorted((root / "golden").glob("*/*.json")):
        name, text = path.parent.name, path.read_text("utf-8")
        place = f"golden/{name}/{path.name}"
        found += [f"{place}: {wrong}" for wrong in _model_refuses(registry.get(name), text)]
        for release, known in versions.items():
            if name in known and (wrong := _schema_refuses(known[name], text)):
                found.append(f"{place}: refused by {release}: {wrong}")
    return found


def _event_breaks(old: Schema, new: Schema | None) -> Iterator[str]:
    if new is None:
        yield "the type is gone, and subscribers wait for it in vain (forward)"
        return
    for topic in old["x-topics"]:
        if topic not in new["x-topics"]:
            yield f"it no longer travels in `{topic}`, where subscribers read it (forward)"
    if old["x-key"] != new["x-key"]:
        yield f"its key was `{old['x-key']}` and is `{new['x-key']}`, so order is lost (forward)"
    yield from shape_breaks(normal(old), normal(new))


def _advice(name: str) -> str:
    base, _, version = name.rpartition(".v")
    return f"Leave it as it was and publish {base}.v{int(version) + 1} beside it."


def _model_refuses(event: type[Event] | None, text: str) -> Iterator[str]:
    if event is None:
        yield "no event of this type is left to read it; old events stay readable"
        return
    try:
        event.model_validate_json(text)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        yield f"{event.__name__} cannot read it: {first['loc']}: {first['msg']}"


def _schema_refuses(schema: Schema, text: str) -> str | None:
    wrong = next(iter(Draft202012Validator(schema).iter_errors(json.loads(text))), None)
    return None if wrong is None else f"{wrong.json_path}: {wrong.message}"


def _read(folder: Path) -> dict[str, Schema]:
    return {
        path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))
    }


def main() -> int:
    found = [*all_breaks(), *refused_examples()]
    sys.stderr.write("".join(f"{sentence}\n" for sentence in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
