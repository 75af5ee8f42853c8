"""The doors: who asks, once, in which language, and errors that say what to do."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from shared.repository import Cause, Collection
from shared.service.definition import Dependencies, ServiceDefinition
from tests.shared.examples import PURSES, Purse, put
from tests.shared.purses import assemble, put_five, raw
from tests.support import A_MONDAY_MORNING, InMemory, bearer, claims, in_memory, signing_key


@pytest.fixture
async def purses() -> InMemory:
    return await in_memory("tests", assemble)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('{"coins":5,"coins":500}', "name-twice"),
        ('{"coins":5,"coins":5}', "name-twice"),
        ('{"coins":NaN}', "malformed"),
        ("[" * 5000, "malformed"),
        ('{"coins":', "malformed"),
    ],
)
async def test_a_body_that_can_be_read_in_two_ways_is_refused(purses: InMemory, body: str, rule: str) -> None:
    answer = await raw(purses, "/purses/p1/put", body)

    assert (answer.status_code, answer.json()["rule"]) == (400, rule)


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ('"1"', 200),
        ('W/"1"', 200),
        ("*", 200),
        ('"7", W/"1"', 200),
        ('"2"', 412),
        ('W/"2"', 412),
        ('"7", "2"', 412),
        ("1", 400),
        ('"1" "2"', 400),
        ('"1",', 400),
    ],
)
async def test_a_change_names_the_version_it_is_about_as_http_does(
    purses: InMemory, if_match: str, status: int
) -> None:
    await put_five(purses)

    answer = await raw(purses, "/purses/p1/take", '{"coins":1}', **{"If-Match": if_match})

    assert answer.status_code == status


async def test_a_refusal_speaks_swedish_or_english(purses: InMemory) -> None:
    await put_five(purses)
    ask = partial(purses.client.post, "/purses/p1/take", json={"coins": 9})

    swedish = await ask(headers=purses.once("customer_service"))
    english = await ask(headers={**purses.once("customer_service"), "Accept-Language": "en;q=0.8, sv;q=0.2"})

    assert swedish.status_code == 422
    assert swedish.headers["content-type"] == "application/problem+json"
    assert (swedish.json()["rule"], swedish.json()["detail"]) == ("empty", "Börsen är tom.")
    assert english.json()["reasons"] == [{"rule": "empty", "detail": "The purse is empty.", "facts": {}}]


async def test_what_was_changed_since_it_was_read_is_not_overwritten(purses: InMemory) -> None:
    await put_five(purses)
    read = await purses.client.get("/purses/p1", headers=purses.token("customer_service"))
    await purses.client.post("/purses/p1/put", json={"coins": 1}, headers=purses.once("customer_service"))

    headers = {**purses.once("customer_service"), "If-Match": read.headers["ETag"]}
    answer = await purses.client.post("/purses/p1/take", json={"coins": 1}, headers=headers)

    assert (answer.status_code, answer.json()["rule"]) == (412, "version-changed")


async def test_what_a_newer_version_saved_in_its_own_way_is_503_and_comes_back_later(
    purses: InMemory,
) -> None:
    newer = Collection("purses", Purse, schema=2)
    await purses.repository.change(newer.maybe("p1"), partial(put, coins=1), cause=Cause("newer"))

    answer = await put_five(purses)

    assert (answer.status_code, answer.json()["rule"]) == (503, "newer-version")
    assert answer.headers["Retry-After"] == "30"
    assert (await purses.repository.get(PURSES.ref("p1"))).coins == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "coins"), ({"coins": "5"}, "coins"), ({"coins": 1.5}, "coins"), ({"coins": True}, "coins"),
     ({"coins": 1, "more": 2}, "more"), ({"coins": 1, "note": 7}, "note")],
)  # fmt: skip
async def test_a_wrong_field_is_named(purses: InMemory, body: dict[str, Any], field: str) -> None:
    answer = await purses.client.post("/purses/p1/put", json=body, headers=purses.once("customer_service"))

    assert answer.status_code == 422
    assert field in str(answer.json()["fields"])


async def test_a_body_over_64_kib_is_refused_unread(purses: InMemory) -> None:
    large = b'{"coins": 1, "note": "' + b"x" * 70_000 + b'"}'

    async def unannounced() -> Any:
        yield large

    answers = [
        await purses.client.post("/purses/p1/put", content=content, headers=purses.once("customer_service"))
        for content in (large, unannounced())
    ]

    assert [answer.status_code for answer in answers] == [413, 413]


async def test_nobody_gets_in_without_a_role_that_the_table_names(purses: InMemory) -> None:
    await put_five(purses)

    wrong_role = await purses.client.get("/purses/p1", headers=purses.token("store_keeper"))
    no_area = await purses.client.get("/purses/p1", headers=purses.token("dietitian", product_areas=[]))
    right = await purses.client.get("/purses/p1", headers=purses.token("dietitian"))

    assert [each.status_code for each in (wrong_role, no_area, right)] == [403, 403, 200]


async def test_a_route_without_a_line_in_the_table_does_not_start() -> None:
    def unguarded(parts: Dependencies) -> ServiceDefinition:
        return replace(assemble(parts), policy={})

    with pytest.raises(LookupError, match=r"tests\.get_purse"):
        await in_memory("tests", unguarded)


def signed(header: dict[str, Any], key: Any = None, **changes: Any) -> str:
    key = key or signing_key()
    of_claims = claims("customer_service", at=A_MONDAY_MORNING, **changes)
    return jwt.encode(
        {"alg": "ES256", "kid": "test-1", **header}, of_claims, key, algorithms=["ES256", "HS256"]
    )


AGO = int((A_MONDAY_MORNING - timedelta(hours=1)).timestamp())
LATER = int((A_MONDAY_MORNING + timedelta(hours=1)).timestamp())
FOREIGN = ECKey.generate_key("P-256", {"kid": "test-1"}, auto_kid=False)


@pytest.mark.parametrize(
    "token",
    [
        "", "x", "a.b.c", "x" * 9000,
        signed({"typ": "JWT"}),
        signed({"typ": "at+jwt"}, FOREIGN),
        signed({"typ": "at+jwt", "kid": "unknown"}),
        signed({"typ": "at+jwt", "alg": "HS256"}, OctKey.import_key("x" * 40)),
        signed({"typ": "at+jwt"}, iss="http://elsewhere"),
        signed({"typ": "at+jwt"}, aud="another"),
        signed({"typ": "at+jwt"}, iat=AGO, nbf=AGO, exp=AGO + 600),
        signed({"typ": "at+jwt"}, iat=LATER, nbf=LATER, exp=LATER + 600),
        signed({"typ": "at+jwt"}, exp=LATER),
        signed({"typ": "at+jwt"}, exp="tomorrow"),
        signed({"typ": "at+jwt"}, roles="customer_service"),
        bearer(claims("customer_service", at=A_MONDAY_MORNING))["Authorization"][7:-4],
    ],
)  # fmt: skip
async def test_a_token_in_doubt_is_not_accepted(purses: InMemory, token: str) -> None:
    answer = await purses.client.get("/purses/p1", headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.json()["rule"]) == (401, "not-signed-in")


async def test_an_unexpected_error_says_nothing(purses: InMemory) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("with somebody's name in it")

    purses.repository.show = broken  # type: ignore[method-assign, assignment]
    purses.client._transport.raise_app_exceptions = False  # type: ignore[attr-defined]

    answer = await purses.client.get("/purses/p1", headers=purses.token("customer_service"))

    assert (answer.status_code, answer.json()["rule"]) == (500, "failed")
    assert "name" not in answer.text.replace("named", "")
