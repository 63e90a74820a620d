"""Puts the reviews service together."""

from infrastructure import past_fact_pages
from infrastructure.service import Service
from services.reviews.api import ROUTERS
from services.reviews.consumers import HANDLERS, TOPICS
from services.reviews.store.deadline_requests import custody_of
from services.reviews.store.tables import METADATA

service = Service(
    name="reviews",
    title="Reviews",
    description="Periodic reviews, case conferences and planning meetings: chair, reports, minutes, decisions.",
    metadata=METADATA,
    routers=(*ROUTERS, past_fact_pages.router),
    topics=TOPICS,
    handlers=HANDLERS,
    custody_of=custody_of,
)
