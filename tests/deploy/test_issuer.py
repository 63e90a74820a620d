"""Tokens of the development issuer."""

import httpx2
import pytest

from deploy.embedded.issuer import create_issuer, load_key
from domain.errors import Unauthenticated
from domain.vocabulary import Role
from infrastructure.auth import TokenVerifier
from infrastructure.issuer_keys import IssuerKeys
from infrastructure.settings import read_settings

SETTINGS = read_settings(
    oidc_issuer="http://issuer", client_id="throughline-worker", client_secret="known"
)


@pytest.fixture
async def issuer(tmp_path):
    app = create_issuer(SETTINGS, load_key(tmp_path / "issuer.key"))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://issuer") as client:
        yield client


@pytest.fixture
def verifier(issuer):
    return TokenVerifier(SETTINGS, IssuerKeys(SETTINGS, issuer))


async def test_a_persons_token_is_accepted_with_agency_team_and_roles(issuer, verifier):
    asked = {"sub": "amal-h", "agency": "agency-north", "team": "team-1", "roles": ["caseworker"]}
    granted = (await issuer.post("/token", json=asked)).json()
    viewer = await verifier.verify(granted["access_token"])
    assert (viewer.staff_id, viewer.agency_id, viewer.team_id) == (
        "amal-h", "agency-north", "team-1",
    )  # fmt: skip
    assert viewer.roles == {Role.CASEWORKER}


async def test_a_worker_gets_its_token_by_client_credentials(issuer, verifier):
    granted = await issuer.post(
        "/token",
        data={"grant_type": "client_credentials"},
        auth=httpx2.BasicAuth("throughline-worker", "known"),
    )
    viewer = await verifier.verify(granted.json()["access_token"])
    assert viewer.roles == {Role.SYSTEM}


async def test_a_wrong_client_secret_is_refused(issuer):
    refused = await issuer.post(
        "/token",
        data={"grant_type": "client_credentials"},
        auth=httpx2.BasicAuth("throughline-worker", "guessed"),
    )
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sub": "Amal H"}, "sub"),  # no code
        ({"roles": ["king"]}, "roles.0"),  # no role of ours
        ({"roles": ["system"]}, "roles"),  # for workers only
        ({"name": "Amal"}, "name"),  # personal data has no place in a token
    ],
)
async def test_a_token_that_no_agency_would_give_is_refused(issuer, wrong, field):
    asked = {"sub": "amal-h", "agency": "agency-north", "roles": [], **wrong}
    refused = await issuer.post("/token", json=asked)
    assert refused.status_code == 400
    assert refused.json()["error_description"].startswith(f"{field}:")


async def test_a_token_of_another_issuers_key_is_not_accepted(issuer, verifier, tmp_path):
    other = create_issuer(SETTINGS, load_key(tmp_path / "other.key"))
    asked = {"sub": "amal-h", "agency": "agency-north", "roles": []}
    transport = httpx2.ASGITransport(app=other)
    async with httpx2.AsyncClient(transport=transport, base_url="http://issuer") as client:
        granted = (await client.post("/token", json=asked)).json()
    with pytest.raises(Unauthenticated):
        await verifier.verify(granted["access_token"])


def test_its_key_survives_a_restart(tmp_path):
    assert load_key(tmp_path / "key").kid == load_key(tmp_path / "key").kid


def test_production_refuses_it(tmp_path):
    earnest = read_settings(environment="production", oidc_issuer="https://login.example.org")
    with pytest.raises(SystemExit, match="production refuses it"):
        create_issuer(earnest, load_key(tmp_path / "key"))
