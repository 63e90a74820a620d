"""What every route is made of: one transaction, the viewer, strict input, one answer an idempotency key."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict

from domain.disclosure import Viewer
from domain.errors import Malformed
from infrastructure import idempotent_routes, versions
from infrastructure.auth import viewer
from infrastructure.db import Database
from infrastructure.unit_of_work import UnitOfWork


class RequestBody(BaseModel):
    """Base of every request's body: a field that is not known is refused, not passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


async def unit_of_work(
    request: Request, who: Annotated[Viewer, Depends(viewer)]
) -> AsyncIterator[UnitOfWork]:
    """An open transaction; it commits before the answer leaves, so the answer is never a lie."""
    db: Database = request.app.state.db
    async with db.transaction(who) as uow:
        await idempotent_routes.begin(request, uow)
        versions.begin(request, uow)
        request.state.uow = uow
        yield uow
    versions.finish(request, uow)


# Scope `function`: left once the route has returned and before anything is sent.
Uow = Annotated[UnitOfWork, Depends(unit_of_work, scope="function")]
CurrentViewer = Annotated[Viewer, Depends(viewer)]


class StrictRoute(APIRoute):
    """Refuses unknown query parameters, and keeps the answer of a request with an idempotency key."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        known = sorted(
            each.alias
            for each in get_flat_params(self.dependant)
            if isinstance(each.field_info, Query)
        )

        async def strict(request: Request) -> Response:
            for name in request.query_params:
                if name not in known:
                    raise Malformed("This parameter is not known.", field=name, allowed=known)
            response = request.state.response = await answer(request)
            await idempotent_routes.finish(request, response)
            return response

        return strict


class Router(APIRouter):
    """An APIRouter whose routes are strict; services use no other."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=StrictRoute, **options)
