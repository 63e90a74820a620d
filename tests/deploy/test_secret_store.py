"""Passwords and keys of a stack."""

import json
import stat

import pytest

from deploy.embedded.errors import DamagedFolder
from deploy.embedded.secret_store import load_secrets


def test_secrets_are_generated_once_and_for_the_owner_only(tmp_path):
    first = load_secrets(tmp_path, ("cases",))
    assert load_secrets(tmp_path, ("cases",)) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_new_service_gets_a_password_and_the_others_keep_theirs(tmp_path):
    before = load_secrets(tmp_path, ("cases",)).role_passwords["cases"]
    after = load_secrets(tmp_path, ("cases", "reviews")).role_passwords
    assert after["cases"] == before
    assert after["reviews"] not in ("", before)


def test_a_damaged_file_is_not_replaced_in_silence(tmp_path):
    (tmp_path / "secrets.json").write_text(json.dumps({"master_keys": "lost"}))
    with pytest.raises(DamagedFolder, match="restore the folder from a backup"):
        load_secrets(tmp_path, ("cases",))
