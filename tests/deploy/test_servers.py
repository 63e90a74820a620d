"""The servers that other tests stand on."""

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic


async def test_a_role_reads_its_own_schema_and_no_other(service_database):
    database = service_database("cases", "reviews")
    owner = await asyncpg.connect(database.admin_url)
    await owner.execute("create table cases.mine(id int); create table reviews.theirs(id int)")
    await owner.close()
    service = await asyncpg.connect(database.url)
    await service.execute("insert into mine values (1)")
    assert await service.fetchval("select count(*) from cases.mine") == 1
    for forbidden in ("select * from reviews.theirs", "create table cases.more(id int)"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute(forbidden)
    await service.close()


async def test_each_test_database_is_fresh(service_database):
    first, second = service_database("cases"), service_database("cases")
    owner = await asyncpg.connect(first.admin_url)
    await owner.execute("create table cases.mine(id int)")
    await owner.close()
    other = await asyncpg.connect(second.url)
    assert await other.fetchval("select to_regclass('cases.mine')") is None
    assert await other.fetchval("show search_path") == "cases"
    await other.close()


async def test_kafka_keeps_an_event(kafka_bootstrap, topic_prefix):
    topic = f"{topic_prefix}cases"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(topic, num_partitions=2, replication_factor=1)])
    await admin.close()
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka_bootstrap, acks="all", enable_idempotence=True
    )
    await producer.start()
    await producer.send_and_wait(topic, b"set", key=b"TL-1")
    await producer.stop()
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=kafka_bootstrap,
        group_id=f"{topic_prefix}readers",
        auto_offset_reset="earliest",
    )
    await consumer.start()
    record = await consumer.getone()
    await consumer.stop()
    assert (record.key, record.value) == (b"TL-1", b"set")
