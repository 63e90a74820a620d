"""Stories beside Noor's on the real stack: Temporal's own timers, Kafka and mails between processes.

`THROUGHLINE_STORIES=all` plays every one that ships (`make stories`), a list of names those.
"""

import os
from pathlib import Path

import pytest

from deploy.demo import page
from deploy.demo.run import Run
from deploy.demo.story import read, shipped

SPEED = 2.0
USUAL = "neglect three-providers"
ASKED = os.environ.get("THROUGHLINE_STORIES") or USUAL


@pytest.mark.platform
@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", shipped() if ASKED == "all" else ASKED.split())
async def test_a_story_goes_as_planned_on_the_real_stack(
    name: str, stack_folder: Path, tmp_path: Path
) -> None:
    run = Run(read(name), stack_folder, SPEED, lambda *_: None, any_port=True)
    try:
        await run.open()
        outcome = await run.play(lambda _: None, lambda *_: None)
    finally:
        await run.stack.close()
    assert outcome.wrong == []
    assert outcome.mails > 0
    picture = page.draw(outcome, tmp_path / f"{name}.html").read_text(encoding="utf-8")
    assert "everything as planned" in picture
