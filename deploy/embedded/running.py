"""What can be known of a stack from its data folder, by whoever did not start it."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # its stubs are not among our tools

from deploy.embedded import ledger
from deploy.embedded.errors import NotRunning
from deploy.embedded.processes import check_parts, process_table
from deploy.embedded.program import Program
from deploy.embedded.secret_store import load_secrets
from deploy.embedded.site import Site, engines_given
from deploy.migrations.bootstrap import SERVICES

PATIENCE = 5.0  # seconds for an answer to whether a part is ready


@dataclass(frozen=True)
class PartStatus:
    """`memory_mb` counts the part's own processes, what they share divided among them."""

    name: str
    pid: int | None
    address: str
    ready: bool
    memory_mb: int | None


def running_site(folder: Path) -> tuple[Site, tuple[str, ...]]:
    """The facts and parts of the stack that runs on the folder; raises NotRunning."""
    if ledger.supervisor(folder) is None:
        raise NotRunning(folder=folder)
    stack: dict[str, Any] = json.loads((folder / "stack.json").read_text())
    site = Site(
        folder=folder,
        ports=stack["ports"],
        secrets=load_secrets(folder, SERVICES),
        given={name: url for name, url in engines_given().items() if name in stack["given"]},
        clock_plan=stack["clock_plan"],
    )
    return site, check_parts(stack["addresses"])


def memory_mb(pid: int) -> int | None:
    try:
        first = psutil.Process(pid)
        every = [first, *first.children(recursive=True)]
        used = [one.memory_full_info() for one in every]
    except psutil.Error:
        return None
    return int(sum(getattr(one, "pss", one.rss) for one in used) // 1024**2)


async def _answered(program: Program) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            return await program.ready()
    except TimeoutError:
        return False


async def status(folder: Path) -> list[PartStatus]:
    """Every part that stays up, in the table's order; raises NotRunning."""
    site, parts = running_site(folder)
    recorded = {row.name: row for row in ledger.read(folder) if row.process()}
    lasting = [one for one in process_table(site, parts).values() if not one.completes]
    ready = await asyncio.gather(*(_answered(program) for program in lasting))
    rows = []
    for program, answered in zip(lasting, ready, strict=True):
        pid = recorded[program.name].pid if program.name in recorded else None
        memory = memory_mb(pid) if pid else None
        rows.append(PartStatus(program.name, pid, program.address, answered, memory))
    return rows
