"""What the agencies service is made of."""

from infrastructure.service import Service
from services.agencies import api, store

service = Service(
    name="agencies",
    title="Throughline agencies",
    description="Agencies, their teams and staff, what they offer, and which offers stand behind a need.",
    metadata=store.metadata,
    routers=api.ROUTERS,
)
