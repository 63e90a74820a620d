"""A whole caseload handed over: nobody's case is left behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.caseload import CaseloadEmpty, CasesNotNamed, successors
from domain.errors import DomainError, Malformed

REFS = st.sampled_from(["a", "b", "c", "d", "e"])
PEOPLE = st.sampled_from(["amal", "bela", "cleo"])


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
    ("owned", "named", "everything_to", "refusal"),
    [
        ([], {}, "bela", CaseloadEmpty),
        (["a", "b"], {"a": "bela"}, None, CasesNotNamed),
        (["a"], {"a": "bela", "z": "bela"}, None, Malformed),  # somebody else's
        (["a"], {"a": "amal"}, None, Malformed),  # whoever leaves
        (["a"], {}, "amal", Malformed),
    ],
)
def test_handover_is_refused(owned, named, everything_to, refusal) -> None:
    with pytest.raises(refusal):
        successors("amal", owned, named, everything_to)


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
