"""Every reading and every try is in the audit log, on memory and on MongoDB."""

from functools import partial

import pytest

from shared.repository import Repository
from shared.repository.audit.chain import breaks
from shared.repository.backend import Backend
from tests.shared.examples import AN_ENTRY, KEY, PURSES, Empty, Looking, cause, fill, take


async def test_every_reading_is_in_the_audit_log_before_the_answer(
    purses: Repository, backend: Backend
) -> None:
    await fill(purses, 3)

    await purses.show(PURSES.ref("p1"), asked=Looking())
    await purses.note(Looking(), ["patient-1", "patient-2"])

    rows = await backend.audit.rows()
    assert [row["patient_refs"] for row in rows] == [["patient-p1"], ["patient-1", "patient-2"]]
    assert breaks(rows, (KEY,)) == []


async def test_a_refused_try_is_in_the_audit_log_too(purses: Repository, backend: Backend) -> None:
    await fill(purses, 1)

    with pytest.raises(Empty):
        await purses.change(PURSES.ref("p1"), partial(take, coins=2), cause=cause("k", entry=AN_ENTRY))

    (row,) = await backend.audit.rows()
    assert (row["outcome"], row["patient_refs"], row["actor"]) == (
        "refused: empty",
        ["patient-p1"],
        "clerk-1",
    )


async def test_a_changed_or_missing_audit_row_is_found(purses: Repository, backend: Backend) -> None:
    await fill(purses, 3)
    for _ in range(3):
        await purses.show(PURSES.ref("p1"), asked=Looking())
    first, second, third = await backend.audit.rows()

    assert breaks([first, third], (KEY,))
    assert breaks([first, {**second, "actor": "somebody else"}, third], (KEY,))
    assert breaks([first, second, third], (KEY,)) == []
