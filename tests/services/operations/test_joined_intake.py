"""An intake that joined a case is followed no more: its case is."""

from datetime import timedelta

import pytest

from contracts.events.cases import CaseIdentified, IntakeJoined
from domain.vocabulary import Source
from tests.services.open_service import BEGIN, Served
from tests.services.operations.test_operations import OTHER, REF, findings, hear, ops

__all__ = ["ops"]  # the fixture


async def test_nothing_is_missed_on_an_intake_that_joined_a_case(
    ops: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.operations.queries.GRACE", timedelta(0))
    identified = CaseIdentified(
        case_ref=REF, at=BEGIN, agency_id="agency-a", team_id=None, source=Source.COMMUNITY,
        policy="default@1",
    )  # fmt: skip
    await hear(ops, identified)
    assert await findings(ops) == [("case-without-deadline", REF)]
    await hear(ops, IntakeJoined(case_ref=REF, at=BEGIN, agency_id="agency-a", joined_to=OTHER))
    assert await findings(ops) == []
