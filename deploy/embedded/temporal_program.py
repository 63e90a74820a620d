"""Where the Temporal server's program comes from: the PATH, the SDK's own download, or one build with Go."""

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from deploy.embedded.children import Launch, run_to_end
from deploy.embedded.errors import BuildFailed, NoGo
from deploy.embedded.folders import cache_folder, turn
from deploy.embedded.program import Say

TOOL_MODULE = Path(__file__).parents[1] / "temporal-cli"
TOOL = "github.com/temporalio/cli/cmd/temporal"
TOOL_VERSION = (
    "1.5.1"  # later ones carry a replace directive and cannot be a tool of another module
)
DOWNLOAD_WITHIN = 300.0
BUILD_WITHIN = 1800.0

Fetch = Callable[[Path, Path], Awaitable[None]]


async def find_temporal(log: Path, say: Say, fetch: Fetch | None = None) -> Path:
    """Raises NoGo, BuildFailed."""
    on_path = shutil.which("temporal")
    if on_path:
        return Path(on_path)
    cache = cache_folder()
    downloads = cache / f"temporal-sdk-{version('temporalio')}"
    built = cache / f"temporal-{TOOL_VERSION}"
    if found := _cached(downloads, built):
        return found
    async with turn("temporal"):
        if found := _cached(downloads, built):
            return found
        say("fetching the Temporal server (once, about 100 MB)")
        await (fetch or _fetch)(downloads, log)
        if found := _downloaded(downloads):
            return found
        say("building the Temporal server with Go (once, about 4 minutes)")
        return await _build(built, log)


def _cached(downloads: Path, built: Path) -> Path | None:
    return _downloaded(downloads) or (built if built.exists() else None)


def _downloaded(folder: Path) -> Path | None:
    for path in folder.glob("temporal-*") if folder.is_dir() else ():
        if path.suffix != ".downloading" and path.is_file() and path.stat().st_mode & 0o100:
            return path
    return None


async def _fetch(folder: Path, log: Path) -> None:
    """A failed download says so by leaving nothing; the log has the reason."""
    command = (sys.executable, "-m", "deploy.embedded.temporal_program", str(folder))
    await run_to_end("temporal-download", Launch(command), log, DOWNLOAD_WITHIN)


async def _build(target: Path, log: Path) -> Path:
    go = shutil.which("go")
    if go is None:
        raise NoGo
    draft = target.with_suffix(".new")
    command = (go, "build", "-o", str(draft), TOOL)
    code, words = await run_to_end("go", Launch(command, folder=TOOL_MODULE), log, BUILD_WITHIN)
    if code or not draft.exists():
        reason = (words.strip().splitlines() or ["no reason given"])[-1][:200]
        raise BuildFailed(reason=reason, log=log)
    draft.replace(target)
    return target


async def download(folder: Path) -> None:
    """The SDK downloads only for a server that it starts: so starts one, and ends it."""
    from temporalio.testing import WorkflowEnvironment

    environment = await WorkflowEnvironment.start_local(
        download_dest_dir=str(folder), dev_server_download_ttl=timedelta(days=3650)
    )
    await environment.shutdown()


if __name__ == "__main__":
    destination = Path(sys.argv[1])
    destination.mkdir(parents=True, exist_ok=True)
    asyncio.run(download(destination))
