"""Noor's case, end to end on the real stack: the same run as the demo, held to the same minutes."""

from pathlib import Path

import pytest

from deploy.demo import page
from deploy.demo.run import Run
from deploy.demo.story import read

SPEED = 1.5


@pytest.mark.timeout(400)
async def test_noors_case_goes_as_planned_from_referral_to_look_back(tmp_path: Path) -> None:
    spoken: list[str] = []
    run = Run(read("noor"), tmp_path / "stack", SPEED, lambda *_: None, any_port=True)
    try:
        await run.open()
        outcome = await run.play(lambda heard: spoken.append(heard.type), lambda *_: None)
    finally:
        await run.stack.close()
    assert outcome.wrong == []
    assert len(outcome.clock) == len(outcome.story.clock)
    assert {"deadline.missed.v1", "deadline.escalated.v1", "deadline.acknowledged.v1"} <= set(
        spoken
    )
    assert outcome.mails > 0
    picture = page.draw(outcome, tmp_path / "noor.html").read_text(encoding="utf-8")
    assert "everything as planned" in picture
    assert "http://" not in picture.replace('xmlns="http://www.w3.org/2000/svg"', "")
