"""Noor's case, end to end on the real stack: the same run as the demo, held to the same minutes."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from deploy.demo import page
from deploy.demo.run import Run
from deploy.demo.story import read

SPEED = 2.0


@pytest.mark.platform
@pytest.mark.timeout(400)
async def test_noors_case_goes_as_planned_from_referral_to_look_back(
    stack_folder: Path, tmp_path: Path
) -> None:
    spoken: list[str] = []
    run = Run(read("noor"), stack_folder, SPEED, lambda *_: None, any_port=True)
    try:
        await run.open()
        outcome = await run.play(lambda heard: spoken.append(heard.type), lambda *_: None)
    finally:
        await run.stack.close()
    assert outcome.wrong == []
    assert _one_trace_joins_all(stack_folder / "traces")
    assert len(outcome.clock) == len(outcome.story.clock)
    assert {"deadline.missed.v1", "deadline.escalated.v1", "deadline.acknowledged.v1"} <= set(
        spoken
    )
    assert outcome.mails > 0
    picture = page.draw(outcome, tmp_path / "noor.html").read_text(encoding="utf-8")
    assert "everything as planned" in picture
    assert "http://" not in picture.replace('xmlns="http://www.w3.org/2000/svg"', "")


def _one_trace_joins_all(folder: Path) -> bool:
    """HTTP -> outbox -> Kafka -> bridge -> workflow -> activity -> Kafka -> consumer, in one trace."""
    way: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for path in folder.glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            span = json.loads(line)
            way[span["trace_id"]].add((span["service"], span["name"]))
    wanted = {
        ("cases", "POST /cases/{ref}/plan"),
        ("bridge", "bridge deadline.set.v1"),
        ("worker", "announce deadline.moment-reached.v1"),
        ("cases", "deadline.moment-reached.v1 consume"),
        ("notifications", "deadline.missed.v1 consume"),
        ("worker", "RunActivity:attempt-deliveries"),
        ("notifications", "POST /deliveries/attempts"),
    }
    return any(wanted <= spans for spans in way.values())
