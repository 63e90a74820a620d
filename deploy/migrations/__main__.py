"""`python -m deploy.migrations`: bootstrap and migrate, told by the environment.

THROUGHLINE_DATABASE_ADMIN_URL, THROUGHLINE_ROLE_PASSWORDS (JSON: service -> password).
"""

import asyncio
import json
import os
import sys

from deploy.migrations.bootstrap import DATABASE, bootstrap, with_database
from deploy.migrations.run import migrate, services_with_migrations


async def prepare(admin_url: str, passwords: dict[str, str]) -> None:
    await bootstrap(admin_url, passwords)
    wanted = [service for service in services_with_migrations() if service in passwords]
    for service in await migrate(with_database(admin_url, DATABASE), wanted):
        sys.stdout.write(f"{service}: schema up to date\n")


if __name__ == "__main__":
    asyncio.run(
        prepare(
            os.environ["THROUGHLINE_DATABASE_ADMIN_URL"],
            json.loads(os.environ["THROUGHLINE_ROLE_PASSWORDS"]),
        )
    )
