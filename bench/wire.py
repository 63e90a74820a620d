"""A client that costs the machine little: requests written as bytes, connections kept, so many at once."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

_TURNED_AWAY, _TRIES, _PAUSE = 503, 20, 0.2


@dataclass(frozen=True, slots=True)
class Answered:
    """`began` and `took` in seconds, by the clock that only rises; `wall` is the answer's Unix time."""

    status: int
    body: bytes
    began: float
    took: float
    wall: float

    def json(self) -> Any:
        return json.loads(self.body)


class Line:
    """One kept connection."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname, parts.port
        self._head = f"Host: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: Any) -> Answered:
        return await self._say("POST", path, body)

    async def put(self, path: str, body: Any) -> Answered:
        return await self._say("PUT", path, body)

    async def _say(self, method: str, path: str, body: Any) -> Answered:
        content = json.dumps(body).encode()
        head = f"{self._head}Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        return await self._send(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content)

    async def get(self, path: str) -> Answered:
        return await self._send(f"GET {path} HTTP/1.1\r\n{self._head}\r\n".encode())

    async def _send(self, request: bytes) -> Answered:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        began = time.perf_counter()
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n", 1)[0])
        body = await self._reader.readexactly(length)
        took = time.perf_counter() - began
        return Answered(int(head.split(b" ", 2)[1]), body, began, took, time.time())

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


async def send_all(
    url: str, token: str, requests: Sequence[tuple[str, Any]], at_once: int
) -> list[Answered]:
    """Every (path, body), so many at once; answers in the order of the requests. Raises RuntimeError."""
    answers: list[Answered | None] = [None] * len(requests)
    numbers = iter(range(len(requests)))

    async def work() -> None:
        line = Line(url, token)
        try:
            for number in numbers:
                answers[number] = await insist(line, *requests[number])
        finally:
            line.close()

    await asyncio.gather(*(work() for _ in range(at_once)))
    return [each for each in answers if each is not None]


async def send_at_rate(
    url: str, token: str, request: Callable[[], tuple[str, Any]], a_second: float, count: int
) -> list[Answered]:
    """So many a second, evenly, whether or not earlier ones have been answered."""
    lines = asyncio.Queue[Line]()
    every: list[Line] = []

    async def one() -> Answered:
        line = Line(url, token) if lines.empty() else lines.get_nowait()
        if line not in every:
            every.append(line)
        answer = await insist(line, *request())
        lines.put_nowait(line)
        return answer

    begins, sent = time.perf_counter(), []
    for number in range(count):
        await asyncio.sleep(max(0.0, begins + number / a_second - time.perf_counter()))
        sent.append(asyncio.create_task(one()))
    try:
        return list(await asyncio.gather(*sent))
    finally:
        for line in every:
            line.close()


async def insist(line: Line, path: str, body: Any) -> Answered:
    """Asks again after a 503, as a client would; the time it took is that of all its tries."""
    began = time.perf_counter()
    for _ in range(_TRIES):
        answer = await line.post(path, body)
        if answer.status != _TURNED_AWAY:
            break
        await asyncio.sleep(_PAUSE)
    return replace(accepted(answer), began=began, took=time.perf_counter() - began)


def accepted(answer: Answered) -> Answered:
    if not 200 <= answer.status < 300:
        raise RuntimeError(f"answered {answer.status}: {answer.body.decode()[:300]}")
    return answer
