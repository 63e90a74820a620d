"""When a case's first timer was armed, as its workflow's history has it."""

from collections.abc import Iterable

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.service import RPCError

from bench.ground import Ground


async def armed_at(client: Client, workflow_id: str) -> float | None:
    """Unix time of the first timer in the history; None when there is none yet."""
    try:
        async for event in client.get_workflow_handle(workflow_id).fetch_history_events():
            if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
                return event.event_time.ToNanoseconds() / 1e9
    except RPCError:
        return None
    return None


async def all_armed(ground: Ground, refs: Iterable[str]) -> bool:
    client = await Client.connect(ground.stack.site.temporal_address)
    for ref in refs:
        if await armed_at(client, f"case/{ref}") is None:
            return False
    return True
