"""The way to Postgres: one engine a process, one transaction a command; `commit` stands here and nowhere else."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import asyncpg
import sqlalchemy.exc
from sqlalchemy import event as listening
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from contracts.envelope import Envelope
from domain.disclosure import Viewer
from domain.errors import DomainError, Unavailable
from infrastructure.audit_chain import ALLOWED
from infrastructure.clock import Clock, clock_from
from infrastructure.settings import Settings
from infrastructure.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from infrastructure.policy_packs import PolicyPacks

_AWAY = "The database did not answer. Try again."
# SQLSTATE classes after which the same command may succeed: connection, rollback (deadlock), resources, operator.
_TRANSIENT = ("08", "40", "53", "55", "57")


class Database:
    """A service's own schema. Every wait for Postgres is bounded by `database_timeout` seconds."""

    def __init__(
        self, settings: Settings, *, clock: Clock | None = None, packs: "PolicyPacks | None" = None
    ) -> None:
        self.settings = settings
        self.service = settings.service_name
        self.schema = settings.database_schema
        self.clock = clock or clock_from(settings)
        self.engine = engine_for(settings)
        self._packs = packs
        self._wakened: list[Callable[[], None]] = []

    @asynccontextmanager
    async def transaction(
        self, viewer: Viewer, *, cause: Envelope | None = None
    ) -> AsyncIterator[UnitOfWork]:
        """Commits when the block ends well, else rolls back; raises Unavailable when Postgres is away.

        An audit entry of a refusal (outcome other than "allowed") is written although all else is undone.
        """
        try:
            async with self._connection() as connection:
                uow = self._unit(connection, viewer, cause)
                try:
                    yield uow
                except DomainError:
                    await connection.rollback()
                    uow.said.clear()
                    uow.expected = None  # what is refused changes no version
                    uow.entries = [entry for entry in uow.entries if entry.outcome != ALLOWED]
                    await uow.flush()
                    await connection.commit()
                    raise
                await uow.flush()
                await connection.commit()
        except Exception as failure:
            if is_transient(failure) and not isinstance(failure, Unavailable):
                raise Unavailable(_AWAY) from failure
            raise
        if uow.said:
            self.wake()

    def _unit(
        self, connection: AsyncConnection, viewer: Viewer, cause: Envelope | None
    ) -> UnitOfWork:
        return UnitOfWork(
            connection,
            viewer=viewer,
            now=self.clock.now(),
            service=self.service,
            packs=self._packs,
            cause=cause,
        )

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        with _answering():
            async with asyncio.timeout(self.settings.database_timeout):
                connection = await self.engine.connect()
        try:
            yield connection
        except BaseException as failure:
            if isinstance(failure, TimeoutError):
                # It hangs: a rollback would hang as long again.
                await _cut(connection)
            raise
        finally:
            await connection.close()

    def on_commit(self, wakened: Callable[[], None]) -> None:
        """Calls back, without arguments, after each commit that said something."""
        self._wakened.append(wakened)

    def wake(self) -> None:
        for wakened in self._wakened:
            wakened()

    async def answers(self) -> bool:
        """Whether Postgres can be reached now; for readiness."""
        try:
            async with self._connection() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as failure:
            if is_transient(failure):
                return False
            raise
        return True

    async def own_connection(self) -> "asyncpg.Connection[Any]":
        """A connection outside the pool, for what must hold and watch one; the caller closes it.

        Raises Unavailable.
        """
        with _answering():
            return await asyncpg.connect(**connect_arguments(self.settings))

    async def close(self) -> None:
        await self.engine.dispose()


def engine_for(settings: Settings) -> AsyncEngine:
    """An engine whose connections see the service's schema only."""
    arguments = connect_arguments(settings)
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(**arguments),
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=settings.database_timeout,
        pool_recycle=1800,
    )
    listening.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def connect_arguments(settings: Settings) -> dict[str, Any]:
    """What asyncpg needs, from the URL and the bounds in the settings."""
    url = make_url(settings.database_url.get_secret_value())
    return {
        "host": _host(url),
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "database": url.database,
        "timeout": settings.database_timeout,
        "command_timeout": settings.database_timeout,
        "server_settings": {
            "application_name": f"throughline {settings.service_name}".strip(),
            "timezone": "UTC",
            **({"search_path": settings.database_schema} if settings.database_schema else {}),
        },
    }


def is_transient(failure: BaseException) -> bool:
    """Whether Postgres is away or busy, so that the same command may succeed later."""
    if isinstance(failure, Unavailable | ConnectionError | TimeoutError):
        return True
    if isinstance(failure, sqlalchemy.exc.TimeoutError | asyncpg.InterfaceError):
        return True
    if isinstance(failure, sqlalchemy.exc.DBAPIError):
        if failure.connection_invalidated or isinstance(failure, sqlalchemy.exc.InterfaceError):
            return True
        return _is_transient_state(getattr(failure.orig, "sqlstate", None))
    return isinstance(failure, asyncpg.PostgresError) and _is_transient_state(failure.sqlstate)


@contextmanager
def _answering() -> Iterator[None]:
    """Raises Unavailable when no connection comes about; with a socket's path that is any OSError."""
    try:
        yield
    except Exception as failure:
        if isinstance(failure, OSError) or is_transient(failure):
            raise Unavailable(_AWAY) from failure
        raise


def _is_transient_state(sqlstate: object) -> bool:
    return isinstance(sqlstate, str) and sqlstate.startswith(_TRANSIENT)


def _host(url: URL) -> Any:
    return url.host or url.query.get("host")


def _refuse_closed(dbapi_connection: Any, _record: object, _proxy: object) -> None:
    """A connection that died while it rested is replaced; costs no round trip, unlike a ping."""
    if dbapi_connection.driver_connection.is_closed():
        raise sqlalchemy.exc.DisconnectionError


async def _cut(connection: AsyncConnection) -> None:
    with suppress(Exception):
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        driver.terminate()
        await connection.invalidate()
