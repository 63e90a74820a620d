"""The lifecycle again, by the real commands of the cases service on a real database: whatever people do, it holds.

THROUGHLINE_LIVES=500 THROUGHLINE_STEPS=40 plays as many lives and says what happened in them.
"""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from services.cases.app import service
from tests.correctness.asking import PACKS
from tests.correctness.case_on_record import Readers
from tests.correctness.lives import play
from tests.correctness.planted_faults import MET, ON_RECORD
from tests.correctness.stages import STAGES, Stages
from tests.services.served import serve
from tests.stack.databases import TestDatabases

ORDINARY = 2 * len(STAGES)
LIVES = int(os.environ.get("THROUGHLINE_LIVES", ORDINARY))
# What a life of whatever happens seldom comes to, and has to.
RARE = (
    "closure-request",
    "closure-approval",
    "closure-approval: approved-by-requester",
    "approval: approved-by-requester",
    "look-back",
    "archive",
    "reopening",
    "pause-requests",
)
STEPS = int(os.environ.get("THROUGHLINE_STEPS", "12"))


@pytest.fixture(scope="module")
def stages(test_databases: TestDatabases) -> Iterator[Stages]:
    """One database for every life."""
    database = test_databases.create("cases")
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as runner:
        serving = serve(service, database, patch)
        served = runner.run(serving.__aenter__())
        readers = runner.run(Readers.open(runner, served, database.admin_url, database.schema))
        yield Stages(readers)
        runner.run(readers.connection.close())
        runner.run(serving.__aexit__(None, None, None))
    test_databases.drop(database.name)


@pytest.mark.timeout(0 if LIVES > ORDINARY else 180)
def test_whatever_is_asked_of_the_real_commands_the_record_is_sound(
    stages: Stages, capsys: pytest.CaptureFixture[str]
) -> None:
    counted: Counter[str] = Counter()
    for stage in STAGES:
        lives = -(-LIVES // len(STAGES))
        counted += play(stages, stage, lives, STEPS, always_the_same=LIVES <= ORDINARY)
    for what in RARE:
        assert counted[what] >= LIVES / 20, f"{what}: nobody has come there"
    if LIVES > ORDINARY:
        with capsys.disabled():
            sys.stdout.writelines(f"\n{count:7} {what}" for what, count in counted.most_common())


@pytest.mark.parametrize("fault", ON_RECORD)
def test_a_planted_fault_is_met_by_the_ordinary_lives(
    stages: Stages, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    stage, words = MET[fault]
    for pack in PACKS:
        stages.begin(pack, stage)  # it is made without the fault
    ON_RECORD[fault](monkeypatch)
    with pytest.raises(AssertionError, match=words):
        play(stages, stage, ORDINARY // len(STAGES), STEPS, always_the_same=True)
