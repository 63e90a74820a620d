"""The Temporal development server: one process, its state in a file, tuned by what was measured to matter."""

from pathlib import Path

from deploy.embedded.children import Launch
from deploy.embedded.errors import DamagedFolder, DiskFull, StackError
from deploy.embedded.folders import NEEDED_MB
from deploy.embedded.ports import HOST
from deploy.embedded.program import Program, Say
from deploy.embedded.temporal_program import find_temporal

FLAGS = (
    # A killed process loses nothing; after a power loss the workflows are rebuilt from the records.
    "--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=1",
    # Signal to activity, median: 108 ms without it, 22 ms with it.
    "--dynamic-config-value", "history.transferProcessorMaxPollRPS=1000",
    "--log-level", "error",
)  # fmt: skip


async def answers(address: str) -> bool:
    """True once the server is healthy and its default namespace is there."""
    # Loaded here: its native library costs every other part's start a third of a second.
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
    from temporalio.service import ConnectConfig, RPCError, ServiceClient

    try:
        service = await ServiceClient.connect(ConnectConfig(target_host=address))
        await service.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace="default")
        )
    except (RPCError, RuntimeError):
        return False
    return True


def _diagnose(folder: Path, words: str) -> StackError | None:
    if "database or disk is full" in words or "No space left on device" in words:
        return DiskFull(free_mb=0, folder=folder, needed_mb=NEEDED_MB)
    for mark in ("file is not a database", "malformed", "no such table", "schema version"):
        if mark in words:
            return DamagedFolder(name="Temporal", folder=folder, reason=mark)
    return None


def temporal(folder: Path, logs: Path, port: int, ui_port: int) -> Program:
    async def launch(say: Say) -> Launch:
        folder.mkdir(parents=True, exist_ok=True)
        program = await find_temporal(logs / "temporal.log", say)
        command = (
            str(program), "server", "start-dev", "--ip", HOST, "--port", str(port),
            "--ui-ip", HOST, "--ui-port", str(ui_port),
            "--db-filename", str(folder / "temporal.db"), *FLAGS,
        )  # fmt: skip
        return Launch(command)

    address = f"{HOST}:{port}"
    return Program(
        name="temporal",
        launch=launch,
        ready=lambda: answers(address),
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
        within=10,
        address=address,
        given_by="THROUGHLINE_TEMPORAL_ADDRESS",
    )
