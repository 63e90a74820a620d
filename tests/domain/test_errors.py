"""The tree of refusals: one code, one status, one sentence each."""

import re

import pytest

from domain import errors
from domain.errors import DomainError, Hidden, Malformed, Missing, Refusal

# Whoever imports the rules adds refusals of their own; here, the roots.
ROOTS = [
    each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, DomainError)
]  # fmt: skip


@pytest.mark.parametrize("error", ROOTS, ids=lambda error: error.__name__)
def test_every_error_has_a_kebab_code_a_status_and_a_sentence(error: type[DomainError]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", error.code)
    assert error.status in (401, 404, 409, 412, 413, 422, 500, 503)
    assert error.title().endswith(".")
    assert error().detail == error.title()
    assert str(error("Say this.")) == "Say this."


@pytest.mark.parametrize("error", ROOTS, ids=lambda error: error.__name__)
def test_tree_in_the_docstring_is_the_tree_in_the_code(error: type[DomainError]) -> None:
    drawn = re.findall(r"^[│├└─ ]*(\w+) +(\d{3}) ", errors.__doc__ or "", re.MULTILINE)
    if error is not DomainError:
        assert (error.__name__, str(error.status)) in drawn
    assert len(drawn) == len(ROOTS) - 1


def test_hidden_answers_exactly_like_missing() -> None:
    assert (Hidden.code, Hidden.status, Hidden.title()) == (
        Missing.code,
        Missing.status,
        Missing.title(),
    )
    assert str(Hidden()) == str(Missing())


def test_malformed_names_the_field_and_what_is_allowed() -> None:
    error = Malformed("Wrong.", field="risk", allowed=["low", "high"])
    assert (error.field, error.allowed) == ("risk", ("low", "high"))
    assert Malformed("Wrong.").allowed is None


def test_refusal_says_its_docstring() -> None:
    class ClosureNotApproved(Refusal):
        """A case closes only with a supervisor's approval."""

        code = "closure-not-approved"

    assert ClosureNotApproved().detail == "A case closes only with a supervisor's approval."
    assert ClosureNotApproved.status == 409


def test_class_without_a_docstring_says_its_code() -> None:
    class Bare(Refusal):
        code = "bare"

    assert Bare.title() == "bare"
