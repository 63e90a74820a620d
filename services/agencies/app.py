"""What the agencies service is made of."""

from infrastructure.service import Service
from services.agencies import api, store
from services.agencies.commands.naming import say_names

service = Service(
    name="agencies",
    title="Throughline agencies",
    description="Agencies, their teams and staff, what they offer, and which offers stand behind a need.",
    metadata=store.metadata,
    routers=api.ROUTERS,
    background=(say_names,),
)
