"""A TCP wire to a server that can be cut, refusing everybody, and mended again."""

import asyncio
from contextlib import suppress
from typing import Self


class Wire:
    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._writers: set[asyncio.StreamWriter] = set()
        self._whole = asyncio.Event()
        self._whole.set()
        self._flows = asyncio.Event()
        self._flows.set()
        self.port = 0

    @classmethod
    async def open(cls, host: str, port: int) -> Self:
        wire = cls(host, port)
        wire._server = await asyncio.start_server(wire._join, "127.0.0.1", 0)
        wire.port = wire._server.sockets[0].getsockname()[1]
        return wire

    def cut(self) -> None:
        self._whole.clear()
        for writer in list(self._writers):
            writer.transport.abort()

    def mend(self) -> None:
        self._whole.set()
        self._flows.set()

    def stall(self) -> None:
        """Connections stay, and nothing comes through."""
        self._flows.clear()

    async def close(self) -> None:
        self._server.close()
        self._flows.set()
        self.cut()
        await self._server.wait_closed()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole.is_set():
            writer.transport.abort()
            return
        with suppress(OSError, asyncio.CancelledError):
            far_reader, far_writer = await asyncio.open_connection(*self._target)
            self._writers |= {writer, far_writer}
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(65_536):
                await self._flows.wait()
                writer.write(piece)
                await writer.drain()
        writer.transport.abort()
        self._writers.discard(writer)
