"""Puts the notifications service together."""

from infrastructure import session_pages
from infrastructure.service import Service
from services.notifications import web
from services.notifications.api import router
from services.notifications.commands.digests import send_digests
from services.notifications.consumers import HANDLERS, TOPICS
from services.notifications.store.tables import METADATA

service = Service(
    name="notifications",
    title="Notifications",
    description="Whoever must know is told: in the application at once, and by e-mail or text message.",
    metadata=METADATA,
    routers=(router, web.router, session_pages.router),
    topics=TOPICS,
    handlers=HANDLERS,
    background=(send_digests,),
)
