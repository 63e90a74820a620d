"""`--stack=containers`: Postgres, Kafka and Temporal in containers, removed with the session.

Images are the compose file's, overridden by the same variables (THROUGHLINE_IMAGE_POSTGRES, _KAFKA, _TEMPORAL).
Testcontainers' reaper is one image more to fetch: it runs only when THROUGHLINE_IMAGE_RYUK names one. Without it
every container carries its session's name, and a session removes what killed ones left.
"""

import os
import socket
import time
from collections.abc import Callable, Coroutine
from io import BytesIO
from pathlib import Path
from tarfile import TarFile, TarInfo
from typing import Any

import docker
import psutil
import yaml
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from deploy.embedded import kafka, postgres, temporal
from tests.stack.stacks import StackLoop

COMPOSE_FILE = Path(__file__).parents[2] / "docker-compose.yml"
OWNER = "org.throughline.tests"
WITHIN = 120.0  # seconds from a container's start to its answer
POLL = 0.2
PASSWORD = "only-for-tests"


def image(engine: str) -> str:
    """The image of an engine: the variable's, else the one that docker-compose.yml names."""
    written = yaml.safe_load(COMPOSE_FILE.read_text())["services"][engine]["image"]
    variable, _, usual = written.removeprefix("${").removesuffix("}").partition(":-")
    return os.environ.get(variable) or usual


class ContainerServers:
    """Raises RuntimeError where there is no Docker engine: who asks for containers is told, not spared."""

    def __init__(self, loop: StackLoop) -> None:
        self._loop = loop
        self._started: dict[str, tuple[DockerContainer, str]] = {}
        os.environ.setdefault("RYUK_CONTAINER_IMAGE", os.environ.get("THROUGHLINE_IMAGE_RYUK", ""))
        testcontainers_config.ryuk_disabled = not os.environ["RYUK_CONTAINER_IMAGE"]
        testcontainers_config.ryuk_image = os.environ["RYUK_CONTAINER_IMAGE"]
        remove_left_behind()

    def postgres_admin_url(self) -> str:
        return self._address("postgres", _postgres, postgres.answers)

    def kafka_bootstrap(self) -> str:
        return self._address("kafka", _kafka, kafka.answers)

    def temporal_address(self) -> str:
        return self._address("temporal", _temporal, temporal.answers)

    def _address(
        self,
        engine: str,
        start: Callable[[DockerContainer], str],
        answers: Callable[[str], Coroutine[Any, Any, bool]],
    ) -> str:
        if engine not in self._started:
            container = DockerContainer(image(engine)) if engine != "postgres" else _database()
            container.with_kwargs(labels={OWNER: _session()})
            try:
                address = start(container)
                self._wait(engine, container, lambda: self._loop.run(answers(address)))
            except BaseException:
                container.stop()
                raise
            self._started[engine] = (container, address)
        return self._started[engine][1]

    def _wait(self, engine: str, container: DockerContainer, ready: Callable[[], bool]) -> None:
        limit = time.monotonic() + WITHIN
        while not ready():
            container.get_wrapped_container().reload()
            if time.monotonic() > limit or container.status == "exited":
                words = b"\n".join(container.get_logs()).decode(errors="replace")[-2000:]
                raise RuntimeError(
                    f"The container of {engine} does not answer. Its last words:\n{words}"
                )
            time.sleep(POLL)

    def close(self) -> None:
        for container, _address in self._started.values():
            container.stop()  # with its volumes
        self._started.clear()


def _database() -> PostgresContainer:
    return PostgresContainer(
        image("postgres"), username="postgres", password=PASSWORD, dbname="postgres", driver=None
    )


def _postgres(container: DockerContainer) -> str:
    container.with_command("postgres -c fsync=off -c full_page_writes=off -c max_connections=200")
    container.start()
    return f"postgresql://postgres:{PASSWORD}@{_reached(container, 5432)}/postgres"


def _kafka(container: DockerContainer) -> str:
    """A broker tells clients its outer port, which is known only once it runs: so its start waits for a file."""
    settings = yaml.safe_load(COMPOSE_FILE.read_text())["services"]["kafka"]["environment"]
    fixed = {name: text for name, text in settings.items() if "${" not in text}
    container.with_envs(**fixed).with_exposed_ports(9092)
    container.with_command(
        ["bash", "-c", "until [ -f /tmp/outside ]; do sleep 0.1; done; . /tmp/outside"]
    )
    container.start()
    address = _reached(container, 9092)
    script = (
        f"export KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://{address}\nexec /etc/kafka/docker/run\n"
    )
    container.get_wrapped_container().put_archive("/tmp", _archive("outside", script.encode()))
    return address


def _temporal(container: DockerContainer) -> str:
    container.with_exposed_ports(7233).with_command("server start-dev --ip 0.0.0.0 --headless")
    container.start()
    return _reached(container, 7233)


def _reached(container: DockerContainer, port: int) -> str:
    host = container.get_container_host_ip()
    # Docker listens on IPv4 in any case, and `localhost` may mean ::1 first.
    host = "127.0.0.1" if host == "localhost" else host
    return f"{host}:{container.get_exposed_port(port)}"


def _archive(name: str, content: bytes) -> bytes:
    with BytesIO() as buffer:
        with TarFile(fileobj=buffer, mode="w") as tar:
            entry = TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, BytesIO(content))
        return buffer.getvalue()


def _session() -> str:
    """Host, process, and when that process began: process numbers come again."""
    me = psutil.Process()
    return f"{socket.gethostname()}:{me.pid}:{int(me.create_time())}"


def _is_gone(session: str) -> bool:
    host, pid, began = session.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        return int(psutil.Process(int(pid)).create_time()) != int(began)
    except psutil.NoSuchProcess:
        return True


def remove_left_behind() -> None:
    """Removes the containers of sessions of this machine that were killed."""
    try:
        engine = docker.from_env()
    except docker.errors.DockerException as error:
        raise RuntimeError(
            "--stack=containers needs a Docker engine, and none answers (DOCKER_HOST names another one)."
        ) from error
    try:
        for container in engine.containers.list(all=True, filters={"label": OWNER}):
            if _is_gone(container.labels[OWNER]):
                container.remove(force=True, v=True)
    finally:
        engine.close()
