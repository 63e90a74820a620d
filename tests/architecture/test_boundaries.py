"""Every boundary holds, and each planted breach of it is caught under the boundary's own name."""

from pathlib import Path

import pytest

from tests.architecture.planted import HOUSE, ROOT, Plant, broken, build, contracts, lint

DOWN = "Imports point down: deploy, services and workflows, infrastructure, contracts, domain"
DEPLOY = "Deployment starts processes and imports none of their insides"
PURE = "The domain is pure"
BUS = "Services meet only on the bus"
TEMPORAL = "Only workflows know Temporal"
RECORDS = "Workflows keep no tables and serve no HTTP"
ROOMS = "Every service has the same rooms"
WORDS = "Contracts share only the vocabulary"
PLANTS: dict[str, tuple[Plant, ...]] = {
    DOWN: (
        ("domain/deadlines.py", "contracts.events"),
        ("contracts/events.py", "infrastructure.clock"),
        ("infrastructure/clock.py", "services.cases.commands"),
        ("infrastructure/clock.py", "workflows.worker"),
        ("services/cases/commands.py", "workflows.worker"),
        ("workflows/worker.py", "services.cases.store"),
        ("services/cases/app.py", "deploy.cli"),
        ("domain/vocabulary.py", "infrastructure.clock"),
    ),
    DEPLOY: (("deploy/cli.py", "services.cases.app"), ("deploy/cli.py", "workflows.worker")),
    PURE: (
        ("domain/deadlines.py", "pydantic"),
        ("domain/deadlines.py", "sqlalchemy"),
        ("domain/vocabulary.py", "asyncio"),
    ),
    BUS: (
        ("services/cases/commands.py", "services.referrals.commands"),
        ("services/referrals/queries.py", "services.cases.store"),
    ),
    TEMPORAL: (
        ("services/cases/commands.py", "temporalio"),
        ("contracts/events.py", "temporalio"),
        ("services/cases/api.py", "infrastructure.temporal"),
    ),
    RECORDS: (
        ("workflows/worker.py", "sqlalchemy"),
        ("workflows/worker.py", "fastapi"),
        ("workflows/worker.py", "infrastructure.db"),
    ),
    ROOMS: (
        ("services/cases/store.py", "services.cases.commands"),
        ("services/cases/store.py", "services.cases.schemas"),
        ("services/cases/commands.py", "services.cases.api"),
        ("services/cases/commands.py", "services.cases.queries"),
        ("services/cases/consumers.py", "services.cases.api"),
        ("services/cases/queries.py", "services.cases.app"),
    ),
    WORDS: (("contracts/events.py", "domain.deadlines"),),
}
CASES = [(name, plant) for name, plants in PLANTS.items() for plant in plants]


def _said(plant: Plant) -> str:
    """How import-linter writes an import: `services.cases.store -> services.cases.commands`."""
    where, imported = plant
    importer = where.removesuffix(".py").replace("/", ".")
    return f"{importer} -> {imported}"


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """One run for each boundary, with all that is planted against it."""
    found = {}
    for number, (name, plants) in enumerate(PLANTS.items()):
        tree = tmp_path_factory.mktemp(f"tree-{number}")
        build(tree, plants)
        found[name] = broken(lint(tree)[1])
    return found


def test_every_boundary_holds_here() -> None:
    holds, said = lint(ROOT)
    assert holds, said


def test_sound_tree_breaks_nothing(tmp_path: Path) -> None:
    build(tmp_path)
    holds, said = lint(tmp_path)
    assert holds, said


def test_every_boundary_has_something_planted_against_it() -> None:
    assert set(PLANTS) == set(contracts())
    assert all((ROOT / where.split("/")[0]).is_dir() for where in HOUSE)


@pytest.mark.parametrize(("name", "plant"), CASES, ids=[_said(plant) for _, plant in CASES])
def test_planted_import_is_caught_by_the_boundarys_name(
    name: str, plant: Plant, verdicts: dict[str, dict[str, str]]
) -> None:
    assert _said(plant) in verdicts[name].get(name, "nothing was caught")


@pytest.mark.parametrize("room", ["helpers.py", "models/__init__.py", "handlers.py"])
def test_new_room_in_a_service_is_caught(room: str, tmp_path: Path) -> None:
    build(tmp_path)
    path = tmp_path / "services" / "cases" / room
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    found = broken(lint(tmp_path)[1])
    assert list(found) == [ROOMS]
    assert (
        f"services.cases.{room.split('.', maxsplit=1)[0].split('/', maxsplit=1)[0]}" in found[ROOMS]
    )
