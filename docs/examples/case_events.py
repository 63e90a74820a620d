"""Prints the events of one case as they happen: an example of a consumer, with nothing of Throughline in it.

    python docs/examples/case_events.py --case TL-7K2M-9QXA-Y --bootstrap localhost:8092

It needs aiokafka alone (`pip install aiokafka`). It joins no consumer group and commits nothing, so it may be
started and stopped at will: no offset of anybody is changed. What it shows is explained in docs/integrators.md.
"""

import argparse
import asyncio
import json
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

TOPICS = ("cases", "referrals", "reviews", "notifications")
REMEMBERED = 100_000  # ids; a double follows soon after its first


@dataclass(frozen=True)
class CloudEvent:
    """`attributes` are CloudEvents' own (id, type, source, subject, time, sequence ...)."""

    attributes: dict[str, str]
    fields: dict[str, Any]


def read(headers: Iterable[tuple[str, bytes]], body: bytes) -> CloudEvent:
    """By the Kafka binding: the content type alone says which mode it is. Raises ValueError."""
    texts = {name.lower(): text.decode() for name, text in headers}
    if texts.get("content-type", "").startswith("application/cloudevents"):  # structured
        whole = json.loads(body)
        return CloudEvent(whole, whole.pop("data", {}))
    attributes = {name[3:]: text for name, text in texts.items() if name.startswith("ce_")}
    if "id" not in attributes or "type" not in attributes:
        raise ValueError("not a CloudEvent")
    return CloudEvent(attributes, json.loads(body))


class Seen:
    """Delivery is at least once: the same id from the same source is the same event."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._ids: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._remembered = remembered

    def is_double(self, event: CloudEvent) -> bool:
        key = (event.attributes.get("source", ""), event.attributes["id"])
        if key in self._ids:
            return True
        self._ids[key] = None
        if len(self._ids) > self._remembered:
            self._ids.popitem(last=False)
        return False


def line(event: CloudEvent) -> str:
    """One line: when, what, and its fields without those that every event of the case has."""
    said = {name: each for name, each in event.fields.items() if name not in ("case_ref", "at")}
    fields = "  ".join(f"{name}={json.dumps(each)}" for name, each in said.items())
    at = event.fields.get("at", event.attributes.get("time", ""))
    return f"{at}  {event.attributes['type']:<36}  {fields}"


async def case_events(consumer: AIOKafkaConsumer, case_ref: str) -> AsyncIterator[CloudEvent]:
    """Each event of the case once, in the order of its topic; waits for the next for ever."""
    seen = Seen()
    async for record in consumer:
        if record.key != case_ref.encode():  # the key of a record is the case
            continue
        try:
            event = read(record.headers, record.value or b"")
        except ValueError as wrong:
            sys.stderr.write(f"{record.topic}@{record.offset} cannot be read: {wrong}\n")
            continue
        if not seen.is_double(event):
            yield event


async def follow(given: argparse.Namespace) -> int:
    topics = [f"{given.prefix}{name}" for name in given.topics.split(",")]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=given.bootstrap,
        group_id=None,  # of no group: every partition is ours, and nothing is committed
        auto_offset_reset="latest" if given.only_new else "earliest",
    )
    try:
        await consumer.start()
        if missing := sorted(set(topics) - await consumer.topics()):
            sys.stderr.write(f"There is no topic {', '.join(missing)}; is --prefix right?\n")
            return 1
        consumer.subscribe(topics)
        await show(case_events(consumer, given.case), given.stop_after)
        return 0
    except KafkaError as failure:
        sys.stderr.write(f"Kafka at {given.bootstrap} did not answer: {failure}\n")
        return 1
    finally:
        await consumer.stop()


async def show(events: AsyncIterator[CloudEvent], stop_after: int) -> None:
    shown = 0
    async for event in events:
        sys.stdout.write(f"{line(event)}\n")
        sys.stdout.flush()
        shown += 1
        if shown == stop_after:
            return


def arguments() -> argparse.Namespace:
    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument("--case", required=True, help="the case reference, as TL-7K2M-9QXA-Y")
    reader.add_argument(
        "--bootstrap", default="localhost:8092", help="a Kafka broker (%(default)s)"
    )
    reader.add_argument("--prefix", default="throughline.", help="of the topics (%(default)s)")
    reader.add_argument("--topics", default=",".join(TOPICS), help="by comma (%(default)s)")
    reader.add_argument(
        "--only-new", action="store_true", help="leave out what happened before now"
    )
    reader.add_argument("--stop-after", type=int, default=0, metavar="N", help="end after N events")
    return reader.parse_args()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(asyncio.run(follow(arguments())))
