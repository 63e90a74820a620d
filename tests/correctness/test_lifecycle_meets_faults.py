"""The lifecycle in memory is sharp: its ordinary lives meet each fault that is planted in the rules."""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.correctness.planted_faults import IN_RULES
from tests.correctness.test_lifecycle import ORDINARY, Lifecycle

MOST = 600  # a life that meets a rare one, two pauses of one duty, comes now early and now late


@pytest.mark.parametrize("fault", IN_RULES)
def test_a_planted_fault_is_met_by_the_ordinary_lives_in_memory(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    IN_RULES[fault](monkeypatch)
    as_it_is_met = settings(
        ORDINARY, max_examples=MOST, phases=(Phase.generate,), report_multiple_bugs=False
    )
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run_state_machine_as_test(Lifecycle, settings=as_it_is_met)
