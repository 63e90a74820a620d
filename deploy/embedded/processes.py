"""The process table: every part of the platform, how it is started, and what it needs first."""

import sys
from collections.abc import Iterable

from deploy.embedded.children import Launch
from deploy.embedded.errors import UnknownPart
from deploy.embedded.kafka import kafka, kafka_given
from deploy.embedded.ports import HOST
from deploy.embedded.postgres import postgres, postgres_given
from deploy.embedded.program import Program, Say
from deploy.embedded.reach import page_answers
from deploy.embedded.settings_for import settings_for
from deploy.embedded.site import Site
from deploy.embedded.temporal import temporal, temporal_given
from deploy.migrations.bootstrap import SERVICES

# Engines first, then what stands in for the outside world, then ourselves.
PARTS = (
    "postgres", "kafka", "temporal", "mail", "issuer", "migrations", *SERVICES, "worker", "bridge",
)  # fmt: skip
PORTS_OF = {
    **{name: (name,) for name in PARTS},
    "kafka": ("kafka", "kafka-controller"),
    "temporal": ("temporal", "temporal-ui"),
    "mail": ("mail", "mail-page"),
    "migrations": (),
}
# Python processes that are no service: their command line, and what they need first.
MODULES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "mail": (("deploy.embedded.mail",), ()),
    "issuer": (("deploy.embedded.issuer",), ()),
    "worker": (("workflows", "worker"), ("temporal",)),
    "bridge": (("workflows", "bridge"), ("temporal", "kafka")),
}


def check_parts(parts: Iterable[str]) -> tuple[str, ...]:
    """The parts in the table's order, with the migrations that any service needs."""
    asked = set(parts)
    for name in asked:
        if name not in PARTS:
            raise UnknownPart(name=name, allowed=", ".join(PARTS))
    if asked & set(SERVICES):
        asked.add("migrations")
    return tuple(name for name in PARTS if name in asked)


def port_names(parts: Iterable[str], given: Iterable[str]) -> tuple[str, ...]:
    return tuple(port for part in parts if part not in given for port in PORTS_OF[part])


def process_table(site: Site, parts: Iterable[str]) -> dict[str, Program]:
    return {name: _program(name, site) for name in check_parts(parts)}


def _program(name: str, site: Site) -> Program:
    made = {
        "postgres": _postgres,
        "kafka": _kafka,
        "temporal": _temporal,
        "migrations": _migrations,
    }
    return made[name](site) if name in made else _page(name, site)


def _postgres(site: Site) -> Program:
    if "postgres" in site.given:
        return postgres_given(site.given["postgres"])
    return postgres(
        site.folder / "postgres",
        site.logs,
        site.ports["postgres"],
        site.secrets.postgres_password,
        durable=site.durable,
    )


def _kafka(site: Site) -> Program:
    if "kafka" in site.given:
        return kafka_given(site.given["kafka"])
    return kafka(
        site.folder / "kafka",
        site.logs,
        site.ports["kafka"],
        site.ports["kafka-controller"],
        site.secrets.kafka_cluster,
    )


def _temporal(site: Site) -> Program:
    if "temporal" in site.given:
        return temporal_given(site.given["temporal"])
    return temporal(
        site.folder / "temporal", site.logs, site.ports["temporal"], site.ports["temporal-ui"]
    )


def _migrations(site: Site) -> Program:
    async def launch(_say: Say) -> Launch:
        command = (sys.executable, "-m", "deploy.migrations")
        return Launch(command, settings_for("migrations", site))

    async def ready() -> bool:
        return False  # it is ready when it has ended well

    return Program(
        "migrations", ready=ready, launch=launch, needs=("postgres",), completes=True, within=120
    )


def _page(name: str, site: Site) -> Program:
    """A Python process of ours with a /ready page."""
    module, needs = MODULES.get(name) or (("services", name), ("migrations",))
    port = site.ports["mail-page" if name == "mail" else name]

    async def launch(_say: Say) -> Launch:
        return Launch((sys.executable, "-m", *module), settings_for(name, site))

    return Program(
        name,
        ready=lambda: page_answers(HOST, port, "/ready"),
        launch=launch,
        needs=needs,
        address=f"http://{HOST}:{port}",
    )
