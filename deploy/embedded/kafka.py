"""Apache Kafka 4.2 in KRaft mode, one node, from its Maven jars."""

from pathlib import Path

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from deploy.embedded.children import Launch, run_to_end
from deploy.embedded.errors import DamagedFolder, DiskFull, PortInUse, StackError
from deploy.embedded.folders import NEEDED_MB
from deploy.embedded.java import cached_jars, class_path, java
from deploy.embedded.ports import HOST
from deploy.embedded.program import GIVEN_WITHIN, Program, Say
from deploy.embedded.reach import port_answers

# Kafka's own dependencies hold no log writer, and without one it fails in silence.
ENDPOINT = "org.apache.kafka:kafka_2.13:4.2.0+org.slf4j:slf4j-simple:1.7.36"
JVM = (
    "-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
)  # fmt: skip
SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
log.dirs={data}
auto.create.topics.enable=false
num.partitions=4
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.retention.hours=720
log.segment.bytes=67108864
log.cleaner.dedupe.buffer.size=16777216
broker.heartbeat.interval.ms=1000
broker.session.timeout.ms=4000
"""


def _diagnose(folder: Path, port: int, words: str) -> StackError | None:
    if "No space left on device" in words:
        return DiskFull(free_mb=0, folder=folder, needed_mb=NEEDED_MB)
    if "Address already in use" in words:
        return PortInUse(port=port, name="kafka")
    marks = ("meta.properties", "cluster.id", "node.id", "CorruptRecord", "bootstrap.checkpoint")
    for line in words.splitlines():
        if any(mark in line for mark in marks) and ("Exception" in line or "ERROR" in line):
            return DamagedFolder(name="Kafka", folder=folder, reason=line.strip()[:200])
    return None


def _write_settings(folder: Path, port: int, controller_port: int) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "server.properties"
    path.write_text(
        SETTINGS.format(host=HOST, port=port, controller_port=controller_port, data=folder / "data")
    )
    return str(path)


async def _format(folder: Path, cluster: str, jars: str, log: Path) -> None:
    command = (
        java(), *JVM, "-cp", jars, "kafka.tools.StorageTool", "format",
        # Joined by "=", because one name in 64 begins with a dash.
        f"--cluster-id={cluster}", "--config", str(folder / "server.properties"),
    )  # fmt: skip
    code, words = await run_to_end("kafka-format", Launch(command), log, 60)
    if code:
        last = (words.strip().splitlines() or ["no reason given"])[-1]
        raise _diagnose(folder, 0, words) or DamagedFolder(name="Kafka", folder=folder, reason=last)


async def answers(bootstrap: str) -> bool:
    """True once a broker takes part in the cluster; a bare port answers earlier than that."""
    host, _, port = bootstrap.split(",", maxsplit=1)[0].rpartition(":")
    if not await port_answers(host, int(port)):
        return False
    client = AIOKafkaClient(bootstrap_servers=bootstrap, request_timeout_ms=2000)
    try:
        await client.bootstrap()
        return bool(client.cluster.brokers())
    except (KafkaError, OSError):
        return False
    finally:
        await client.close()


def kafka(folder: Path, logs: Path, port: int, controller_port: int, cluster: str) -> Program:
    async def launch(say: Say) -> Launch:
        data = folder / "data"
        if cached_jars(ENDPOINT) is None:
            say("fetching Kafka from Maven Central (once, about 60 MB)")
        jars = await class_path(ENDPOINT, logs / "kafka.log")
        properties = _write_settings(folder, port, controller_port)
        if not data.exists():
            say("preparing its data folder (once)")
            await _format(folder, cluster, jars, logs / "kafka.log")
        return Launch((java(), *JVM, "-cp", jars, "kafka.Kafka", properties), folder=folder)

    bootstrap = f"{HOST}:{port}"
    return Program(
        name="kafka",
        launch=launch,
        ready=lambda: answers(bootstrap),
        diagnose=lambda words: _diagnose(folder, port, words),
        within=60,
        address=bootstrap,
    )


def kafka_given(bootstrap: str) -> Program:
    return Program(
        name="kafka",
        launch=None,
        ready=lambda: answers(bootstrap),
        within=GIVEN_WITHIN,
        address=bootstrap,
        given_by="THROUGHLINE_KAFKA_BOOTSTRAP",
    )
