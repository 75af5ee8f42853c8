"""Each service's audit log has a key of its own; what the single key of before signed is still verified."""

import json
from datetime import UTC, datetime
from pathlib import Path

from shared.repository.audit.chain import Chain, Head, Witnessed, breaks
from shared.repository.audit.heads import Heads
from shared.repository.audit.signing import heads_of
from shared.repository.cause import Entry
from shared.sealed import KEYS_OF, Seals, key_file_of, new_key_file, only_needed, seals_from, seals_of

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
READ = Witnessed(Entry(actor="nurse-1", action="get_patient"), "done", ("p-1",))
OLD = "the-single-key-of-the-versions-before-0.2"


def an_older_file(folder: Path) -> Path:
    """Write a file as the version before made it: with one audit key for all."""
    file = folder / "sealed.json"
    new_key_file(file)
    kept = json.loads(file.read_text())
    del kept["audit_root"]
    file.write_text(json.dumps({**kept, "audit": OLD}))
    return file


def rows_of(service: str, seals: Seals, *, writer: str) -> list[dict[str, object]]:
    return list(Chain(writer, seals.audit_keys(service)[0]).link([READ, READ], at=NOON))


def test_no_service_can_write_in_anothers_log(tmp_path: Path) -> None:
    whole = tmp_path / "sealed.json"
    new_key_file(whole)
    own = {each: seals_from(key_file_of(each, whole), service=each) for each in KEYS_OF}
    forged = rows_of("billing", own["ordering"], writer="billing-1")

    assert len({seals.audit_keys(each)[0] for each, seals in own.items()}) == len(KEYS_OF)
    assert breaks(forged, seals_from(whole).audit_keys("billing"))
    assert not breaks(forged, seals_from(whole).audit_keys("ordering"))


def test_no_services_file_holds_the_root_or_the_key_of_before(tmp_path: Path) -> None:
    whole = an_older_file(tmp_path)
    new_key_file(whole)
    keys = json.loads(whole.read_text())

    for service in KEYS_OF:
        said = json.dumps(only_needed(keys, service))
        assert OLD not in said
        assert keys["audit_root"] not in said


def test_rows_and_heads_of_the_single_key_are_verified_after_the_upgrade(tmp_path: Path) -> None:
    whole = an_older_file(tmp_path)
    before = seals_from(whole, service="billing")
    old_rows = rows_of("billing", before, writer="billing-1")
    last = old_rows[-1]
    heads = Heads(tmp_path / "billing.jsonl", before.audit_keys("billing"))
    heads.sign([Head("billing-1", 2, str(last["hash"]))], at=NOON)

    new_key_file(whole)
    after = seals_from(whole)
    new_rows = rows_of("billing", seals_from(whole, service="billing"), writer="billing-2")
    own = heads_of("billing", tmp_path, seals_from(whole, service="billing"))
    own.sign([Head("billing-2", 2, str(new_rows[-1]["hash"]))], at=NOON)
    read = heads_of("billing", tmp_path, after)

    assert read.breaks() == []
    assert breaks([*old_rows, *new_rows], after.audit_keys("billing"), read.signed()) == []
    assert breaks([{**old_rows[0], "actor": "x"}, *old_rows[1:]], after.audit_keys("billing"))


def test_a_file_that_still_has_the_single_key_works_as_before(tmp_path: Path) -> None:
    keys = json.loads(an_older_file(tmp_path).read_text())

    assert {seals_of(only_needed(keys, each)).audit_keys(each) for each in KEYS_OF} == {(OLD.encode(),)}
