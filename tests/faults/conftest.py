"""`--faults`: the whole run of fifty cases; without it a small one stands for it."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--faults",
        action="store_true",
        default=False,
        help="fifty cases, then a thousand referrals, while every process is killed in turn (some 20 minutes)",
    )


@pytest.fixture
def whole_run(request: pytest.FixtureRequest) -> None:
    # This conftest is read too late for the option when more than this folder is run.
    if not request.config.getoption("--faults", default=False):
        pytest.skip("the whole runs take some twenty minutes: make faults")
