"""A new key is first readable everywhere and only then written with; an old one goes when it may."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken

from deploy.key_ring import Keys, KeysRefused, add, listed, promote, retire
from deploy.rewrapping import Progress, rewrapped, texts_in
from shared.repository.memory.backend import Memory
from shared.sealed import KEYS_OF, PURPOSES, new_keys, only_needed, seals_of
from shared.service.keys_read import keys_read_job, read_as
from tools.commands.keys import keys as command
from tools.embedded.refusals import Unknown

KEYS = new_keys()


def reading(keys: Keys, *, apart_from: str | None = None) -> dict[str, Mapping[str, list[str]]]:
    """Give what a process of each service says that it reads; of one with the files of before."""
    return {
        f"{each}.1": seals_of(only_needed(KEYS if each == apart_from else keys, each)).fingerprints
        for each in KEYS_OF
    }


def newest(keys: Keys, purpose: str = "number") -> str:
    return seals_of(keys).fingerprints[purpose][0]


def test_an_added_key_opens_everywhere_and_seals_nothing() -> None:
    added = add(KEYS, PURPOSES)

    assert seals_of(added).key_behind(seals_of(added).seal("x", purpose="number")) == newest(KEYS)
    assert all(len(known) == 2 for known in seals_of(added).fingerprints.values())
    assert len(seals_of(only_needed(added, "billing")).fingerprints["number"]) == 2
    assert sum("waits" in line for line in listed(added)) == len(PURPOSES)


def test_a_key_is_promoted_when_every_process_reads_it_and_seals_from_then_on() -> None:
    added = add(KEYS, PURPOSES)

    promoted = promote(added, readers=reading(added))

    assert newest(promoted) != newest(KEYS)
    assert seals_of(promoted).open(seals_of(KEYS).seal("x", purpose="number")) == "x"
    assert seals_of(added).open(seals_of(promoted).seal("x", purpose="number")) == "x"


@pytest.mark.parametrize("service", [each for each, needed in KEYS_OF.items() if needed.purposes])
def test_no_key_is_promoted_while_a_process_does_not_read_it(service: str) -> None:
    added = add(KEYS, PURPOSES)

    with pytest.raises(KeysRefused, match=f"{service}.1 does not read the new key"):
        promote(added, readers=reading(added, apart_from=service))


def test_no_key_is_promoted_while_a_service_says_nothing_unless_nothing_runs() -> None:
    added = add(KEYS, PURPOSES)
    silent = {name: reads for name, reads in reading(added).items() if not name.startswith("ordering.")}

    with pytest.raises(KeysRefused, match="No process of ordering"):
        promote(added, readers=silent)
    assert newest(promote(added, readers={}, stopped=True)) != newest(KEYS)


def test_a_key_of_one_purpose_asks_only_the_services_that_work_with_it() -> None:
    added = add(KEYS, ["number"])

    promoted = promote(added, readers=reading(added, apart_from="ordering"))

    assert (newest(promoted), newest(promoted, "contact")) != (newest(KEYS), newest(KEYS, "contact"))
    assert newest(promoted, "contact") == newest(KEYS, "contact")


def test_only_one_key_of_a_purpose_waits_and_none_is_promoted_twice() -> None:
    added = add(KEYS, ["number"])
    promoted = promote(added, readers={}, stopped=True)

    with pytest.raises(KeysRefused, match="has a key that waits"):
        add(added, ["number"])
    with pytest.raises(KeysRefused, match="No key waits"):
        promote(promoted, readers={}, stopped=True)


def test_a_key_is_retired_only_when_it_seals_nothing_and_nothing_is_sealed_with_it() -> None:
    added = add(KEYS, ["number"])
    promoted = promote(added, readers={}, stopped=True)
    old = newest(KEYS)

    with pytest.raises(KeysRefused, match="There is no key"):
        retire(promoted, "nobody", wrapped=0)
    with pytest.raises(KeysRefused, match="is the key that seals number"):
        retire(promoted, newest(promoted), wrapped=0)
    with pytest.raises(KeysRefused, match=r"billing\.1, prescription\.1 seals with"):
        retire(promoted, old, wrapped=0, readers=reading(added))
    with pytest.raises(KeysRefused, match="3 texts are sealed with"):
        retire(promoted, old, wrapped=3, readers=reading(promoted))
    with pytest.raises(KeysRefused, match=r"Messages lie in dead\.letters"):
        retire(promoted, old, wrapped=0, holding=["dead.letters"], readers=reading(promoted))

    retired = retire(promoted, old, wrapped=0, readers=reading(promoted))
    with pytest.raises(InvalidToken):
        seals_of(retired).open(seals_of(KEYS).seal("x", purpose="number"))


def test_a_key_that_waits_can_be_given_up_and_another_added() -> None:
    added = add(KEYS, ["number"])
    waiting = seals_of(added).fingerprints["number"][1]

    again = add(retire(added, waiting, wrapped=0), ["number"])

    assert waiting not in seals_of(again).fingerprints["number"]
    assert len(again["waiting"]) == 1


def test_every_sealed_text_is_sealed_anew_wherever_it_stands_in_a_document() -> None:
    old, promoted = seals_of(KEYS), promote(add(KEYS, PURPOSES), readers={}, stopped=True)
    number, street = old.seal("19900101-2385", purpose="number"), old.seal("Storgatan 1 å")
    row = {
        "_id": "p-1",
        "person": {"number": number, "saved": [{"address": street}], "nothing": None, "coins": 3},
        "body": f'{{"number": "{number}", "to": ["{street}"]}}',
    }

    anew = rewrapped(row, seals_of(promoted))

    assert len(texts_in(row)) == len(texts_in(anew)) == 4
    assert {seals_of(promoted).key_behind(each) for each in texts_in(anew)} == {
        newest(promoted), newest(promoted, "contact"),
    }  # fmt: skip
    assert seals_of(promoted).open(anew["person"]["number"]) == "19900101-2385"
    assert (anew["_id"], anew["person"]["coins"]) == ("p-1", 3)
    assert rewrapped(anew, seals_of(promoted)) == anew


def test_what_no_key_of_ours_opens_stays_as_it_is() -> None:
    foreign = seals_of(new_keys()).seal("x")

    assert rewrapped({"a": foreign}, seals_of(KEYS)) == {"a": foreign}
    assert seals_of(KEYS).key_behind(foreign) is None


def test_a_run_that_was_broken_off_goes_on_and_with_other_keys_begins_anew(tmp_path: Path) -> None:
    file = tmp_path / "rewrap.json"
    Progress.of(file, seals_of(KEYS)).note("billing.payers", "p-7")

    assert Progress.of(file, seals_of(KEYS)).reached == {"billing.payers": "p-7"}
    assert Progress.of(file, seals_of(promote(add(KEYS, PURPOSES), readers={}, stopped=True))).reached == {}


async def test_a_process_says_which_keys_it_reads_and_never_a_key() -> None:
    told: list[str] = []

    class Noting(Memory):
        async def lease(self, name: str, holder: str, *, seconds: float) -> int | None:
            told.append(name)
            return await super().lease(name, holder, seconds=seconds)

    seals = seals_of(only_needed(KEYS, "billing"))
    await keys_read_job(Noting(), seals).run()

    (name,) = told
    assert read_as(name)[1] == seals.fingerprints
    assert not any(key in name for known in KEYS["seal"].values() for key in known)


def test_a_mistyped_action_makes_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(Unknown, match="Is promote meant"):
        command("promot")
    assert list(tmp_path.iterdir()) == []
