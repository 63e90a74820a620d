"""What is committed is what the contracts generate; a file that has drifted is named."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts import asyncapi, generate
from contracts.events import REGISTRY, TOPICS
from contracts.generate_examples import examples
from contracts.generate_schemas import DEADLINE_TOPICS, schemas
from infrastructure.policy_packs import PolicyPacks

ROOT = generate.ROOT


def test_committed_files_are_what_the_events_generate() -> None:
    files = generate.generated()
    openapi = {f"openapi/{path.name}": path.read_text() for path in ROOT.glob("openapi/*.json")}
    assert generate.drift(ROOT, files | openapi) == []


def test_changed_missing_and_left_over_files_are_named(tmp_path: Path) -> None:
    generate.write(tmp_path, {"schemas/a.v1.json": "old", "schemas/gone.v1.json": "{}"})
    found = generate.drift(tmp_path, {"schemas/a.v1.json": "new", "schemas/b.v1.json": "{}"})
    assert [sentence.split(";")[0] for sentence in found] == [
        "contracts/schemas/a.v1.json differs from the code",
        "contracts/schemas/b.v1.json is missing",
        "contracts/schemas/gone.v1.json is generated from nothing",
    ]


def test_check_fails_naming_the_drifting_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = generate.generated()
    generate.write(tmp_path, files | {"schemas/case.closed.v1.json": "{}"})
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    assert generate.main(["--check", "--without-openapi"]) == 1
    assert "contracts/schemas/case.closed.v1.json differs" in capsys.readouterr().err
    generate.write(tmp_path, files)
    assert generate.main(["--check", "--without-openapi"]) == 0


def test_released_schemas_are_frozen(tmp_path: Path) -> None:
    generate.release(tmp_path, "0.9.0")
    with pytest.raises(SystemExit, match=r"0\.9\.0 is released"):
        generate.release(tmp_path, "0.9.0")


def test_examples_are_written_once_and_never_again(tmp_path: Path) -> None:
    generate.write_missing_examples(tmp_path)
    kept = tmp_path / "golden" / "case.closed.v1" / "full.json"
    kept.write_text("as it was")
    generate.write_missing_examples(tmp_path)
    assert kept.read_text() == "as it was"


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_schema_is_a_valid_one_and_says_what_it_is(name: str) -> None:
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert (schema["x-type"], schema["title"]) == (name, REGISTRY[name].__name__)
    assert schema["description"]
    assert set(schema["x-topics"]) <= set(TOPICS)
    assert schema["x-key"] in schema["required"]


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_made_up_examples_fit_model_and_schema(name: str) -> None:
    for example in examples(REGISTRY[name]).values():
        REGISTRY[name].model_validate_json(json.dumps(example))
        Draft202012Validator(schemas()[name]).validate(example)


def test_type_names_are_past_facts_with_a_version_and_a_topic() -> None:
    for name in REGISTRY:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]*", name)


def test_duties_travel_in_the_topics_of_their_owners() -> None:
    pack = PolicyPacks.load().latest("default")
    assert {rule.owner for rule in pack.steps.values()} <= set(DEADLINE_TOPICS)


@pytest.fixture(scope="module")
def bus() -> dict[str, Any]:
    return asyncapi.document("0")


def test_asyncapi_names_a_channel_a_topic_and_every_event(bus: dict[str, Any]) -> None:
    assert bus["asyncapi"] == "3.0.0"
    assert set(bus["channels"]) == set(TOPICS)
    assert set(bus["components"]["messages"]) == set(REGISTRY)
    for name in ("deadline.set.v1", "deadline.missed.v1"):
        where = {topic for topic, channel in bus["channels"].items() if name in channel["messages"]}
        assert where == set(DEADLINE_TOPICS)


def test_every_reference_of_asyncapi_leads_somewhere(bus: dict[str, Any]) -> None:
    for reference in _references(bus):
        if reference.startswith("./"):
            assert (ROOT / reference).is_file(), reference
            continue
        place: Any = bus
        for key in reference.removeprefix("#/").split("/"):
            place = place[key]


def test_asyncapi_says_which_event_is_in_the_header(bus: dict[str, Any]) -> None:
    for name, message in bus["components"]["messages"].items():
        assert message["headers"]["properties"]["ce_type"]["const"] == name
        assert message["payload"]["$ref"] == f"./schemas/{name}.json"


def test_new_event_appears_in_channel_and_messages() -> None:
    document = asyncapi.document("9", {"case.closed.v1": REGISTRY["case.closed.v1"]})
    assert list(document["channels"]["cases"]["messages"]) == ["case.closed.v1"]
    assert list(document["components"]["messages"]) == ["case.closed.v1"]


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if "$ref" in part else []
        return own + [found for each in part.values() for found in _references(each)]
    if isinstance(part, list):
        return [found for each in part for found in _references(each)]
    return []
