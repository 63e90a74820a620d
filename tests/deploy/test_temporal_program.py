"""Where the Temporal server's program is found; downloads and Go are stood in for."""

import asyncio
from pathlib import Path

import pytest

from deploy.embedded.errors import BuildFailed, NoGo
from deploy.embedded.temporal_program import find_temporal


def a_program(path: Path, script: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


async def no_download(folder: Path, log: Path) -> None:
    return None


@pytest.fixture
def programs(tmp_path, monkeypatch) -> Path:
    """A folder that is all of the PATH, besides the system's own; and an empty cache."""
    monkeypatch.setenv("THROUGHLINE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr("shutil.which", lambda name: _which(tmp_path / "bin", name))
    return tmp_path / "bin"


def _which(folder: Path, name: str) -> str | None:
    path = Path(name) if "/" in name else folder / name
    return str(path) if path.exists() else None


async def find(tmp_path, fetch=no_download):
    said: list[str] = []
    return await find_temporal(tmp_path / "log", said.append, fetch), said


async def test_the_one_on_the_path_is_used(tmp_path, programs):
    mine = a_program(programs / "temporal")
    assert await find(tmp_path) == (mine, [])


async def test_the_sdks_download_is_used_and_kept(tmp_path, programs):
    async def download(folder: Path, log: Path) -> None:
        a_program(folder / "temporal-sdk-python-1.35.0")

    found, said = await find(tmp_path, download)
    assert found.name == "temporal-sdk-python-1.35.0"
    assert said == ["fetching the Temporal server (once, about 100 MB)"]
    assert await find(tmp_path) == (found, [])


async def test_half_a_download_is_not_used(tmp_path, programs):
    async def broken_off(folder: Path, log: Path) -> None:
        a_program(folder / "temporal-sdk-python-1.35.0.downloading")

    with pytest.raises(NoGo, match="install Go"):
        await find(tmp_path, broken_off)


async def test_go_builds_it_once_when_it_cannot_be_downloaded(tmp_path, programs):
    a_program(programs / "go", 'echo built > "$3"')
    found, said = await find(tmp_path)
    assert found.read_text() == "built\n"
    assert said[-1].startswith("building the Temporal server with Go")
    (programs / "go").unlink()
    assert await find(tmp_path) == (found, [])


async def test_two_that_start_at_once_build_it_once(tmp_path, programs):
    a_program(programs / "go", 'echo built >> "$3"; sleep 0.1')
    (found, first), (again, second) = await asyncio.gather(find(tmp_path), find(tmp_path))
    assert found == again
    assert found.read_text() == "built\n"
    assert sorted((len(first), len(second))) == [0, 2]


async def test_a_failed_build_says_why(tmp_path, programs):
    a_program(programs / "go", "echo module not found; exit 1")
    with pytest.raises(BuildFailed, match="module not found"):
        await find(tmp_path)
