"""A neighbour's report on the real stack: a missed duty that Temporal's timers, Kafka and the mails all carry."""

from pathlib import Path

import pytest

from deploy.demo import page
from deploy.demo.run import Run
from deploy.demo.story import read

SPEED = 2.0


@pytest.mark.timeout(300)
async def test_neglect_reported_by_a_neighbour_goes_as_planned_on_the_real_stack(
    tmp_path: Path,
) -> None:
    run = Run(read("neglect"), tmp_path / "stack", SPEED, lambda *_: None, any_port=True)
    try:
        await run.open()
        outcome = await run.play(lambda _: None, lambda *_: None)
    finally:
        await run.stack.close()
    assert outcome.wrong == []
    assert outcome.mails > 0
    picture = page.draw(outcome, tmp_path / "neglect.html").read_text(encoding="utf-8")
    assert "everything as planned" in picture
