"""What the worker and the bridge count for Prometheus: types and outcomes, never a case."""

from prometheus_client import Counter, Gauge

ANNOUNCED = Counter("workflow_announcements", "Announcements the bus has accepted", ["type"])
REFUSED = Counter("workflow_announcements_failed", "Tries the bus did not accept", ["type"])
DELIVERY_TRIES = Counter("delivery_tries", "Tries to have a notification sent", ["outcome"])
PROBLEMS = Counter("workflow_problems", "Problems reported of workflows", ["workflow", "problem"])
ERRANDS = Counter("bridge_errands", "What became of errands to workflows", ["kind", "outcome"])
POLL_AGE = Gauge("bridge_poll_age_seconds", "Time since the bus was last read", ["group"])
