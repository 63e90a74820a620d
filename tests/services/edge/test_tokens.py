"""Whose word a token is: signature, issuer, audience and time, by pinned algorithms only."""

import base64
import json
from typing import Any

import httpx2
import pytest
from joserfc.jwk import OctKey

from domain.errors import Unauthenticated, Unavailable
from domain.vocabulary import Role
from infrastructure.auth import TokenSource
from infrastructure.issuer_keys import DevelopmentIssuerError
from tests.services.edge.builders import (
    ISSUER,
    NOW,
    Issuer,
    a_key,
    a_token,
    an_ec_key,
    some_settings,
)


def part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


async def test_good_token_becomes_the_viewer() -> None:
    key = a_key()
    viewer = await Issuer(key).verifier().verify(a_token(key))
    assert (viewer.staff_id, viewer.agency_id, viewer.team_id) == (
        "amal-h",
        "agency-north",
        "team-a",
    )
    assert viewer.roles == {Role.CASEWORKER}


async def test_elliptic_curve_keys_and_the_old_name_of_eddsa_are_accepted() -> None:
    key = an_ec_key()
    assert await Issuer(key).verifier().verify(a_token(key))


async def test_roles_that_are_not_ours_are_passed_over() -> None:
    key = a_key()
    token = a_token(key, roles=["caseworker", "payroll", 7])
    assert (await Issuer(key).verifier().verify(token)).roles == {Role.CASEWORKER}


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW - 31},  # expired, leeway passed
        {"exp": None},  # never expires
        {"aud": "another-platform"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"nbf": NOW + 31},  # not yet valid
        {"sub": "Amal Hassan"},  # no staff id but a name
        {"sub": None},
        {"agency": None},
        {"agency": ["agency-north"]},
        {"team": "Team A"},
    ],
)
async def test_token_with_a_wrong_claim_is_refused(claims: dict[str, Any]) -> None:
    key = a_key()
    with pytest.raises(Unauthenticated):
        await Issuer(key).verifier().verify(a_token(key, **claims))


async def test_token_is_good_within_thirty_seconds_of_its_end() -> None:
    key = a_key()
    assert await Issuer(key).verifier().verify(a_token(key, exp=NOW - 29))


async def test_unsigned_token_is_refused() -> None:
    key = a_key()
    body = a_token(key).split(".")[1]
    for algorithm in ("none", "None", "NONE"):
        forged = f"{part({'alg': algorithm, 'kid': 'one'})}.{body}."
        with pytest.raises(Unauthenticated):
            await Issuer(key).verifier().verify(forged)


async def test_token_signed_with_the_public_key_as_a_secret_is_refused() -> None:
    key = a_key()
    public = key.as_dict(private=False)["x"]
    secret = OctKey.import_key(str(public) * 2, parameters={"kid": "one"})
    forged = a_token(secret, header={"alg": "HS256", "kid": "one"})
    with pytest.raises(Unauthenticated):
        await Issuer(key).verifier().verify(forged)


async def test_secret_among_the_issuers_keys_verifies_nothing() -> None:
    key = a_key()
    issuer = Issuer(key)
    issuer.published.append({"kty": "oct", "k": "c2VjcmV0", "kid": "shared"})
    with pytest.raises(Unauthenticated):
        await issuer.verifier().verify(a_token(key, header={"kid": "shared"}))


async def test_changed_token_is_refused() -> None:
    key = a_key()
    head, body, signature = a_token(key).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    with pytest.raises(Unauthenticated):
        await (
            Issuer(key)
            .verifier()
            .verify(f"{head}.{part({**claims, 'roles': ['administrator']})}.{signature}")
        )


@pytest.mark.parametrize("token", ["", "x", "a.b", "a.b.c", "a.b.c.d", "é.é.é", "." * 9000])
async def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        await Issuer(a_key()).verifier().verify(token)


async def test_refusal_repeats_nothing_of_the_token() -> None:
    key = a_key()
    with pytest.raises(Unauthenticated) as refusal:
        await Issuer(key).verifier().verify(a_token(key, sub="Noor Haddad"))
    assert "Noor" not in str(refusal.value)


async def test_tokens_with_invented_keys_do_not_become_as_many_questions_to_the_issuer() -> None:
    issuer = Issuer(a_key("one"))
    verifier = issuer.verifier()
    for number in range(20):
        with pytest.raises(Unauthenticated):
            await verifier.verify(a_token(a_key(f"invented-{number}")))
    assert issuer.asked == 1


async def test_new_key_of_the_issuer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infrastructure.issuer_keys.LEAST_SECONDS_BETWEEN", 0)
    old, new = a_key("old"), a_key("new")
    issuer = Issuer(old)
    verifier = issuer.verifier()
    await verifier.verify(a_token(old))
    issuer.published.append(new.as_dict(private=False))
    assert await verifier.verify(a_token(new))


async def test_kept_keys_serve_while_the_issuer_is_away() -> None:
    key = a_key()
    issuer = Issuer(key)
    verifier = issuer.verifier()
    await verifier.verify(a_token(key))
    issuer.away = True
    assert await verifier.verify(a_token(key))


async def test_without_any_keys_the_answer_is_unavailable_not_refused() -> None:
    issuer = Issuer(a_key())
    issuer.away = True
    with pytest.raises(Unavailable):
        await issuer.verifier().verify(a_token(a_key()))


async def test_production_refuses_the_development_issuer() -> None:
    key = a_key()
    verifier = Issuer(key, mark=True).verifier(environment="production")
    with pytest.raises(DevelopmentIssuerError):
        await verifier.verify(a_token(key))


async def test_process_asks_for_its_own_token_once_and_again_before_it_lapses() -> None:
    asked: list[httpx2.Request] = []

    def grant(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(
            200, json={"access_token": f"token-{len(asked)}", "expires_in": 3600 * (len(asked) > 1)}
        )

    settings = some_settings(
        token_url=f"{ISSUER}/token", client_id="worker", client_secret="only-for-tests"
    )
    source = TokenSource(settings, httpx2.AsyncClient(transport=httpx2.MockTransport(grant)))
    tokens = [await source.token() for _ in range(4)]
    assert tokens == ["token-1", "token-2", "token-2", "token-2"]
    assert asked[0].headers["authorization"].startswith("Basic ")
    assert asked[0].content == b"grant_type=client_credentials"


async def test_no_token_for_the_process_is_unavailable() -> None:
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: httpx2.Response(500)))
    with pytest.raises(Unavailable):
        await TokenSource(some_settings(token_url=f"{ISSUER}/token"), client).token()
