"""What the operations service is made of."""

from infrastructure import session_pages
from infrastructure.service import Service
from services.operations import api, consumers, store, web

service = Service(
    name="operations",
    title="Throughline operations",
    description="What is overdue now, across all agencies and services, and what has gone silent.",
    metadata=store.metadata,
    routers=(api.router, web.router, session_pages.router),
    topics=consumers.TOPICS,
    handlers=consumers.HANDLERS,
)
