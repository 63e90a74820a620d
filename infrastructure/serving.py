"""One process's life: what runs side by side, how a crash ends it, how a signal drains it."""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

import structlog
import uvicorn
from starlette.types import ASGIApp

DRAIN_SECONDS = 10
_REQUESTS_DRAIN_SECONDS = 5

Work = Callable[[], Awaitable[None]]
log = structlog.get_logger(__name__)


class CannotListenError(Exception):
    """The port cannot be listened on."""


async def run_side_by_side(works: Mapping[str, Work], pages: "Pages | None" = None) -> int:
    """Runs until SIGTERM or SIGINT (answers 0), or until a work ends by itself (answers 1).

    Pages stop first, so that no request is accepted that could not be finished; then all else is cancelled.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stopping.set)
    tasks = {asyncio.create_task(_awaited(work), name=name) for name, work in works.items()}
    if pages:
        tasks.add(asyncio.create_task(pages.serve(), name="pages"))
    asked = asyncio.create_task(stopping.wait())
    # What was loaded at the start stays for good; the collector need not look at it again.
    gc.collect()
    gc.freeze()
    await asyncio.wait({*tasks, asked}, return_when=asyncio.FIRST_COMPLETED)
    fallen = [task for task in tasks if task.done()]
    for task in fallen:
        _report(task)
    await _drain(tasks, pages)
    asked.cancel()
    return 1 if fallen else 0


async def _awaited(work: Work) -> None:
    await work()


def _report(task: "asyncio.Task[None]") -> None:
    error = None if task.cancelled() else task.exception()
    log.error("task.ended", task=task.get_name(), exc_info=error)


async def _drain(tasks: set["asyncio.Task[None]"], pages: "Pages | None") -> None:
    serving = {task for task in tasks if task.get_name() == "pages"}
    if pages:
        pages.stop()
        await asyncio.wait(serving, timeout=_REQUESTS_DRAIN_SECONDS + 1)
    for task in tasks:
        task.cancel()
    _, late = await asyncio.wait(tasks, timeout=DRAIN_SECONDS - _REQUESTS_DRAIN_SECONDS - 2)
    if late:
        log.warning("drain.late", names=[task.get_name() for task in late])


class Pages:
    """An ASGI app on a port, in this event loop; signals are the process's own business."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._socket = _listening(host, port)
        self.port = int(self._socket.getsockname()[1])
        self._server = _Server(
            uvicorn.Config(
                app,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                ws="none",
                proxy_headers=False,
                timeout_graceful_shutdown=_REQUESTS_DRAIN_SECONDS,
            )
        )

    async def serve(self) -> None:
        log.info("pages.listening", port=self.port)
        await self._server.serve(sockets=[self._socket])

    def stop(self) -> None:
        self._server.should_exit = True


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listening(host: str, port: int) -> socket.socket:
    try:
        return _tcp_server(host, port)
    except OSError as error:
        raise CannotListenError(
            f"Port {port} on {host} cannot be used ({error.strerror}). "
            "Stop what uses it, or set THROUGHLINE_HTTP_PORT to a free one (0: any)."
        ) from None


def _tcp_server(host: str, port: int) -> socket.socket:
    """As socket.create_server, but with the protocol named: only then asyncio sends without delay."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((host, port))
        server.listen(2048)
    except OSError:
        server.close()
        raise
    return server
