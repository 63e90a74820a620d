"""Processes are killed at any point: what was acknowledged stands, and what has come is said once."""

from pathlib import Path

import pytest
from rich.console import Console

from deploy.embedded.processes import PARTS
from tests.faults.run import Ordeal, undergo

pytestmark = pytest.mark.platform

SMALL = Ordeal(
    cases=6,
    parts=(
        "postgres", "kafka", "temporal", "issuer", "cases", "agencies", "operations", "worker", "bridge",
    ),
    killed=("worker", "bridge", "cases"),
    phases=((20.0, 6.0),),
    away=1.0,
    between=1.0,
    pause=(0.3, 1.5),
    settles_within=60.0,
    lead=12.0,
)  # fmt: skip
# 90 days of the cases: first days in which the assessments fall due, then weeks, then days again.
WHOLE = Ordeal(
    cases=50,
    parts=PARTS,
    killed=(
        "worker", "bridge", "cases", "referrals", "reviews", "notifications", "agencies", "operations",
        "kafka", "temporal", "postgres",
    ),
    phases=((90.0, 4.0), (60.0, 24.0), (60.0, 6.0)),
    away=4.0,
    between=3.0,
    pause=(2.0, 9.0),
    settles_within=400.0,
    lead=35.0,
)  # fmt: skip
# Eight days of a thousand referrals, each of a case whose first days are in order.
REFERRALS = Ordeal(
    cases=0,
    referrals=1000,
    parts=PARTS,
    killed=(
        "referrals",
        "worker",
        "bridge",
        "cases",
        "notifications",
        "kafka",
        "temporal",
        "postgres",
    ),
    phases=((240.0, 0.8), (30.0, 0.2)),
    away=3.0,
    between=8.0,
    pause=(30.0, 90.0),
    settles_within=420.0,
    lead=180.0,
)


@pytest.mark.timeout(240)
async def test_a_few_cases_outlive_the_worker_the_bridge_and_their_service(
    stack_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What a killed worker held is handed to the next one soon, so that the run is a short one.
    monkeypatch.setenv("THROUGHLINE_STICKY_SECONDS", "5")
    assert await undergo(SMALL, stack_folder, Console(width=150)) == []


@pytest.mark.timeout(1200)
@pytest.mark.usefixtures("whole_run")
async def test_fifty_cases_outlive_every_process(stack_folder: Path) -> None:
    assert await undergo(WHOLE, stack_folder, Console(width=150)) == []


@pytest.mark.timeout(1500)
@pytest.mark.usefixtures("whole_run")
async def test_a_thousand_referrals_outlive_every_process(stack_folder: Path) -> None:
    assert await undergo(REFERRALS, stack_folder, Console(width=150)) == []
