"""The HTTP form every service has: health, problems, its own docs, and routes that are all strict."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.middleware import Middleware

from contracts.events.timekeeping import DeadlineMomentReached
from infrastructure import (
    api_document,
    deadline_request_pages,
    idempotent_routes,
    parked_pages,
    problems,
    restating_pages,
)
from infrastructure.auth import TokenVerifier
from infrastructure.db import Database
from infrastructure.edge import Edge
from infrastructure.health import Check, health_routes
from infrastructure.routes import CurrentViewer, RequestBody, Router, StrictRoute, Uow
from infrastructure.service import Service

__all__ = ["CurrentViewer", "RequestBody", "Router", "Uow", "create_api"]


def create_api(
    service: Service,
    db: Database | None = None,
    tokens: TokenVerifier | None = None,
    checks: Sequence[Check] = (),
) -> FastAPI:
    """Without `db` and `tokens` it can only describe itself."""
    api = FastAPI(
        title=service.title,
        description=service.description,
        version=api_document.VERSION,
        docs_url=None,
        redoc_url=None,
        middleware=[Middleware(Edge)],
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        generate_unique_id_function=lambda route: route.name,
    )
    api.state.changes_of = service.changes_of
    api.state.service, api.state.db, api.state.tokens = service.name, db, tokens
    problems.install(api)
    idempotent_routes.install(api)
    api.router.routes.extend(health_routes(checks))
    for router in service.routers:
        _demand_strict(router)
        api.include_router(router)
    if service.topics:
        api.include_router(parked_pages.router)
    if DeadlineMomentReached in service.handlers:
        api.include_router(restating_pages.router)
    if service.custody_of is not None:
        api.state.custody_of = service.custody_of
        api.include_router(deadline_request_pages.router)
    api_document.install(api)
    return api


def _demand_strict(router: APIRouter) -> None:
    """Found when the process starts, and in every test: a route that would pass over what it does not know."""
    for route in router.routes:
        if not isinstance(route, APIRoute):
            continue
        if not isinstance(route, StrictRoute):
            raise TypeError(f"{route.path} must be on an infrastructure.http.Router")
        body = route.body_field.field_info.annotation if route.body_field else None
        if _passes_over_unknown(body):
            raise TypeError(
                f"{route.path}: the body must refuse unknown fields, as RequestBody does"
            )


def _passes_over_unknown(body: object) -> bool:
    return (
        isinstance(body, type)
        and issubclass(body, BaseModel)
        and body.model_config.get("extra") != "forbid"
    )
