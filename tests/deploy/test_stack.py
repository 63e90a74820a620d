"""The embedded stack as other tools use it."""

import json
import smtplib

import asyncpg
import httpx2

from deploy.embedded.running import status
from deploy.embedded.stack import EmbeddedStack
from deploy.migrations.bootstrap import DATABASE, with_database
from deploy.migrations.run import services_with_migrations


def a_stack(folder, *parts, given=None):
    return EmbeddedStack(folder, parts=parts, any_port=True, durable=False, given=given or {})


async def test_stack_json_has_addresses_and_no_secret(tmp_path):
    async with a_stack(tmp_path, "mail", "issuer") as stack:
        shown = (tmp_path / "stack.json").read_text()
        assert json.loads(shown)["addresses"] == stack.urls
        secrets = stack.site.secrets
        for secret in (
            secrets.postgres_password,
            secrets.client_secret,
            secrets.master_keys,
            secrets.payload_keys,
            *secrets.role_passwords.values(),
        ):
            assert secret
            assert secret not in shown


async def test_each_process_gets_only_the_secrets_it_needs(tmp_path):
    async with a_stack(tmp_path, "mail") as stack:
        site = stack.site
        ports = {"cases": 1, "worker": 2, "postgres": 3}
        object.__setattr__(site, "ports", {**site.ports, **ports})
        service, worker = stack.env_for("cases"), stack.env_for("worker")
    assert "THROUGHLINE_MASTER_KEYS" in service
    assert "THROUGHLINE_PAYLOAD_KEYS" not in service
    assert "THROUGHLINE_PAYLOAD_KEYS" in worker
    assert not {"THROUGHLINE_MASTER_KEYS", "THROUGHLINE_DATABASE_URL"} & worker.keys()
    assert site.secrets.postgres_password not in str((service, worker))


async def test_mail_can_be_read_and_survives_a_kill(tmp_path):
    async with a_stack(tmp_path, "mail") as stack:
        with smtplib.SMTP("127.0.0.1", stack.site.ports["mail"]) as smtp:
            smtp.sendmail("a@example.org", ["b@example.org"], "Subject: Due\r\n\r\nTL-1 <b>")
        await stack.kill("mail")
        await stack.start("mail")
        async with httpx2.AsyncClient(base_url=stack.urls["mail"]) as client:
            (mail,) = (await client.get("/messages")).json()
            page = (await client.get("/")).text
    assert (mail["subject"], mail["recipients"]) == ("Due", ["b@example.org"])
    assert mail["text"].strip() == "TL-1 <b>"
    assert "TL-1 &lt;b&gt;" in page


async def test_status_tells_which_part_is_down(tmp_path):
    async with a_stack(tmp_path, "mail", "issuer") as stack:
        await stack.kill("issuer")
        rows = {row.name: row for row in await status(tmp_path)}
        assert rows["mail"].ready
        assert rows["mail"].pid == stack.pid("mail")
        assert (rows["mail"].memory_mb or 0) > 0
        assert (rows["issuer"].ready, rows["issuer"].pid) == (False, None)


async def test_postgres_given_by_its_url_is_used_and_keeps_its_records(stack_folder):
    async with a_stack(stack_folder / "theirs", "postgres") as theirs:
        url = theirs.site.database_admin_url
        for _start in range(2):
            given = {"postgres": url}
            async with a_stack(
                stack_folder / "ours", "postgres", "migrations", given=given
            ) as ours:
                assert ours.env_for("migrations")["THROUGHLINE_DATABASE_ADMIN_URL"] == url
                assert not (stack_folder / "ours" / "postgres").exists()
        cases = await asyncpg.connect(ours_as("cases", ours))
        assert await cases.fetchval("select current_user") == "throughline_cases"
        await cases.close()
        owner = await asyncpg.connect(with_database(url, DATABASE))
        for service in services_with_migrations():
            assert await owner.fetchval(f"select to_regclass('{service}.alembic_version')")
        await owner.close()


def ours_as(service: str, stack: EmbeddedStack) -> str:
    object.__setattr__(stack.site, "ports", {**stack.site.ports, service: 1})
    return stack.env_for(service)["THROUGHLINE_DATABASE_URL"]
