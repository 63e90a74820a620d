"""The database, and for each service a role and a schema that no other service's role can read.

Tables belong to the role that migrates, so a service can neither change its tables' shape nor switch
off row-level security. Safe to run again: it only adds what is missing and renews passwords.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

SERVICES = ("cases", "referrals", "reviews", "notifications", "agencies", "operations")
DATABASE = "throughline"
LOCK = 7_402_115  # any number; bootstraps of one server wait for each other


def role_name(service: str) -> str:
    return f"throughline_{service}"


def with_database(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def service_url(admin_url: str, service: str, password: str, database: str = DATABASE) -> str:
    parts = urlsplit(admin_url)
    address = parts.netloc.rpartition("@")[2]
    login = f"{role_name(service)}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{login}@{address}", path=f"/{database}"))


def _identifier(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        raise ValueError(f"{name!r} is no plain database name: small letters, digits, _")
    return f'"{name}"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


async def create_database(admin: asyncpg.Connection, database: str) -> None:
    found = await admin.fetchval("select 1 from pg_database where datname = $1", database)
    if not found:
        await admin.execute(f"create database {_identifier(database)}")


async def create_role(admin: asyncpg.Connection, service: str, password: str) -> None:
    """Creates the service's role, or renews its password."""
    role = _identifier(role_name(service))
    found = await admin.fetchval("select 1 from pg_roles where rolname = $1", role_name(service))
    verb = "alter" if found else "create"
    await admin.execute(
        f"{verb} role {role} login nosuperuser nocreatedb nocreaterole noinherit "
        f"password {_literal(password)}"
    )


async def create_schema(inside: asyncpg.Connection, database: str, service: str) -> None:
    """The service's schema in the database that `inside` is connected to."""
    role, schema = _identifier(role_name(service)), _identifier(service)
    await inside.execute(
        f"""
        create schema if not exists {schema};
        grant connect on database {_identifier(database)} to {role};
        grant usage on schema {schema} to {role};
        grant select, insert, update, delete on all tables in schema {schema} to {role};
        grant usage, select on all sequences in schema {schema} to {role};
        alter default privileges in schema {schema}
            grant select, insert, update, delete on tables to {role};
        alter default privileges in schema {schema} grant usage, select on sequences to {role};
        alter role {role} in database {_identifier(database)} set search_path = {schema};
        """
    )


async def close_to_public(inside: asyncpg.Connection, database: str) -> None:
    await inside.execute(
        f"revoke all on database {_identifier(database)} from public;"
        "revoke all on schema public from public;"
    )


async def bootstrap(admin_url: str, passwords: Mapping[str, str], database: str = DATABASE) -> None:
    """Prepares the database for the services named in `passwords`."""
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute("select pg_advisory_lock($1)", LOCK)
        await create_database(admin, database)
        for service, password in passwords.items():
            await create_role(admin, service, password)
        inside = await asyncpg.connect(with_database(admin_url, database))
        try:
            await close_to_public(inside, database)
            for service in passwords:
                await create_schema(inside, database, service)
        finally:
            await inside.close()
    finally:
        await admin.close()
