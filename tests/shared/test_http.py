"""The doors: who asks, once, in which language, and errors that say what to do."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import pytest
from fastapi import Response
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from shared.auth.rule import Rule
from shared.http import Ask, Asked, Request, Router, View
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause, Collection
from shared.repository.memory.backend import Memory
from shared.service.definition import Dependencies, ServiceDefinition
from tests.shared.examples import PURSES, Purse, PurseView, put, take
from tests.support import A_MONDAY_MORNING, InMemory, bearer, claims, in_memory, signing_key

RULES = {
    "tests.put_coins": Rule(roles=frozenset({"customer_service"})),
    "tests.take_coins": Rule(roles=frozenset({"customer_service"})),
    "tests.get_purse": Rule(roles=frozenset({"customer_service", "dietitian"}), in_an_area=True),
}


class Coins(Request):
    coins: int
    note: str | None = None


class Shown(View):
    coins: int


def routes(parts: Dependencies) -> Router:
    router = Router("tests", prefix="/purses")

    @router.post("/{purse_id}/put", response_model=PurseView)
    async def put_coins(purse_id: str, body: Coins, asked: Asked) -> Response:
        rule = partial(put, coins=body.coins, purse_id=purse_id)
        answer = await parts.repository.change(
            PURSES.maybe(purse_id), rule, cause=asked.cause, reply=PurseView.of
        )
        return asked.answered(answer, 201)

    @router.post("/{purse_id}/take", response_model=PurseView)
    async def take_coins(purse_id: str, body: Coins, asked: Asked) -> Response:
        ref = PURSES.ref(purse_id, if_version=asked.if_match)
        answer = await parts.repository.change(
            ref, partial(take, coins=body.coins), cause=asked.cause, reply=PurseView.of
        )
        return asked.answered(answer)

    @router.get("/{purse_id}")
    async def get_purse(purse_id: str, ask: Ask) -> Shown:
        return Shown(coins=(await parts.repository.show(PURSES.ref(purse_id), asked=ask)).coins)

    return router


def assemble(parts: Dependencies) -> ServiceDefinition:
    return ServiceDefinition("tests", [PURSES], [routes(parts)], Subscriptions("tests"), policy=RULES)


@pytest.fixture
async def purses() -> InMemory:
    return await in_memory("tests", assemble)


def inbox_of(service: InMemory) -> dict[str, bytes]:
    backend = service.repository.backend
    assert isinstance(backend, Memory)
    return backend._documents["inbox"]


async def put_five(purses: InMemory, **headers: str) -> httpx.Response:
    everything = {**purses.once("customer_service", "key-0001"), **headers}
    return await purses.client.post("/purses/p1/put", json={"coins": 5}, headers=everything)


async def test_a_repeated_key_gets_the_first_answer_and_has_no_second_effect(purses: InMemory) -> None:
    first = await put_five(purses)
    again = await put_five(purses)

    assert (first.status_code, first.json()) == (201, {"coins": 5})
    assert (again.json(), again.headers["Idempotency-Replayed"]) == ({"coins": 5}, "true")
    assert (await purses.repository.get(PURSES.ref("p1"))).coins == 5


async def test_a_key_that_holds_a_persons_number_is_kept_and_told_as_a_hash_only(purses: InMemory) -> None:
    await purses.client.post(
        "/purses/p1/put", json={"coins": 5}, headers=purses.once("customer_service", "reg-199001012385")
    )

    (kept,) = inbox_of(purses)
    assert kept.startswith("tests.put_coins|customer_service-1|")
    assert "1990" not in kept
    assert purses.rows
    assert all("1990" not in str(row) for row in purses.rows)


async def test_a_key_that_the_version_before_kept_in_clear_is_recognised(purses: InMemory) -> None:
    await put_five(purses)
    rows = inbox_of(purses)
    ((_, row),) = rows.items()
    rows.clear()
    rows["tests.put_coins|customer_service-1|key-0001"] = row

    again = await put_five(purses)

    assert again.headers["Idempotency-Replayed"] == "true"
    assert (await purses.repository.get(PURSES.ref("p1"))).coins == 5


async def test_the_same_key_of_another_person_is_another_request(purses: InMemory) -> None:
    await put_five(purses)
    await purses.client.post(
        "/purses/p1/put", json={"coins": 5}, headers=purses.once("customer_service", "key-0001", sub="other")
    )

    assert (await purses.repository.get(PURSES.ref("p1"))).coins == 10


async def test_the_same_key_with_another_body_is_refused(purses: InMemory) -> None:
    await put_five(purses)

    answer = await purses.client.post(
        "/purses/p1/put", json={"coins": 6}, headers=purses.once("customer_service", "key-0001")
    )

    assert (answer.status_code, answer.json()["rule"]) == (422, "key-reused")


async def raw(purses: InMemory, path: str, body: str, **headers: str) -> httpx.Response:
    everything = {**purses.once("customer_service"), "Content-Type": "application/json", **headers}
    return await purses.client.post(path, content=body.encode(), headers=everything)


async def test_the_same_json_in_another_order_is_the_same_request(purses: InMemory) -> None:
    key = {"Idempotency-Key": "key-0001"}
    first = await raw(purses, "/purses/p1/put", '{"coins":5,"note":"a"}', **key)
    again = await raw(purses, "/purses/p1/put", ' { "note" : "a", "coins" : 5.0 }\n', **key)
    other = await raw(purses, "/purses/p1/put", '{"coins":5,"note":"b"}', **key)

    assert (first.status_code, again.headers.get("Idempotency-Replayed")) == (201, "true")
    assert (other.status_code, other.json()["rule"]) == (422, "key-reused")


async def test_a_retry_of_what_the_version_before_kept_is_the_same_request(purses: InMemory) -> None:
    body = b'{"coins": 5}'
    before = hashlib.sha256(b"/purses/p1/put||" + body).hexdigest()
    cause = Cause(key="tests.put_coins|customer_service-1|key-0001", fingerprint=before)
    await purses.repository.change(PURSES.maybe("p1"), partial(put, coins=5, purse_id="p1"), cause=cause)

    headers = {"Idempotency-Key": "key-0001"}
    answer = await raw(purses, "/purses/p1/put", body.decode(), **headers)

    assert answer.headers.get("Idempotency-Replayed") == "true"


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


async def test_a_change_without_a_key_is_refused(purses: InMemory) -> None:
    answer = await purses.client.post(
        "/purses/p1/put", json={"coins": 5}, headers=purses.token("customer_service")
    )

    assert (answer.status_code, answer.json()["rule"]) == (400, "key-missing")


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


async def test_an_unexpected_error_tells_nothing(purses: InMemory) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("with somebody's name in it")

    purses.repository.show = broken  # type: ignore[method-assign, assignment]
    purses.client._transport.raise_app_exceptions = False  # type: ignore[attr-defined]

    answer = await purses.client.get("/purses/p1", headers=purses.token("customer_service"))

    assert (answer.status_code, answer.json()["rule"]) == (500, "failed")
    assert "name" not in answer.text.replace("named", "")
