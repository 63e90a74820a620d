"""What the referrals service is made of."""

from infrastructure import past_fact_pages
from infrastructure.service import Service
from services.referrals import api, consumers, store, web
from services.referrals.store.deadline_requests import custody_of

service = Service(
    name="referrals",
    title="Throughline referrals",
    description="A need passed to the providers of its pathway, followed until help has arrived.",
    metadata=store.metadata,
    routers=(*api.ROUTERS, *web.ROUTERS, past_fact_pages.router),
    topics=consumers.TOPICS,
    handlers=consumers.HANDLERS,
    custody_of=custody_of,
)
