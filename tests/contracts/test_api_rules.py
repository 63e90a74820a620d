"""What docs/api.md promises of every operation of every service, held against the OpenAPI documents.

A new list without a cursor, a change without If-Match, a creation without Idempotency-Key: each fails by its name.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts.generate import ROOT

DOCUMENTS: dict[str, Any] = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted(ROOT.glob("openapi/*.json"))
}
PROBLEMS = {"401": "Unauthenticated", "404": "Missing", "422": "Malformed", "503": "Unavailable"}
OF_ONE_CASE = "one case's own, which is read whole"
OF_ONE_RECORD = "one record's own, bounded by what may happen to it"
COUNTED = "figures by group, not records"

# Lists that come whole, and why. A list that can grow without bound belongs here never.
WHOLE: Mapping[tuple[str, str], str] = {
    ("cases", "read_likely_same"): OF_ONE_CASE,
    ("cases", "read_deadlines"): OF_ONE_CASE,
    ("cases", "read_chronology"): OF_ONE_CASE,
    ("cases", "list_open_questions"): OF_ONE_CASE,
    ("cases", "list_statements"): OF_ONE_CASE,
    ("cases", "list_plan_versions"): OF_ONE_CASE,
    ("cases", "compare_plan_versions"): OF_ONE_CASE,
    ("cases", "read_goal"): OF_ONE_CASE,
    ("cases", "preview_policy"): OF_ONE_CASE,
    ("cases", "list_support"): OF_ONE_CASE,
    ("cases", "list_unmet_needs"): OF_ONE_CASE,
    ("cases", "list_engagement_attempts"): OF_ONE_CASE,
    ("cases", "list_serious_incidents"): OF_ONE_CASE,
    ("cases", "list_erasures"): OF_ONE_CASE,
    ("cases", "list_statement_links"): OF_ONE_CASE,
    ("cases", "list_feedback"): OF_ONE_CASE,
    ("cases", "list_caseloads"): "one agency's team: a row for each who has cases",
    ("cases", "read_caseload_manifest"): "one worker's cases, as they were handed over",
    ("referrals", "list_links"): OF_ONE_RECORD,
    ("referrals", "list_shareable_fields"): "the catalogue, which is fixed",
    ("referrals", "read_referral_times"): COUNTED,
    ("referrals", "read_unmet_needs"): COUNTED,
    ("reviews", "list_postponements"): OF_ONE_RECORD,
    ("reviews", "list_review_reports"): "a report an agency involved",
    ("reviews", "list_meeting_reports"): "a report an agency involved",
    ("operations", "count_overdue"): COUNTED,
    ("agencies", "export_organizations"): "Open Referral HSDS 3 says how: page and per_page",
    ("agencies", "export_services"): "Open Referral HSDS 3 says how: page and per_page",
    **{
        (service, "read_deadline_history"): OF_ONE_RECORD
        for service in ("cases", "referrals", "reviews")
    },
}


def operations() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """(service, method, path, operation)."""
    for service, document in DOCUMENTS.items():
        for path, item in document["paths"].items():
            for method, operation in item.items():
                yield service, method, path, operation


EVERY = [
    pytest.param(*each, id=f"{each[0]}-{each[3].get('operationId', each[2])}")
    for each in operations()
]
READS = [each for each in EVERY if each.values[1] == "get"]
CHANGES = [each for each in EVERY if each.values[1] != "get"]
each_operation = pytest.mark.parametrize(("service", "method", "path", "operation"), EVERY)
each_read = pytest.mark.parametrize(("service", "method", "path", "operation"), READS)
each_change = pytest.mark.parametrize(("service", "method", "path", "operation"), CHANGES)


def resolved(service: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        known = DOCUMENTS[service]["components"]["schemas"]
        return dict(known[str(schema["$ref"]).rsplit("/", 1)[-1]])
    return schema


def answers(operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The JSON of each answer that is no problem."""
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get("application/json")
        if status in ("200", "201") and content is not None:
            yield content


def lists_of(service: str, operation: Mapping[str, Any]) -> list[str]:
    """Names of the fields of its answer that hold lists of things; `[]`: the answer is a list itself."""
    found = []
    for content in answers(operation):
        schema = resolved(service, content["schema"])
        if schema.get("type") == "array":
            found.append("[]")
        for name, field in schema.get("properties", {}).items():
            known = resolved(service, field)
            of_things = "properties" in resolved(service, known.get("items", {}))
            if known.get("type") == "array" and of_things:
                found.append(name)
    return found


def names(operation: Mapping[str, Any], where: str) -> set[str]:
    return {each["name"] for each in operation.get("parameters", ()) if each["in"] == where}


def is_list(path: str, listed: list[str]) -> bool:
    """Not a record that holds lists: those are parts of it."""
    return listed == ["[]"] or ("items" in listed) or (bool(listed) and not path.endswith("}"))


@each_read
def test_what_can_grow_comes_in_pages(
    service: str, method: str, path: str, operation: dict[str, Any]
) -> None:
    listed = lists_of(service, operation)
    if not is_list(path, listed) or (service, operation["operationId"]) in WHOLE:
        return
    assert {"cursor", "limit"} <= names(operation, "query"), f"{path} has no cursor"
    [content] = answers(operation)
    fields = resolved(service, content["schema"])["properties"]
    assert "next_cursor" in fields, f"{path} does not say where its next page begins"
    assert listed == ["items"]
    if operation["operationId"] != "read_past_facts":  # lines of a file, without what is empty
        assert "next_cursor" in resolved(service, content["schema"])["required"]
        assert content["example"].keys() >= {"items", "next_cursor"}


def test_every_exception_is_a_list_that_there_is() -> None:
    known = {(service, operation["operationId"]) for service, *_, operation in operations()}
    assert set(WHOLE) <= known
    paged = {
        (service, operation["operationId"])
        for service, *_, operation in operations()
        if "cursor" in names(operation, "query")
    }
    assert not paged & set(WHOLE)


@each_read
def test_cursor_and_limit_are_the_same_everywhere(
    service: str, method: str, path: str, operation: dict[str, Any]
) -> None:
    asked = {each["name"]: each for each in operation.get("parameters", ())}
    assert not asked.keys() & {"before", "after", "most", "offset", "size"}
    if "cursor" not in asked or operation["operationId"] == "read_past_facts":
        return  # an export in bulk, whose page is a thousand cases
    [text, _] = asked["cursor"]["schema"]["anyOf"]
    assert text["type"] == "string"
    assert "ETag" not in operation["responses"]["200"].get("headers", {})
    if "limit" in asked:
        assert (asked["limit"]["schema"]["maximum"], asked["limit"]["schema"]["default"]) == (
            200,
            50,
        )


@each_change
def test_change_of_a_record_takes_if_match_and_answers_with_its_version(
    service: str, method: str, path: str, operation: dict[str, Any]
) -> None:
    if "{" not in path:
        assert "If-Match" not in names(operation, "header")
        return
    if "x-without-etag" in operation:
        assert "x-without-if-match" in operation
    if reason := operation.get("x-without-if-match"):
        assert len(reason) > 20
        assert "If-Match" not in names(operation, "header")
        return
    assert "If-Match" in names(operation, "header")
    assert "412" in operation["responses"]
    answered = [each for each in operation["responses"] if each in ("200", "201")]
    assert all("ETag" in operation["responses"][each]["headers"] for each in answered)


@each_operation
def test_answer_about_one_record_has_its_version_or_the_document_says_why_not(
    service: str, method: str, path: str, operation: dict[str, Any]
) -> None:
    said = [each for each in ("200", "201") if each in operation["responses"]]
    versioned = [each for each in said if "ETag" in operation["responses"][each].get("headers", {})]
    if reason := operation.get("x-without-etag"):
        assert len(reason) > 20
        assert "{" in path
        assert not versioned
    elif "{" in path and "cursor" not in names(operation, "query"):
        assert versioned == said
    else:
        assert not versioned


@each_change
def test_what_is_said_twice_is_done_once(
    service: str, method: str, path: str, operation: dict[str, Any]
) -> None:
    if method == "delete":
        return  # what is gone stays gone
    if reason := operation.get("x-without-idempotency-key"):
        assert len(reason) > 20
        assert "201" not in operation["responses"]
        return
    assert "Idempotency-Key" in names(operation, "header")


@each_operation
def test_operation_says_what_it_does_and_how_it_refuses(
    service: str, method: str, path: str, operation: dict[str, Any]
) -> None:
    assert operation["operationId"].replace("_", "").isalnum()
    assert operation["summary"]
    assert operation["description"].endswith((".", "?"))
    refused = PROBLEMS if method == "get" else {**PROBLEMS, "409": "Refusal", "413": "TooLarge"}
    for status, name in refused.items():
        assert operation["responses"][status] == {"$ref": f"#/components/responses/{name}"}


@pytest.mark.parametrize("service", DOCUMENTS)
def test_operation_ids_are_unique_and_so_are_the_names_of_bodies(service: str) -> None:
    found = [each[3]["operationId"] for each in operations() if each[0] == service]
    assert len(found) == len(set(found))
    # FastAPI names two bodies of one name after their modules: no name for a client to read.
    assert not [name for name in DOCUMENTS[service]["components"]["schemas"] if "__" in name]


@each_operation
def test_parameters_and_answers_have_examples_that_fit(
    service: str, method: str, path: str, operation: dict[str, Any]
) -> None:
    parts = {"components": DOCUMENTS[service]["components"]}
    for parameter in operation.get("parameters", ()):
        if "example" in parameter:
            Draft202012Validator(parameter["schema"] | parts).validate(parameter["example"])
        assert parameter["in"] == "header" or {"example", "schema"} & parameter.keys()
    for content in answers(operation):
        Draft202012Validator(content["schema"] | parts).validate(content["example"])


@pytest.mark.parametrize("service", DOCUMENTS)
def test_each_kind_of_problem_has_an_example(service: str) -> None:
    document = DOCUMENTS[service]
    problem = document["components"]["schemas"]["Problem"] | {"components": document["components"]}
    for response in document["components"]["responses"].values():
        example = response["content"]["application/problem+json"]["example"]
        Draft202012Validator(problem).validate(example)
