"""A chain of the audit that was changed, cut or rewritten is named; a checkpoint shows what a chain cannot."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.audit import checkpoints
from deploy.audit.chains import Chains, read_chains
from deploy.audit.checkpoints import CheckpointRefused
from domain.disclosure import Viewer
from infrastructure.db import Database
from tests.services.spine.world import as_admin
from tests.stack.databases import TestDatabase

ONE, TWO = "TL-7K2M-9QXA-0", "TL-7K2M-9QXA-1"
NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
async def audited(db: Database) -> Database:
    for ref in (ONE, TWO, ONE, ONE):
        async with db.transaction(Viewer.system("cases")) as uow:
            uow.audit("read-case", ref)
    return db


async def chains(spine: TestDatabase, **wanted: Any) -> Chains:
    connection = await asyncpg.connect(spine.admin_url)
    try:
        return await read_chains(connection, spine.schema, **wanted)
    finally:
        await connection.close()


async def test_chains_as_they_were_written_are_whole(
    audited: Database, spine: TestDatabase
) -> None:
    found = await chains(spine)
    assert (found.entries, found.broken) == (4, [])
    assert {subject: many for subject, (many, _) in found.heads.items()} == {ONE: 3, TWO: 1}


@pytest.mark.parametrize(
    ("deed", "named"),
    [
        ("update {0}.audit set staff_id = 'nobody' where subject = '{1}' and sequence = 2", "entry 2 is not"),
        ("delete from {0}.audit where subject = '{1}' and sequence = 1", "entry 1 is not"),
        ("delete from {0}.audit where subject = '{1}' and sequence = 3", "entries after 2"),
        ("delete from {0}.audit where subject = '{1}'", "entries after 0"),
        ("delete from {0}.streams where subject = '{1}'", "without a head"),
    ],
)  # fmt: skip
async def test_what_was_done_to_a_chain_is_named(
    audited: Database, spine: TestDatabase, deed: str, named: str
) -> None:
    await as_admin(spine.admin_url, deed.format(spine.schema, ONE))
    (said,) = (await chains(spine)).broken
    assert ONE in said
    assert named in said


async def test_chain_cut_with_its_head_is_shown_by_a_checkpoint(
    audited: Database, spine: TestDatabase, tmp_path: Path
) -> None:
    private, public = checkpoints.make_key(tmp_path)
    page = tmp_path / "one.json"
    checkpoints.write(page, private, [await chains(spine)], NOW)
    kept = checkpoints.read(page, public)
    wanted = frozenset((subject, many) for subject, (many, _) in kept[spine.schema].items())
    assert checkpoints.disagreements(kept, [await chains(spine, wanted=wanted)]) == []
    await as_admin(
        spine.admin_url,
        f"delete from {spine.schema}.audit where subject = '{ONE}' and sequence = 3",
        f"update {spine.schema}.streams set audit_sequence = 2, audit_head = (select hash from"
        f" {spine.schema}.audit where subject = '{ONE}' and sequence = 2) where subject = '{ONE}'",
    )
    cut = await chains(spine, wanted=wanted)
    assert cut.broken == []  # the chain alone looks whole
    assert checkpoints.disagreements(kept, [cut]) == [
        f"{spine.schema} {ONE}: entry 3 is not the one the checkpoint knows"
    ]


def a_checkpoint(folder: Path) -> tuple[Path, Path]:
    private, public = checkpoints.make_key(folder)
    page = folder / "page.json"
    checkpoints.write(page, private, [Chains("cases", {ONE: (1, "00")}, 1, [], {})], NOW)
    return page, public


def test_checkpoint_that_was_changed_or_signed_by_another_is_refused(tmp_path: Path) -> None:
    page, public = a_checkpoint(tmp_path / "ours")
    _, theirs = checkpoints.make_key(tmp_path / "theirs")
    with pytest.raises(CheckpointRefused, match="another's key"):
        checkpoints.read(page, theirs)
    said = json.loads(page.read_text())
    page.write_text(json.dumps(said | {"at": "2020-01-01T00:00:00+00:00"}))
    with pytest.raises(CheckpointRefused, match="not as it was signed"):
        checkpoints.read(page, public)
    page.write_text(json.dumps({"signature": base64.b64encode(b"x").decode()}))
    with pytest.raises(CheckpointRefused, match="is no checkpoint"):
        checkpoints.read(page, public)


def test_neither_a_key_nor_a_checkpoint_is_written_over(tmp_path: Path) -> None:
    page, _ = a_checkpoint(tmp_path)
    with pytest.raises(CheckpointRefused, match="there already"):
        checkpoints.make_key(tmp_path)
    with pytest.raises(CheckpointRefused, match="never replaced"):
        checkpoints.write(page, tmp_path / "audit.key", [], NOW)


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    page, _ = a_checkpoint(tmp_path)
    (tmp_path / "empty").touch()
    with pytest.raises(CheckpointRefused, match="no public key"):
        checkpoints.read(page, tmp_path / "empty")
    with pytest.raises(CheckpointRefused, match="no private key"):
        checkpoints.write(tmp_path / "two.json", tmp_path / "empty", [], NOW)
