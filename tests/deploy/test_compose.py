"""docker-compose.yml: every process with the settings it needs, no secret of another's, no way in from outside."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.compose import write_env
from deploy.embedded.ports import FIRST_CHOICE
from deploy.embedded.processes import PARTS
from deploy.embedded.secret_store import load_secrets
from deploy.embedded.settings_for import settings_for
from deploy.embedded.site import Site
from deploy.migrations.bootstrap import SERVICES

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
EXAMPLE = (ROOT / "deploy/compose/env.example").read_text()
ENGINES = ("postgres", "kafka", "temporal")
OURS = tuple(part for part in PARTS if part not in ENGINES)
SECRETS = {
    "MASTER_KEYS",
    "PAYLOAD_KEYS",
    "LINK_KEYS",
    "CLIENT_SECRET",
    "DATABASE_URL",
    "DATABASE_ADMIN_URL",
    "ROLE_PASSWORDS",
}
# In a container traces leave by OTLP: a folder would leave with the container.
NOT_IN_CONTAINERS = {"THROUGHLINE_TRACES_DIR"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    return Site(folder, FIRST_CHOICE, load_secrets(folder, SERVICES), clock_plan="{}")


def _environment(part):
    return COMPOSE[part].get("environment", {})


def _secrets(names):
    return {name for name in names if name.removeprefix("THROUGHLINE_") in SECRETS}


def test_every_process_of_the_embedded_stack_is_there_and_no_other():
    assert set(COMPOSE) == set(PARTS)


@pytest.mark.parametrize("part", OURS)
def test_a_process_has_every_setting_it_needs(part, site):
    assert set(settings_for(part, site)) - NOT_IN_CONTAINERS <= set(_environment(part))


@pytest.mark.parametrize("part", OURS)
def test_a_process_has_its_own_secrets_and_no_other(part, site):
    assert _secrets(_environment(part)) == _secrets(settings_for(part, site))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_logs_in_with_its_own_role_and_password(service):
    url = _environment(service)["THROUGHLINE_DATABASE_URL"]
    assert f"//throughline_{service}:${{THROUGHLINE_PASSWORD_{service.upper()}:?" in url


@pytest.mark.parametrize("part", OURS)
def test_a_process_of_ours_is_started_as_everywhere_else(part):
    command = {
        "migrations": ["deploy.migrations"],
        "mail": ["deploy.embedded.mail"],
        "issuer": ["deploy.embedded.issuer"],
        "worker": ["workflows", "worker"],
        "bridge": ["workflows", "bridge"],
    }.get(part, ["services", part])
    assert COMPOSE[part]["command"] == ["python", "-m", *command]


@pytest.mark.parametrize("part", OURS)
def test_a_process_of_ours_can_do_no_more_than_it_must(part):
    assert COMPOSE[part]["read_only"] is True
    assert COMPOSE[part]["cap_drop"] == ["ALL"]
    assert COMPOSE[part]["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("part", PARTS)
def test_an_image_can_be_another_one(part):
    engine = part if part in ENGINES else "throughline"
    assert COMPOSE[part]["image"].startswith(f"${{THROUGHLINE_IMAGE_{engine.upper()}:-")


@pytest.mark.parametrize("part", [part for part in PARTS if part != "migrations"])
def test_a_process_says_whether_it_is_ready(part):
    assert COMPOSE[part]["healthcheck"]["test"][0] == "CMD"


def test_only_this_machine_reaches_a_port_and_no_database_or_broker_has_one():
    for part in PARTS:
        for port in COMPOSE[part].get("ports", []):
            assert port.startswith("127.0.0.1:"), part
    for part in ("postgres", "kafka", "worker", "bridge", "migrations"):
        assert "ports" not in COMPOSE[part]


def test_the_stand_ins_for_the_outside_world_are_a_profile_of_their_own():
    assert {part for part in PARTS if COMPOSE[part].get("profiles")} == {"issuer", "mail"}


def test_every_secret_is_demanded_and_none_is_written_down():
    demanded = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
    empty = set(re.findall(r"^(\w+)=$", EXAMPLE, re.MULTILINE))
    assert demanded == empty


def test_the_example_knows_every_variable_of_the_compose_file():
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    known = set(re.findall(r"^#?(\w+)=", EXAMPLE, re.MULTILINE))
    rare = {"THROUGHLINE_CLOCK_PLAN", "THROUGHLINE_PIP_NO_INDEX"}
    assert used - rare <= known


def test_fresh_secrets_are_each_their_own_and_readable_by_their_owner_alone(tmp_path):
    path = tmp_path / "env"
    assert write_env.main([str(path)]) == 0
    given = [
        line.split("=", 1)[1] for line in path.read_text().splitlines() if re.match(r"\w+=", line)
    ]
    assert all(given)
    assert len(set(given)) == len(given)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_secrets_in_use_are_never_overwritten(tmp_path, capsys):
    path = tmp_path / "env"
    path.write_text("kept")
    assert write_env.main([str(path)]) == 1
    assert path.read_text() == "kept"
    assert "is there already" in capsys.readouterr().err


def test_the_image_has_every_version_the_platform_is_tested_with():
    """What the image adds, it adds at the tested versions too."""
    pinned = re.compile(r"^([\w.-]+(?:\[[\w,-]+\])?==\S+)", re.MULTILINE)
    tested = set(pinned.findall((ROOT / "requirements.lock").read_text()))
    in_image = set(pinned.findall((ROOT / "deploy/images/requirements.lock").read_text()))
    assert in_image <= tested


def _compose(*arguments, env_file):
    """What `docker compose` answers with these settings and no other; skips where it is not installed."""
    own = {name: text for name, text in os.environ.items() if not name.startswith("THROUGHLINE_")}
    has_compose = ["docker", "compose", "version"]
    if (
        not shutil.which("docker")
        or subprocess.run(has_compose, capture_output=True, check=False).returncode
    ):
        pytest.skip("docker compose is not installed")
    command = ["docker", "compose", "--env-file", str(env_file), *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=own, capture_output=True, text=True, timeout=60, check=False
    )


def test_compose_accepts_the_file(tmp_path):
    write_env.main([str(tmp_path / "env")])
    answered = _compose("config", "--quiet", env_file=tmp_path / "env")
    assert (answered.returncode, answered.stderr) == (0, "")


def test_compose_starts_nothing_without_its_secrets(tmp_path):
    (tmp_path / "env").write_text("")
    answered = _compose("config", "--quiet", env_file=tmp_path / "env")
    assert answered.returncode != 0
    assert "write_env.py" in answered.stderr
