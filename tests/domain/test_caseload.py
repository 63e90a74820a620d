"""A whole caseload handed over: nobody's case is left behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.caseload import CaseloadEmpty, CasesNotNamed, successors
from domain.errors import DomainError, Malformed

REFS = st.sampled_from(["a", "b", "c", "d", "e"])
PEOPLE = st.sampled_from(["amal", "bela", "cleo"])
STRANGERS = "Not of this caseload: y, z."
KEPT = "Whoever hands a case over does not keep it."


@pytest.mark.parametrize(
    ("named", "everything_to", "expected"),
    [
        ({"a": "bela", "b": "cleo"}, None, {"a": "bela", "b": "cleo"}),
        ({}, "bela", {"a": "bela", "b": "bela"}),
        ({"b": "cleo"}, "bela", {"a": "bela", "b": "cleo"}),  # the rest
    ],
)
def test_each_case_has_its_successor(named, everything_to, expected) -> None:
    assert successors("amal", ["a", "b"], named, everything_to) == expected


@pytest.mark.parametrize(
    ("owned", "named", "everything_to", "refusal", "said", "allowed"),
    [
        ([], {}, "bela", CaseloadEmpty, CaseloadEmpty.title(), None),
        (["a", "b"], {"a": "bela"}, None, CasesNotNamed, CasesNotNamed.title(), ("b",)),
        # somebody else's
        (["a"], {"a": "bela", "z": "bela", "y": "bela"}, None, Malformed, STRANGERS, ("a",)),
        (["a"], {"a": "amal"}, None, Malformed, KEPT, None),  # whoever leaves
        (["a"], {}, "amal", Malformed, KEPT, None),
    ],
)
def test_handover_is_refused(owned, named, everything_to, refusal, said, allowed) -> None:
    with pytest.raises(refusal) as refused:
        successors("amal", owned, named, everything_to)
    field = "to" if owned else None
    assert (refused.value.detail, refused.value.field, refused.value.allowed) == (
        said,
        field,
        allowed,
    )


def test_cases_left_out_are_listed() -> None:
    with pytest.raises(CasesNotNamed) as refused:
        successors("amal", ["a", "b", "c"], {"b": "bela"}, None)
    assert refused.value.allowed == ("a", "c")


@given(st.lists(REFS, unique=True), st.dictionaries(REFS, PEOPLE), st.none() | PEOPLE)
def test_either_every_case_has_another_caseworker_or_nothing_moves(owned, named, everyone) -> None:
    try:
        found = successors("amal", owned, named, everyone)
    except DomainError:
        return
    assert set(found) == set(owned)
    assert "amal" not in found.values()
    assert None not in found.values()
