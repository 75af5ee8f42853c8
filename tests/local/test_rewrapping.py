"""Keys are changed on a running database: everything is sealed anew, once, and nothing else changes."""

from pathlib import Path

import pytest

from deploy.key_readers import readers
from deploy.key_ring import KeysRefused, add, promote, retire
from deploy.rewrapping import AT_ONCE, Progress, rewrap_all, wrapped_by
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import PURPOSES, new_keys, only_needed, seals_of
from shared.service.keys_read import keys_read_job

pytestmark = pytest.mark.connected

KEYS = new_keys()
OLD = seals_of(KEYS)
MANY = AT_ONCE + 7


async def test_everything_is_sealed_anew_and_then_the_old_key_may_go(
    mongodb_url: str, database_prefix: str, tmp_path: Path
) -> None:
    client = connect(mongodb_url, app_name="tests")
    billing, sealed = client[f"{database_prefix}_billing"], OLD.seal("19900101-2385", purpose="number")
    number = {"_v": 1, "identity": {"number": sealed}}
    await billing["payers"].insert_many({"_id": f"p-{n:04}", **number} for n in range(MANY))
    await billing["outbox"].insert_one({"_id": "m-1", "body": f'{{"number":"{sealed}"}}'})
    await billing["audit"].insert_one({"_id": "a-1", "note": sealed})
    promoted = promote(add(KEYS, PURPOSES), readers={}, stopped=True)
    seals, old = seals_of(promoted), OLD.fingerprints["number"][0]
    new = seals.fingerprints["number"][0]
    said: list[str] = []

    before = await wrapped_by(client, seals, prefix=database_prefix)
    progress = Progress.of(tmp_path / "rewrap.json", seals)
    left = await rewrap_all(client, seals, prefix=database_prefix, progress=progress, say=said.append)
    after = await wrapped_by(client, seals, prefix=database_prefix)

    assert (before[old], left, after[old], after[new]) == (MANY + 1, 0, 0, MANY + 1)
    assert {row["_v"] async for row in billing["payers"].find({})} == {1}
    assert (await billing["audit"].find_one({"_id": "a-1"}) or {})["note"] == sealed
    assert f"billing.payers: {MANY} documents seen, {MANY} texts sealed anew" in said
    assert not (tmp_path / "rewrap.json").exists()
    with pytest.raises(KeysRefused):
        retire(promoted, old, wrapped=before[old])
    assert retire(promoted, old, wrapped=after[old])
    await client.close()


async def test_a_run_that_was_broken_off_goes_on_where_it_was(
    mongodb_url: str, database_prefix: str, tmp_path: Path
) -> None:
    client = connect(mongodb_url, app_name="tests")
    payers = client[f"{database_prefix}_billing"]["payers"]
    await payers.insert_many({"_id": f"p-{n:04}", "name": OLD.seal("x")} for n in range(MANY))
    seals = seals_of(promote(add(KEYS, PURPOSES), readers={}, stopped=True))
    said: list[str] = []

    def broken_off(line: str) -> None:
        said.append(line)
        raise KeyboardInterrupt

    for say in (broken_off, said.append):
        progress = Progress.of(tmp_path / "rewrap.json", seals)
        try:
            await rewrap_all(client, seals, prefix=database_prefix, progress=progress, say=say)
        except KeyboardInterrupt:
            continue

    assert said == [
        f"billing.payers: {AT_ONCE} documents seen, {AT_ONCE} texts sealed anew",
        "billing.payers: 7 documents seen, 7 texts sealed anew",
    ]
    await client.close()


async def test_the_operator_sees_which_keys_each_process_reads(
    mongodb_url: str, database_prefix: str
) -> None:
    client = connect(mongodb_url, app_name="tests")
    seals = seals_of(only_needed(KEYS, "billing"))
    await keys_read_job(Mongo(client[f"{database_prefix}_billing"]), seals).run()

    (told,) = (await readers(client, prefix=database_prefix)).items()

    assert (told[0].partition(".")[0], told[1]) == ("billing", seals.fingerprints)
    await client.close()
