"""What a provider says of itself is read with care: foreign keys, and keys for other uses, are none."""

import base64
import contextlib
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, OctKey, OKPKey, RSAKey

from shared.auth.keys import NoKeys, keys_at, signing_key
from shared.auth.provider import NotDiscovered, Provider
from tests.doors.forging import HEADER, said
from tests.doors.verifying import lets_in, verifier_of

ISSUER = "https://idp.region.example/realms/one"
DISCOVERY = "/realms/one/.well-known/openid-configuration"
ABOUT = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", "token_endpoint": f"{ISSUER}/token"}
EC = ECKey.generate_key("P-256", {"kid": "ec"}, auto_kid=False)
RSA = RSAKey.generate_key(2048, {"kid": "rsa"}, auto_kid=False)
OKP = OKPKey.generate_key("Ed25519", {"kid": "okp"}, auto_kid=False)
SHORT = base64.urlsafe_b64encode(b"\xc1" * 128).decode()
"""A modulus of 1024 bits."""


def public(key: Key, **more: Any) -> dict[str, Any]:
    return {**key.as_dict(private=False), **more}


def provider_of(answers: Mapping[str, Any], *, issuer: str = ISSUER, **told: Any) -> Provider:
    """Give a provider that answers at these paths."""

    def answer(request: httpx.Request) -> httpx.Response:
        found = answers.get(request.url.path)
        return httpx.Response(200, json=found) if found is not None else httpx.Response(404)

    return Provider(httpx.AsyncClient(transport=httpx.MockTransport(answer)), issuer, **told)


async def test_keys_are_where_the_provider_says() -> None:
    provider = provider_of({DISCOVERY: ABOUT, "/realms/one/keys": {"keys": [public(EC)]}})

    assert [key.kid for key in (await keys_at(provider)()).keys] == ["ec"]
    assert await provider.token_url() == f"{ISSUER}/token"


async def test_an_issuer_that_is_written_with_a_slash_is_found_too() -> None:
    about = {**ABOUT, "issuer": f"{ISSUER}/"}

    assert await provider_of({DISCOVERY: about}, issuer=f"{ISSUER}/").token_url() == f"{ISSUER}/token"


async def test_a_provider_without_discovery_is_told_by_its_addresses() -> None:
    provider = provider_of(
        {"/k": {"keys": [public(EC)]}},
        key_set_url="https://elsewhere.example/k",
        token_url="https://t.example",
    )

    assert len((await keys_at(provider)()).keys) == 1
    assert await provider.token_url() == "https://t.example"


@pytest.mark.parametrize(
    "about",
    [
        {**ABOUT, "issuer": "https://idp.region.example/realms/two"},
        {**ABOUT, "issuer": f"{ISSUER}/"},
        {**ABOUT, "issuer": None},
        {name: value for name, value in ABOUT.items() if name != "issuer"},
        {**ABOUT, "jwks_uri": "http://idp.region.example/realms/one/keys"},
        {**ABOUT, "jwks_uri": "file:///realms/one/keys"},
        {**ABOUT, "jwks_uri": None},
        {**ABOUT, "jwks_uri": [f"{ISSUER}/keys"]},
        [ABOUT],
        "no object",
    ],
)
async def test_a_description_that_is_not_the_issuers_own_is_not_believed(about: Any) -> None:
    provider = provider_of({DISCOVERY: about, "/realms/one/keys": {"keys": [public(EC)]}})

    with pytest.raises(NoKeys):
        await keys_at(provider)()


async def test_a_description_without_a_place_for_tokens_gives_none() -> None:
    about = {name: value for name, value in ABOUT.items() if name != "token_endpoint"}

    with pytest.raises(NotDiscovered):
        await provider_of({DISCOVERY: about}).token_url()


@pytest.mark.parametrize(
    "said", [{}, {"keys": None}, {"keys": "ec"}, [], "x", 5, {"keys": ["x", 5, None, {}]}]
)
async def test_a_key_set_that_is_none_holds_no_key(said: Any) -> None:
    provider = provider_of({DISCOVERY: ABOUT, "/realms/one/keys": said})

    with contextlib.suppress(NoKeys):
        assert (await keys_at(provider)()).keys == []


NOT_FOR_SIGNING = {
    "a shared secret": OctKey.import_key("x" * 40, {"kid": "ec"}).as_dict(),
    "a shared secret that says RS256": {**OctKey.import_key("x" * 40).as_dict(), "kid": "x", "alg": "RS256"},
    "for encryption": public(RSA, use="enc"),
    "for other operations": public(RSA, key_ops=["wrapKey"]),
    "of another algorithm": public(RSA, alg="RSA-OAEP"),
    "of a longer hash": public(RSA, alg="RS512"),
    "of another kind than it says": public(EC, alg="RS256"),
    "too short": {"kty": "RSA", "kid": "short", "e": "AQAB", "n": SHORT.rstrip("=")},
    "another curve": public(ECKey.generate_key("P-384", {"kid": "384"}, auto_kid=False)),
    "Ed448": public(OKPKey.generate_key("Ed448", {"kid": "448"}, auto_kid=False)),
    "for agreement": public(OKPKey.generate_key("X25519", {"kid": "x"}, auto_kid=False)),
    "without an id": {name: value for name, value in public(EC).items() if name != "kid"},
    "half": {"kty": "EC", "kid": "half", "crv": "P-256"},
    "of a kind of tomorrow": {"kty": "AKP", "kid": "pq", "alg": "ML-DSA-44", "pub": "x"},
}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("name", NOT_FOR_SIGNING)
async def test_a_key_for_something_else_is_passed_over_and_those_beside_it_count(name: str) -> None:
    keys = {"keys": [NOT_FOR_SIGNING[name], public(EC, use="sig", alg="ES256"), public(RSA)]}
    provider = provider_of({DISCOVERY: ABOUT, "/realms/one/keys": keys})

    assert [key.kid for key in (await keys_at(provider)()).keys] == ["ec", "rsa"]


def test_of_a_published_key_only_the_public_half_is_kept() -> None:
    key = signing_key(EC.as_dict(private=True))

    assert key is not None
    assert not key.is_private


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize(
    ("key", "algorithm"), [(RSA, "RS256"), (RSA, "PS256"), (EC, "ES256"), (OKP, "EdDSA"), (OKP, "Ed25519")]
)
@pytest.mark.parametrize("says_its_algorithm", [True, False])
async def test_each_algorithm_lets_in_by_its_own_key_and_by_no_other(
    key: Key, algorithm: str, says_its_algorithm: bool
) -> None:
    published = [public(each, **({"alg": algorithm} if says_its_algorithm and each is key else {}))
                 for each in (RSA, EC, OKP)]  # fmt: skip
    keys = KeySet([read for each in published if (read := signing_key(each))])

    async def source() -> KeySet:
        return keys

    verifier = verifier_of(source)
    token = jwt.encode({**HEADER, "alg": algorithm, "kid": key.kid}, said(), key, algorithms=[algorithm])
    assert await lets_in(verifier, token)

    for other in (each.kid for each in (RSA, EC, OKP) if each is not key):
        moved = jwt.encode({**HEADER, "alg": algorithm, "kid": other}, said(), key, algorithms=[algorithm])
        assert not await lets_in(verifier, moved)


@pytest.mark.parametrize(("said_of_it", "used"), [("RS256", "PS256"), ("PS256", "RS256")])
async def test_a_key_signs_with_the_algorithm_that_its_issuer_names(said_of_it: str, used: str) -> None:
    key = signing_key(public(RSA, alg=said_of_it))
    assert key is not None

    async def source() -> KeySet:
        return KeySet([key])

    token = jwt.encode({**HEADER, "alg": used, "kid": "rsa"}, said(), RSA, algorithms=[used])

    assert not await lets_in(verifier_of(source), token)
