"""What the referrals service is made of."""

from infrastructure.service import Service
from services.referrals import api, consumers, store

service = Service(
    name="referrals",
    title="Throughline referrals",
    description="A need passed to the providers of its pathway, followed until help has arrived.",
    metadata=store.metadata,
    routers=(api.router,),
    topics=consumers.TOPICS,
    handlers=consumers.HANDLERS,
)
