"""A request's key: the first answer is given again, whatever the same request looks like."""

import hashlib
from functools import partial

import pytest

from shared.repository import Cause
from shared.repository.memory.backend import Memory
from tests.shared.examples import PURSES, put
from tests.shared.purses import assemble, put_five, raw
from tests.support import InMemory, in_memory


@pytest.fixture
async def purses() -> InMemory:
    return await in_memory("tests", assemble)


def inbox_of(service: InMemory) -> dict[str, bytes]:
    backend = service.repository.backend
    assert isinstance(backend, Memory)
    return backend._documents["inbox"]


async def test_a_repeated_key_gets_the_first_answer_and_has_no_second_effect(purses: InMemory) -> None:
    first = await put_five(purses)
    again = await put_five(purses)

    assert (first.status_code, first.json()) == (201, {"coins": 5})
    assert (again.json(), again.headers["Idempotency-Replayed"]) == ({"coins": 5}, "true")
    assert (await purses.repository.get(PURSES.ref("p1"))).coins == 5


async def test_a_key_that_holds_a_persons_number_is_kept_and_published_as_a_hash_only(
    purses: InMemory,
) -> None:
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


async def test_a_change_without_a_key_is_refused(purses: InMemory) -> None:
    answer = await purses.client.post(
        "/purses/p1/put", json={"coins": 5}, headers=purses.token("customer_service")
    )

    assert (answer.status_code, answer.json()["rule"]) == (400, "key-missing")
