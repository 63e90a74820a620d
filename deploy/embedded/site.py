"""One stack's facts - folder, ports, secrets, engines given by URL - and the addresses that follow from them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded.ports import HOST
from deploy.embedded.postgres import admin_url
from deploy.embedded.secret_store import Secrets

# An engine of which the environment knows an address is used as it is.
GIVEN_BY = {
    "postgres": "THROUGHLINE_DATABASE_ADMIN_URL",
    "kafka": "THROUGHLINE_KAFKA_BOOTSTRAP",
    "temporal": "THROUGHLINE_TEMPORAL_ADDRESS",
}


def engines_given(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    return {name: environment[key] for name, key in GIVEN_BY.items() if environment.get(key)}


@dataclass(frozen=True)
class Site:
    folder: Path
    ports: Mapping[str, int]
    secrets: Secrets
    given: Mapping[str, str] = field(default_factory=dict)
    clock_plan: str = ""
    durable: bool = True

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def database_admin_url(self) -> str:
        embedded = admin_url(self.ports.get("postgres", 0), self.secrets.postgres_password)
        return self.given.get("postgres") or embedded

    @property
    def kafka_bootstrap(self) -> str:
        return self.given.get("kafka") or self.address("kafka")

    @property
    def temporal_address(self) -> str:
        return self.given.get("temporal") or self.address("temporal")

    def address(self, port_name: str) -> str:
        port = self.ports.get(port_name)
        return f"{HOST}:{port}" if port else ""

    def url(self, port_name: str) -> str:
        address = self.address(port_name)
        return f"http://{address}" if address else ""
