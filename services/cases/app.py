"""What the cases service is made of."""

from infrastructure.service import Service
from services.cases import api, consumers, web
from services.cases.commands import retaining
from services.cases.store import facts
from services.cases.store.deadline_requests import custody_of
from services.cases.store.tables import metadata

service = Service(
    name="cases",
    title="Throughline cases",
    description="The record of each child's case, from the first referral to the look back after closure.",
    metadata=metadata,
    routers=(*api.ROUTERS, *web.ROUTERS),
    topics=consumers.TOPICS,
    handlers=consumers.HANDLERS,
    background=(retaining.watch_retention,),
    custody_of=custody_of,
    changes_of=facts.count,
)
