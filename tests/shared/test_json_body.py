"""Bodies as JSON means them (RFC 8259)."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.json_body import NameTwice, NotJson, canonical

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a":1,"b":[2,{"c":3,"d":4}]}', ' { "b" : [ 2, {"d":4, "c":3} ],\n "a" : 1 } '),
        ('{"a":1}', '{"a":1.0}'),
        ('{"a":120.50}', '{"a":1.205e2}'),
        ('{"a":0}', '{"a":-0.0}'),
        ('{"a":"å"}', '{"a":"\\u00e5"}'),
        ('{"a":1}', '\ufeff{"a":1}'),
    ],
)
def test_the_same_json_is_the_same_request(one: str, other: str) -> None:
    assert canonical(one.encode()) == canonical(other.encode())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a":1}', '{"a":"1"}'),
        ('{"a":1}', '{"a":true}'),
        ('{"a":1}', '{"a":10}'),
        ('{"a":0.1}', '{"a":0.10000000000000001}'),
        ('{"a":[1,2]}', '{"a":[2,1]}'),
        ('{"a":null}', "{}"),
    ],
)
def test_another_json_is_another_request(one: str, other: str) -> None:
    assert canonical(one.encode()) != canonical(other.encode())


@given(JSON)
def test_any_json_has_one_form_whatever_its_blanks_and_order(said: Any) -> None:
    assert canonical(json.dumps(said).encode()) == canonical(
        json.dumps(said, indent=3, sort_keys=True).encode()
    )


@pytest.mark.parametrize("body", ['{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '[{"a":1},{"a":1,"\\u0061":2}]'])
def test_a_name_that_stands_twice_is_refused(body: str) -> None:
    with pytest.raises(NameTwice):
        canonical(body.encode())


@pytest.mark.parametrize(
    "body",
    [b"{", b"{'a':1}", b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}', b"\xff\xfe\xff", b"1e9" * 2,
     b"[" * 100_000, b"[" * 40 + b"]" * 40, b'{"a":1e99999999999999999999999999}'],
)  # fmt: skip
def test_what_is_no_json_or_not_ours_is_refused(body: bytes) -> None:
    with pytest.raises(NotJson):
        canonical(body)


def test_nothing_said_stays_nothing() -> None:
    assert canonical(b"") == b""
