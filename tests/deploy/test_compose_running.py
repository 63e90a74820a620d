"""The platform by Docker Compose, from nothing to a child's first deadline; runs with --stack=containers.

Uses the images that docker-compose.yml and THROUGHLINE_IMAGE_* name; ours is built first: `docker compose build`.
"""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest

from deploy.compose import write_env
from deploy.embedded.ports import free_port

pytestmark = pytest.mark.platform
ROOT = Path(__file__).parents[2]
PUBLISHED = (
    "issuer", "cases", "referrals", "reviews", "notifications", "agencies", "operations", "mail", "temporal_ui",
)  # fmt: skip
WITHIN = 60.0


class Project:
    """One `docker compose` project of its own, on free ports, with fresh secrets."""

    def __init__(self, folder: Path) -> None:
        self._env = folder / "env"
        write_env.main([str(self._env)])
        self.ports = {}
        for name in PUBLISHED:
            self.ports[name] = free_port(self.ports.values())
        with self._env.open("a") as out:
            for name, port in self.ports.items():
                out.write(f"THROUGHLINE_PORT_{name.upper()}={port}\n")
        self._name = f"throughline-test-{uuid.uuid4().hex[:8]}"

    def compose(self, *arguments: str, within: float = 120) -> str:
        command = [
            "docker",
            "compose",
            "--project-name",
            self._name,
            "--env-file",
            str(self._env),
            *arguments,
        ]
        ended = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=within, check=False
        )
        assert ended.returncode == 0, ended.stderr[-3000:]
        return ended.stdout

    def token(self, sub: str, agency: str, *roles: str, team: str | None = None) -> str:
        person = {"sub": sub, "agency": agency, "team": team, "roles": roles}
        return self.ask("issuer", "POST", "/token", person)["access_token"]

    def ask(self, service: str, method: str, path: str, body=None, token: str = ""):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports[service]}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.code} {refused.read()!r}") from refused

    def until(self, what, found):
        limit = time.monotonic() + WITHIN
        while not found(seen := what()):
            assert time.monotonic() < limit, seen
            time.sleep(0.3)
        return seen


def _docker(*arguments: str) -> bool:
    try:
        return not subprocess.run(
            ["docker", *arguments], capture_output=True, check=False
        ).returncode
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def project(request, tmp_path_factory):
    if request.config.getoption("--stack") != "containers":
        pytest.skip("needs a Docker engine: --stack=containers")
    image = os.environ.get("THROUGHLINE_IMAGE_THROUGHLINE", "throughline:local")
    if not _docker("compose", "version") or not _docker("version"):
        pytest.skip("no Docker engine answers, or there is no docker compose")
    if not _docker("image", "inspect", image):
        pytest.skip(f"the image {image} is not built: docker compose build")
    project = Project(tmp_path_factory.mktemp("compose"))
    try:
        project.compose(
            "up", "--detach", "--no-build", "--wait", "--wait-timeout", "300", within=400
        )
        yield project
    finally:
        project.compose("down", "--volumes", "--timeout", "20")


@pytest.fixture(scope="module")
def registered(project):
    """A child's case, registered by a caseworker of an agency that was just made known."""
    seed = project.token("seed", "throughline", "administrator")
    agency = {
        "name": "Agency North", "zone": "Europe/Berlin", "policy": "default",
        "teams": [{"team_id": "team-one", "name": "Team One"}],
    }  # fmt: skip
    project.ask("agencies", "PUT", "/agencies/agency-north", agency, seed)
    for staff, role in (("amal-h", "caseworker"), ("jonas-w", "supervisor")):
        person = {"name": staff, "team_id": "team-one", "roles": [role]}
        project.ask("agencies", "PUT", f"/agencies/agency-north/staff/{staff}", person, seed)
        address = {"email": f"{staff}@agency-north.example", "language": "en"}
        project.ask("notifications", "PUT", f"/recipients/{staff}", address, seed)
    caseworker = project.token("amal-h", "agency-north", "caseworker", team="team-one")
    case = {
        "agency_id": "agency-north", "source": "school", "criteria": ["emotional-distress"],
        "child": {"name": "Noor", "age": 12, "gender": "girl", "location": "Lindenweg 4"},
        "concerns": "Withdrawn.",
        "consent": {"given_by": "mother", "how": "written", "purposes": ["case-management"], "explained": True},
        "expectations": {"can": ["Regular talks"], "cannot": ["Money"]},
        "caseworker_id": "amal-h", "supervisor_id": "jonas-w",
    }  # fmt: skip
    return project.until(
        lambda: _answer(project, case, caseworker), lambda seen: "case_ref" in seen
    )


def _answer(project, case, token):
    try:
        return project.ask("cases", "POST", "/cases", case, token)
    except AssertionError as refused:  # the agency may not be known to cases yet
        return {"refused": str(refused)}


@pytest.mark.timeout(600)
def test_every_process_is_ready(project):
    states = [json.loads(line) for line in project.compose("ps", "--format", "json").splitlines()]
    assert {state["Service"]: state["Health"] for state in states} == dict.fromkeys(
        ("postgres", "kafka", "temporal", "worker", "bridge", *(set(PUBLISHED) - {"temporal_ui"})),
        "healthy",
    )


@pytest.mark.timeout(600)
def test_a_registered_case_shows_its_deadlines_to_operations(project, registered):
    watcher = project.token("olga-p", "throughline", "operations")
    listed = project.until(
        lambda: project.ask("operations", "GET", "/deadlines?limit=200", token=watcher),
        lambda seen: registered["case_ref"] in json.dumps(seen),
    )
    assert "Noor" not in json.dumps(listed)


@pytest.mark.timeout(600)
def test_the_bridge_starts_the_workflow_of_a_registered_case(project, registered):
    ask = (
        "exec", "-T", "temporal", "temporal", "workflow", "list", "--address", "127.0.0.1:7233",
        "--query", f"WorkflowId = 'case/{registered['case_ref']}'", "--output", "json",
    )  # fmt: skip
    found = project.until(lambda: json.loads(project.compose(*ask) or "[]"), bool)
    assert [each["status"] for each in found] == ["WORKFLOW_EXECUTION_STATUS_RUNNING"]


@pytest.mark.timeout(600)
def test_records_survive_new_containers(project, registered):
    project.compose(
        "up",
        "--detach",
        "--no-build",
        "--force-recreate",
        "--wait",
        "--wait-timeout",
        "300",
        within=400,
    )
    supervisor = project.token("jonas-w", "agency-north", "supervisor", team="team-one")
    case = project.ask("cases", "GET", f"/cases/{registered['case_ref']}", token=supervisor)
    assert case["case_ref"] == registered["case_ref"]
