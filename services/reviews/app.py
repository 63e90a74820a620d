"""Puts the reviews service together."""

from infrastructure.service import Service
from services.reviews.api import router
from services.reviews.consumers import HANDLERS, TOPICS
from services.reviews.store.tables import METADATA

service = Service(
    name="reviews",
    title="Reviews",
    description="Periodic reviews of a case: independent chair, meeting, outcome.",
    metadata=METADATA,
    routers=(router,),
    topics=TOPICS,
    handlers=HANDLERS,
)
