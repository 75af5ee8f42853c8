"""Personal fields: sealed everywhere, opened at the last door, with keys that rotate."""

import json
import stat
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from deploy.key_ring import add, promote
from shared.sealed import (
    KEYS_OF,
    PURPOSES,
    NoKey,
    Seals,
    key_file_of,
    new_key_file,
    new_keys,
    only_needed,
    seals_from,
    seals_of,
)

KEYS = new_keys()
SEALS = seals_of(KEYS)


@given(st.text())
def test_what_is_sealed_opens_again_and_shows_nothing_meanwhile(text: str) -> None:
    sealed = SEALS.seal(text, purpose="contact")

    assert SEALS.open(sealed) == text
    assert sealed.startswith("sealed:contact:")
    assert len(text) < 4 or text not in sealed


def test_an_old_key_still_opens_after_rotation_and_a_rewrapped_field_survives_its_retirement() -> None:
    sealed = SEALS.seal("Testsson", purpose="contact")
    rotated = promote(add(KEYS, PURPOSES), readers={}, stopped=True)

    rewrapped = seals_of(rotated).rewrap(sealed)
    retired = {**rotated, "seal": {purpose: keys[:1] for purpose, keys in rotated["seal"].items()}}

    assert seals_of(rotated).open(sealed) == "Testsson"
    assert seals_of(retired).open(rewrapped) == "Testsson"
    with pytest.raises(InvalidToken):
        seals_of(retired).open(sealed)


def test_a_key_of_one_purpose_does_not_open_another() -> None:
    token = SEALS.seal("189807039814", purpose="identity").replace("sealed:identity", "sealed:contact")

    with pytest.raises(InvalidToken):
        SEALS.open(token)


def test_everything_sealed_in_a_message_is_opened_and_nothing_else_is_touched() -> None:
    message = {
        "to": SEALS.seal("+46701740605"),
        "lines": [{"name": SEALS.seal("å"), "quantity": 2}],
        "co": None,
    }

    assert SEALS.open_all(message) == {
        "to": "+46701740605",
        "lines": [{"name": "å", "quantity": 2}],
        "co": None,
    }


def test_a_look_up_key_is_the_same_for_the_same_number_and_depends_on_the_secret() -> None:
    other: Seals = seals_of(new_keys())

    assert SEALS.key_of("189807039814") == SEALS.key_of("189807039814")
    assert SEALS.key_of("189807039814") != other.key_of("189807039814")


def test_a_key_file_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "sealed.json"

    new_key_file(path)
    first = path.read_text()
    new_key_file(path)

    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert seals_from(path).open(seals_of(json.loads(first)).seal("x")) == "x"


@pytest.mark.parametrize("service", KEYS_OF)
def test_a_service_opens_what_it_needs_and_nothing_else(service: str) -> None:
    own, needed = seals_of(only_needed(KEYS, service)), KEYS_OF[service]

    for purpose in PURPOSES:
        sealed = SEALS.seal("x", purpose=purpose)
        if purpose in needed.purposes:
            assert own.open(sealed) == "x"
            assert SEALS.open(own.seal("y", purpose=purpose)) == "y"
        else:
            for act in (own.open, own.rewrap, own.open_all):
                with pytest.raises(NoKey):
                    act(sealed)
            with pytest.raises(NoKey):
                own.seal("y", purpose=purpose)


@pytest.mark.parametrize("service", KEYS_OF)
def test_only_who_looks_up_by_hashes_can_make_them(service: str) -> None:
    own = seals_of(only_needed(KEYS, service))

    if KEYS_OF[service].lookup:
        assert own.key_of("x") == SEALS.key_of("x")
    else:
        with pytest.raises(NoKey):
            own.key_of("x")


def test_personal_numbers_are_for_prescription_and_billing_alone() -> None:
    assert {service for service, needed in KEYS_OF.items() if "number" in needed.purposes} == {
        "prescription",
        "billing",
    }


def test_a_key_file_from_before_gets_what_it_lacks_and_opens_what_it_sealed(tmp_path: Path) -> None:
    path = tmp_path / "sealed.json"
    before = {**KEYS, "seal": {name: keys for name, keys in KEYS["seal"].items() if name != "number"}}
    path.write_text(json.dumps(before))
    sealed = seals_of(before).seal("189807039814", purpose="identity")

    new_key_file(path)

    now = json.loads(path.read_text())
    assert {**now, "seal": {name: keys for name, keys in now["seal"].items() if name != "number"}} == before
    assert seals_from(path, service="billing").open(sealed) == "189807039814"
    assert seals_from(path, service="billing").open(seals_from(path).seal("x", purpose="number")) == "x"


def test_each_service_has_a_file_with_its_own_keys_for_its_owner_only(tmp_path: Path) -> None:
    whole = tmp_path / "keys" / "sealed.json"
    new_key_file(whole)

    for service, needed in KEYS_OF.items():
        own = key_file_of(service, whole)
        assert stat.S_IMODE(own.stat().st_mode) == 0o600
        assert json.loads(own.read_text())["seal"].keys() == needed.purposes
