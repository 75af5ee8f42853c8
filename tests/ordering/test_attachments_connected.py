"""A file of five megabytes on a real database, attached and swept at the same moment (S88)."""

import asyncio
import base64
from functools import partial

import pytest

from services.ordering.application.attachments import Attachments
from services.ordering.domain.devices.attachments import (
    LARGEST_BYTES,
    ORPHAN_AFTER,
    Attached,
    Attachment,
    Content,
    attach,
    keep,
)
from services.ordering.gateways.virus_scanner import OfTrials
from services.ordering.repository.collections import ATTACHMENTS, CONTENTS
from services.ordering.repository.withdrawals import Ordering
from shared.clock import FixedClock
from shared.domain.decision import Decision, NotFound
from shared.repository import Cause, Repository
from shared.repository.mongo.backend import Mongo, connect
from shared.service.process import repository_of
from tests.ordering.examples import NOW, PATIENT
from tests.support import test_seals as seals_of_tests

pytestmark = pytest.mark.connected
NUMBER = "a" * 32
BY = "order_placer-1"


async def kept(repository: Repository) -> None:
    """Keep the largest file, as an upload does."""
    seals = seals_of_tests()
    file = Attached(NUMBER, seals.seal("remiss.pdf"), "application/pdf", LARGEST_BYTES)
    content = Content(seals.seal(base64.b64encode(b"\xff" * LARGEST_BYTES).decode()))
    attachment = Attachment(file, PATIENT, "DEMO-101", BY, NOW)
    refs = ATTACHMENTS.maybe(NUMBER) & CONTENTS.maybe(NUMBER)
    rule = partial(keep, attachment=attachment, content=content)
    await repository.change(refs, rule, cause=Cause(key="upload"))


def attached(known: Attachment) -> Decision[Attachment]:
    return attach(known, patient_ref=PATIENT, by=BY), []


async def test_the_largest_file_is_either_attached_or_swept_when_both_come_at_once(
    mongodb_url: str, database_prefix: str
) -> None:
    client = connect(mongodb_url, app_name="ordering")
    backend = Mongo(client[f"{database_prefix}_ordering"])
    await backend.prepare([ATTACHMENTS, CONTENTS])
    clock = FixedClock(NOW)
    repository = repository_of(backend, service="ordering", clock=clock, seals=seals_of_tests())
    files = Attachments(Ordering(repository, ()), OfTrials(), clock, seals_of_tests())
    await kept(repository)
    whole = (await repository.get(CONTENTS.ref(NUMBER))).content or ""
    assert len(base64.b64decode(seals_of_tests().open(whole))) == LARGEST_BYTES
    clock.move(seconds=ORPHAN_AFTER.total_seconds() + 1)

    outcomes = await asyncio.gather(
        repository.change(ATTACHMENTS.ref(NUMBER), attached, cause=Cause(key="line")),
        files.remove_orphans(),
        return_exceptions=True,
    )

    content = (await repository.get(CONTENTS.ref(NUMBER))).content
    file = await repository.get(ATTACHMENTS.ref(NUMBER))
    assert file.attached == (file.removed_at is None) == (content is not None)
    assert isinstance(outcomes[0], NotFound) == (not file.attached)
    assert outcomes[1] is None
    await repository.close()
    await client.close()
