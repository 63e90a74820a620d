"""Every recorded stage of every release replays: no case under way is stopped by a change."""

import json
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from workflows.guard import Guard
from workflows.referral_journey.workflow import ReferralJourney
from workflows.sandbox import sandboxed
from workflows.worker import WORKFLOWS

HISTORIES = sorted((Path(__file__).parent / "histories").rglob("*.json"))


def history(path: Path) -> WorkflowHistory:
    kept = json.loads(path.read_text(encoding="utf-8"))
    return WorkflowHistory.from_json(kept["workflow_id"], {"events": kept["events"]})


def replayer(runner=None) -> Replayer:
    return Replayer(
        workflows=WORKFLOWS,
        interceptors=[Guard()],
        data_converter=pydantic_data_converter,
        workflow_runner=runner or sandboxed(),
    )


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: f"{path.parent.name}-{path.stem}")
async def test_a_recorded_stage_replays(path):
    await replayer().replay_workflow(history(path))


def test_every_stage_of_every_workflow_is_recorded():
    kinds = {path.stem.split("-")[0] for path in HISTORIES}
    assert kinds == {"case", "referral", "review", "closure", "delivery", "mailbox"}
    assert len(HISTORIES) >= 25


async def test_a_change_of_what_a_workflow_does_is_caught(monkeypatch):
    async def says_nothing(self) -> None:
        self._state.because = ""

    monkeypatch.setattr(ReferralJourney, "call_for_fallback", says_nothing)
    [path] = [each for each in HISTORIES if each.stem == "referral-ended"][:1]
    with pytest.raises(workflow.NondeterminismError):
        await replayer(UnsandboxedWorkflowRunner()).replay_workflow(history(path))
