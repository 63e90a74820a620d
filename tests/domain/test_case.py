"""Who looks after a case, and over it."""

import pytest

from domain.case import SamePerson, assign
from tests.domain.case_builders import a_case


def test_case_changes_hands() -> None:
    case = assign(a_case(), "carl-o", "sofia-k", "team-b")
    assert (case.caseworker_id, case.supervisor_id, case.team_id) == ("carl-o", "sofia-k", "team-b")


def test_whoever_works_on_a_case_does_not_supervise_it() -> None:
    with pytest.raises(SamePerson) as refused:
        assign(a_case(), "carl-o", "carl-o", None)
    assert refused.value.field == "supervisor_id"
