"""Personal fields: sealed everywhere, opened at the last door, with keys that rotate."""

import json
import stat
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from shared.sealed import Seals, new_key_file, new_keys, rotate, seals_from, seals_of

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
    rotated = rotate(KEYS)

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
