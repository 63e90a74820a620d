"""What keeps a stack from starting is said in one sentence, and leaves nothing running."""

import pytest

from deploy.embedded.errors import (
    AlreadyRunning,
    DamagedFolder,
    DiskFull,
    FolderOutOfReach,
    NoNetwork,
    OutOfReach,
    UnknownPart,
)
from deploy.embedded.folders import open_data_folder
from deploy.embedded.java import class_path, class_path_now
from deploy.embedded.ledger import read
from deploy.embedded.ports import free_port
from deploy.embedded.stack import EmbeddedStack


def a_stack(folder, *parts, **facts):
    facts.setdefault("given", {})
    return EmbeddedStack(folder, parts=parts, any_port=True, durable=False, **facts)


def test_a_full_disk_is_named_with_the_space_it_takes(tmp_path):
    with pytest.raises(DiskFull, match="free some space"):
        open_data_folder(tmp_path, needed_mb=10**9)


def test_a_data_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(FolderOutOfReach, match="give one you may write to"):
        open_data_folder(tmp_path / "taken")


def test_an_unknown_part_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(UnknownPart, match="choose from postgres, kafka"):
        a_stack(tmp_path, "mongo")


async def test_a_second_stack_on_the_same_folder_is_refused(tmp_path):
    async with a_stack(tmp_path, "mail"):
        with pytest.raises(AlreadyRunning, match="already has a running stack"):
            await a_stack(tmp_path, "mail").open()


async def test_a_damaged_postgres_folder_is_named_with_its_reason_and_nothing_is_left(stack_folder):
    async with a_stack(stack_folder, "postgres"):
        pass
    (stack_folder / "postgres" / "cluster" / "global" / "pg_control").write_bytes(b"\0" * 8192)
    with pytest.raises(DamagedFolder, match=r"Postgres cannot read its data in .*postgres"):
        await a_stack(stack_folder, "postgres", "mail").open()
    assert read(stack_folder) == []


@pytest.mark.slow
async def test_a_kafka_folder_of_another_node_is_named_with_its_reason(tmp_path):
    meta = tmp_path / "kafka" / "data" / "meta.properties"
    meta.parent.mkdir(parents=True)
    meta.write_text("version=1\nnode.id=7\ncluster.id=Nmz2qDgaQHGcMF2pRiT3lg\n")
    with pytest.raises(DamagedFolder, match=r"Kafka cannot read its data in .*kafka"):
        await a_stack(tmp_path, "kafka").open()


async def test_an_engine_that_does_not_answer_is_named_with_its_variable(tmp_path, monkeypatch):
    monkeypatch.setattr("deploy.embedded.kafka.GIVEN_WITHIN", 0.1)
    stack = a_stack(tmp_path, "kafka", given={"kafka": f"127.0.0.1:{free_port()}"})
    with pytest.raises(OutOfReach, match="unset THROUGHLINE_KAFKA_BOOTSTRAP"):
        await stack.open()


async def test_without_a_network_what_is_missing_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("THROUGHLINE_CACHE", str(tmp_path))
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(NoNetwork, match=r"org\.apache\.kafka:absent:1 is not in the cache"):
        await class_path("org.apache.kafka:absent:1", tmp_path / "log")
    with pytest.raises(NoNetwork, match=r"org\.apache\.kafka:absent:1 is not in the cache"):
        class_path_now("org.apache.kafka:absent:1")  # as tests call it that are in a loop
