"""The Temporal development server: one process, its state in a file, tuned by what was measured to matter."""

import asyncio
import os
import sys
from pathlib import Path

from deploy.embedded.children import Launch, run_to_end
from deploy.embedded.errors import DamagedFolder, DiskFull, StackError
from deploy.embedded.folders import NEEDED_MB
from deploy.embedded.ports import HOST
from deploy.embedded.program import GIVEN_WITHIN, Program, Say
from deploy.embedded.reach import page_answers, port_answers
from deploy.embedded.temporal_program import find_temporal

FLAGS = (
    # A killed process loses nothing; after a power loss the workflows are rebuilt from the records.
    "--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=1",
    # Signal to activity, median: 108 ms without it, 22 ms with it.
    "--dynamic-config-value", "history.transferProcessorMaxPollRPS=1000",
    "--log-level", "error",
)  # fmt: skip


async def answers(address: str) -> bool:
    """True once a server given by its address has its default namespace.

    Asked by a process of its own: the SDK's native threads do not always survive the end of ours.
    """
    host, _, port = address.rpartition(":")
    if not await port_answers(host, int(port)):
        return False
    asking = Launch((sys.executable, "-m", "deploy.embedded.temporal", address))
    code, _words = await run_to_end("temporal-asked", asking, Path(os.devnull), 10)
    return code == 0


async def _ask(address: str) -> None:
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
    from temporalio.service import ConnectConfig, ServiceClient

    service = await ServiceClient.connect(ConnectConfig(target_host=address))
    await service.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))


def _diagnose(folder: Path, words: str) -> StackError | None:
    if "database or disk is full" in words or "No space left on device" in words:
        return DiskFull(free_mb=0, folder=folder, needed_mb=NEEDED_MB)
    for mark in ("file is not a database", "malformed", "no such table", "schema version"):
        if mark in words:
            return DamagedFolder(name="Temporal", folder=folder, reason=mark)
    return None


def _database(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder / "temporal.db")


def temporal(folder: Path, logs: Path, port: int, ui_port: int) -> Program:
    async def launch(say: Say) -> Launch:
        program = await find_temporal(logs / "temporal.log", say)
        command = (
            str(program), "server", "start-dev", "--ip", HOST, "--port", str(port),
            "--ui-ip", HOST, "--ui-port", str(ui_port),
            "--db-filename", _database(folder), *FLAGS,
        )  # fmt: skip
        return Launch(command)

    address = f"{HOST}:{port}"
    return Program(
        name="temporal",
        launch=launch,
        ready=lambda: page_answers(HOST, ui_port, "/api/v1/namespaces/default"),
        diagnose=lambda words: _diagnose(folder, words),
        # Finding the server can mean building it; starting it takes two seconds.
        within=60,
        address=address,
    )


def temporal_given(address: str) -> Program:
    return Program(
        name="temporal",
        launch=None,
        ready=lambda: answers(address),
        within=GIVEN_WITHIN,
        address=address,
        given_by="THROUGHLINE_TEMPORAL_ADDRESS",
    )


if __name__ == "__main__":
    asyncio.run(_ask(sys.argv[1]))
