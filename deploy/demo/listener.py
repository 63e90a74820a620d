"""Everything that is said on the bus while a story runs, as an integrator would hear it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer

from contracts.events import TOPICS
from infrastructure.clock import wall_now


@dataclass(frozen=True, slots=True)
class Heard:
    """One event: its case time (UTC), the wall time it was heard, who said it, and its body."""

    id: str
    type: str
    topic: str
    source: str
    time: datetime
    wall: datetime
    body: dict[str, Any]
    raw: bytes


class Listener:
    """Hears every topic from its beginning; `heard` is in the order of arrival."""

    def __init__(self, bootstrap: str, prefix: str, tell: Callable[[Heard], None]) -> None:
        self.heard: list[Heard] = []
        self._tell = tell
        self._consumer = AIOKafkaConsumer(
            *(f"{prefix}{topic}" for topic in TOPICS),
            bootstrap_servers=bootstrap,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            group_id=None,
        )
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Listener":
        await self._consumer.start()
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()
        await self._consumer.stop()

    async def _listen(self) -> None:
        async for record in self._consumer:
            headers = {key: value.decode() for key, value in record.headers}
            heard = Heard(
                id=headers["ce_id"],
                type=headers["ce_type"],
                topic=record.topic.rsplit(".", 1)[-1],
                source=headers["ce_source"],
                time=datetime.fromisoformat(headers["ce_time"]),
                wall=wall_now(),
                body=json.loads(record.value),
                raw=record.value + b"".join(value for _, value in record.headers),
            )
            self.heard.append(heard)
            self._tell(heard)
