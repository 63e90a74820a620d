"""The gate: a change that breaks a reader of any release is caught, by name, with what to do instead."""

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.compatibility import (
    ROOT,
    all_breaks,
    breaks,
    earlier_versions,
    refused_examples,
)
from contracts.compatibility_shapes import Schema, normal, shape_breaks
from contracts.events import REGISTRY
from contracts.generate_schemas import schemas

SET = "deadline.set.v1"
Change = Callable[[Schema], object]


def test_no_event_breaks_a_reader_of_an_earlier_version() -> None:
    assert all_breaks() == []


def test_every_golden_example_is_read_by_model_and_schema() -> None:
    assert refused_examples() == []


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_event_has_golden_examples(name: str) -> None:
    assert list((ROOT / "golden" / name).glob("*.json")), (
        f"{name} has none: run python -m contracts.generate and commit contracts/golden/{name}"
    )


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_golden_examples_are_written_again_as_they_were_read(name: str) -> None:
    for path in (ROOT / "golden" / name).glob("*.json"):
        event = REGISTRY[name].model_validate_json(path.read_text())
        again = REGISTRY[name].model_validate_json(event.model_dump_json())
        assert again == event


def _fields(schema: Schema) -> Schema:
    fields: Schema = schema["properties"]
    return fields


def _role(schema: Schema) -> list[str]:
    words: list[str] = schema["$defs"]["Role"]["enum"]
    return words


def _moment(schema: Schema) -> Schema:
    moment: Schema = schema["$defs"]["DeadlineMoment"]
    return moment


PLANTED: list[tuple[Change, str]] = [
    # what somebody might change, and the sentence that names it
    (lambda s: _fields(s).pop("policy"), "`policy` was removed, so a new consumer refuses old"),
    (lambda s: _fields(s).update(note={"type": "string"}), "`note` was added, so an old consumer"),
    (lambda s: s["required"].append("restated"), "`restated` was made required, so a new consumer"),
    (lambda s: s["required"].remove("policy"), "`policy` is no longer required, so an old"),
    (lambda s: _role(s).append("judge"), "`responsible` now also allows judge, so an old consumer"),
    (lambda s: _role(s).remove("manager"), "`responsible` no longer allows manager, so a new"),
    (lambda s: _fields(s).update(due_at={"type": "integer"}), "`due_at` was string and is integer"),
    (lambda s: _fields(s)["version"].update(minimum=1), "`version` allows less than it did"),
    (lambda s: _fields(s)["version"].pop("minimum"), "`version` allows more than it did"),
    (
        lambda s: _fields(s)["step"].update(pattern="^[a-z]{1,9}$"),
        "`step` allows something else than it did, so neither reads the other's events",
    ),
    (lambda s: _fields(s)["step"].pop("pattern"), "`step` allows more than it did, so an old"),
    (lambda s: _fields(s)["due_at"].pop("format"), "`due_at` allows more than it did"),
    (
        lambda s: _fields(s).update(person_id=_fields(s)["person_id"]["anyOf"][0]),
        "`person_id` may no longer be empty, so a new consumer",
    ),
    (
        lambda s: _fields(s).update(step={"anyOf": [_fields(s)["step"], {"type": "null"}]}),
        "`step` may now be empty, so an old consumer",
    ),
    (lambda s: _fields(_moment(s)).pop("at"), "`moments[].at` was removed"),
    (lambda s: _moment(s)["required"].remove("at"), "`moments[].at` is no longer required"),
    (lambda s: s.pop("additionalProperties"), "`the event` allows more than it did"),
    (lambda s: s.update({"x-key": "deadline_id"}), "its key was `case_ref` and is `deadline_id`"),
    (lambda s: s["x-topics"].remove("reviews"), "it no longer travels in `reviews`"),
]


@pytest.mark.parametrize(("change", "sentence"), PLANTED, ids=[each[1] for each in PLANTED])
def test_planted_change_is_caught_by_name_and_says_what_to_do(
    change: Change, sentence: str
) -> None:
    before = schemas()
    after = copy.deepcopy(before)
    change(after[SET])
    found = breaks("0.1.0", before, after)
    assert any(each.startswith(f"{SET}, since 0.1.0: {sentence}") for each in found), found
    assert all(each.endswith("publish deadline.set.v2 beside it.") for each in found)


def test_withdrawn_type_is_caught() -> None:
    after = schemas()
    del after[SET]
    assert "the type is gone" in breaks("0.1.0", schemas(), after)[0]


HARMLESS: dict[str, Change] = {
    "a better description": lambda s: s.update(description="Said better."),
    "a title": lambda s: _fields(s)["step"].update(title="The step"),
    "words in another order": lambda s: _role(s).reverse(),
    "needs in another order": lambda s: s["required"].reverse(),
    "one more topic": lambda s: s["x-topics"].append("timekeeping"),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_better_words_and_another_order_break_nobody(change: Change) -> None:
    after = schemas()
    change(after[SET])
    assert breaks("0.1.0", schemas(), after) == []


def test_reference_and_the_same_shape_in_place_are_alike() -> None:
    schema = schemas()[SET]
    placed = {**normal(schema), "$schema": schema["$schema"]}
    assert list(shape_breaks(normal(schema), normal(placed))) == []


def _copied(tmp_path: Path) -> Path:
    for folder in ("schemas", "golden"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_release_is_held_though_the_committed_schemas_were_changed_with_the_code(
    tmp_path: Path,
) -> None:
    root = _copied(tmp_path)
    schema = schemas()[SET]
    _fields(schema)["colour"] = {"type": "boolean"}
    released = root / "schemas" / "released" / "0.0.9"
    released.mkdir(parents=True)
    (released / f"{SET}.json").write_text(json.dumps(schema))
    assert [each for each in all_breaks(root) if "since 0.0.9: `colour` was removed" in each]


def test_example_that_a_reader_refuses_is_named(tmp_path: Path) -> None:
    root = _copied(tmp_path)
    path = root / "golden" / SET / "full.json"
    broken = {**json.loads(path.read_text()), "step": "Noor is sad"}
    path.write_text(json.dumps(broken))
    found = refused_examples(root)
    assert any("golden/deadline.set.v1/full.json: DeadlineSet cannot read it" in s for s in found)
    assert any("refused by the committed schemas: $.step" in sentence for sentence in found)


def test_old_events_of_a_type_that_is_gone_are_named(tmp_path: Path) -> None:
    left = {name: event for name, event in REGISTRY.items() if name != SET}
    found = refused_examples(_copied(tmp_path), left)
    assert any(SET in sentence and "old events stay readable" in sentence for sentence in found)


def test_releases_are_found_by_their_folders(tmp_path: Path) -> None:
    (tmp_path / "schemas" / "released" / "0.1.0").mkdir(parents=True)
    assert list(earlier_versions(tmp_path)) == ["0.1.0", "the committed schemas"]
