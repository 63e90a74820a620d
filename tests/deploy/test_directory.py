"""Directory files on the command line: read, cut, sent, told about."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from deploy.cli import app
from deploy.directory import files, importing, telling
from deploy.directory.errors import DirectoryCommandError
from deploy.directory.pieces import entries, pieces, size_of
from deploy.directory.service import AgenciesService

A_LINE = {
    "path": "$[0].services[0]", "kind": "service", "outcome": "skipped", "hsds_id": None, "our_id": None,
    "reason": "No term of it means one of our needs.", "allowed": ["X9"],
    "left_out": [{"path": "$[0].services[0].fees", "reason": "No place for it.", "allowed": []}],
}  # fmt: skip


def an_organization(number: int, services: int) -> dict[str, Any]:
    given_here = [{"id": f"{number}-{each}", "status": "active"} for each in range(services)]
    return {"id": str(number), "name": f"Organization {number}", "services": given_here}


@given(st.lists(st.integers(0, 30), max_size=8), st.integers(200, 2_000))
def test_pieces_hold_everything_once_in_its_order_and_are_small_enough(
    services: list[int], most: int
) -> None:
    document = [an_organization(number, count) for number, count in enumerate(services)]
    seen: dict[str, dict[str, Any]] = {}
    for piece in pieces({"contents": document}, most):
        assert size_of(piece.document) <= most + 4
        for at, entry in enumerate(piece.entries):
            whole = seen.setdefault(entry.item["id"], {**entry.item, "services": []})
            for place, service in enumerate(entry.item.get("services", [])):
                told = piece.place(f"$[{at}].services[{place}].status")
                number = int(entry.item["id"])
                assert told == f"$.contents[{number}].services[{len(whole['services'])}].status"
                whole["services"].append(service)
    assert list(seen.values()) == document


SHAPES: list[tuple[Any, list[str]]] = [
    ({"contents": [{}, {}]}, ["$.contents[0]", "$.contents[1]"]),
    ([1, 2], ["$[0]", "$[1]"]),
    ({"id": "1"}, ["$"]),
    (None, ["$"]),
]


@pytest.mark.parametrize(("document", "paths"), SHAPES)
def test_entries_keep_their_place_in_the_file(document: Any, paths: list[str]) -> None:
    assert [entry.path for entry in entries(document)] == paths
    (piece,) = pieces(document)
    told = [piece.place(f"$[{at}].name") for at in range(len(paths))]
    assert told == [f"{each}.name" for each in paths]
    assert piece.place("$") == "$"


def a_service(*answers: Any, heard: list[Any] | None = None) -> AgenciesService:
    left = list(answers)

    def answer(request: httpx2.Request) -> httpx2.Response:
        if heard is not None:
            heard.append(json.loads(request.content) if request.content else str(request.url))
        status, body = left.pop(0)
        return httpx2.Response(status, json=body)

    return AgenciesService("http://agencies.test", "token", httpx2.MockTransport(answer))


def test_lines_are_told_with_their_file_and_place_and_words_are_counted() -> None:
    heard: list[Any] = []
    report = {"entries": [A_LINE], "unknown": [{"kind": "term", "called": ["X9"], "times": 2}]}
    service = a_service((200, report), heard=heard)
    unknown: Counter[tuple[str, tuple[str, ...]]] = Counter()
    document = {"contents": [an_organization(1, 1)]}
    told = list(importing.taken(service, [(Path("a.json"), document)], {"zone": "UTC"}, unknown))
    assert heard == [{"zone": "UTC", "document": document["contents"]}]
    assert [(line.file, line.path) for line in told] == [("a.json", "$.contents[0].services[0]")]
    assert unknown == {("term", ("X9",)): 2}
    console = Console(width=200, record=True, file=io.StringIO())
    words = [{"kind": "term", "called": ["X9"], "times": 2}]
    telling.tell(console, told, words, dry_run=True)
    text = console.export_text()
    summary = "would be: 0 new, 0 changed, 0 unchanged, 1 skipped"
    for expected in ("No term of it means", "X9", "service.fees 1", summary):
        assert expected in text


def test_an_entry_that_no_request_could_hold_is_skipped_and_the_rest_goes_on() -> None:
    service = a_service((200, {"entries": [], "unknown": []}))
    document = [{"id": "1", "status": "active", "name": "x" * 1_000_000}, {"id": "2"}]
    told = list(importing.taken(service, [(Path("a.json"), document)], {}, Counter()))
    assert [(line.path, line.entry["outcome"]) for line in told] == [("$[0]", "skipped")]


def test_what_the_service_refuses_is_said_in_a_sentence() -> None:
    problem = {"code": "malformed", "detail": "zone: Not an IANA time zone"}
    with pytest.raises(DirectoryCommandError, match="422 malformed: zone: Not an IANA"):
        a_service((422, problem)).take({})
    with pytest.raises(DirectoryCommandError, match="refused: 502"):
        a_service((502, [])).take({})


def test_all_pages_are_read() -> None:
    pages = [{"contents": [{"id": "1"}], "last_page": False}, {"contents": [], "last_page": True}]
    service = a_service(*((200, page) for page in pages))
    assert list(service.organizations()) == [{"id": "1"}]


FILES = [
    ("a.json", "{", "this is not JSON"),
    ("a.json", "[" * 100_000, "nested too deeply"),
    ("a.json", "\xff", "not UTF-8"),
]


@pytest.mark.parametrize(("name", "content", "said"), FILES)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(DirectoryCommandError, match=said) as wrong:
        files.documents([path])
    assert str(path) in str(wrong.value)


def test_a_folder_gives_its_files_those_with_organizations_first(tmp_path: Path) -> None:
    with pytest.raises(DirectoryCommandError, match=r"no \*\.json"):
        files.documents([tmp_path])
    (tmp_path / "a.json").write_text('[{"status": "active"}]')
    (tmp_path / "b.json").write_text('{"name": "Harbour Help"}')
    assert [path.name for path, _ in files.documents([tmp_path])] == ["b.json", "a.json"]


MEANINGS = [
    ("terms: {X9: family-support}", None),
    ("terms: {1800: family-support}\nareas: {}", None),
    ("", None),
    ("needs: {}", "`terms` and `areas`, and nothing else"),
    ("- x", "`terms` and `areas`, and nothing else"),
    ("terms: {X9: [a]}", "one of our codes"),
    ("terms: x", "one of our codes"),
    ("{", "this is not YAML"),
]


@pytest.mark.parametrize(("content", "wrong"), MEANINGS)
def test_a_dictionary_says_for_each_foreign_word_one_of_our_codes(
    tmp_path: Path, content: str, wrong: str | None
) -> None:
    path = tmp_path / "meanings.yaml"
    path.write_text(content)
    if wrong is None:
        assert set(files.meanings(path)) == {"terms", "areas"}
        return
    with pytest.raises(DirectoryCommandError, match=wrong):
        files.meanings(path)


def test_without_a_stack_or_a_token_the_command_says_what_is_needed(tmp_path: Path) -> None:
    env = {"THROUGHLINE_DATA": str(tmp_path), "COLUMNS": "300", "THROUGHLINE_TOKEN": ""}
    (tmp_path / "a.json").write_text("[]")
    ended = CliRunner().invoke(app, ["directory", "import", str(tmp_path / "a.json")], env=env)
    assert (ended.exit_code, "start one with `throughline up`" in ended.output) == (1, True)
    asked = ["directory", "export", "--url", "http://agencies.test"]
    ended = CliRunner().invoke(app, asked, env=env)
    assert (ended.exit_code, "THROUGHLINE_TOKEN" in ended.output) == (1, True)
