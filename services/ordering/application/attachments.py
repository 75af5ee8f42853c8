"""Scans files before they are kept, and opens them for those who may see them (S88)."""

import base64
from collections.abc import Iterable
from functools import partial

from services.ordering.domain.devices.attachments import (
    ORPHAN_AFTER,
    Attached,
    Attachment,
    AttachmentInfected,
    AttachmentNotScanned,
    Content,
    demand_own,
    remove_orphan,
    type_of,
)
from services.ordering.domain.person import against_person
from services.ordering.gateways.virus_scanner import VirusScanner
from services.ordering.repository.attachments import orphans
from services.ordering.repository.collections import ALLOWANCES, ATTACHMENTS, CONTENTS
from services.ordering.repository.withdrawals import Ordering
from shared.auth.actor import Actor
from shared.clock import Clock
from shared.domain.decision import NotFound, refuse_any
from shared.http import Forbidden
from shared.http.asking import Asking
from shared.repository import Cause, Repository
from shared.sealed import Seals


class Attachments:
    """The files that are attached to lines of device orders."""

    def __init__(self, ordering: Ordering, scanner: VirusScanner, clock: Clock, seals: Seals) -> None:
        self.repository = ordering.repository
        self.clock = clock
        self._ordering = ordering
        self._scanner = scanner
        self._seals = seals

    async def scanned(
        self, content: bytes, *, name: str, patient_ref: str, care_unit: str, actor: Actor, attachment_id: str
    ) -> tuple[Attachment, Content]:
        """Check and seal a file; raises Forbidden and the refusals of a file that is not kept."""
        if not actor.covers(unit=care_unit):
            raise Forbidden("not-your-unit", patient_refs=(patient_ref,))
        present = await self._ordering.present_ref(patient_ref)
        allowance = await self.repository.get(ALLOWANCES.maybe(present))
        refuse_any(against_person(allowance.person if allowance else None))
        file_type = type_of(content)
        await self._demand_clean(content)
        file = Attached(attachment_id, self._seals.seal(name), file_type, len(content))
        sealed = Content(self._seals.seal(base64.b64encode(content).decode()))
        return Attachment(file, present, care_unit, actor.sub, self.clock.now()), sealed

    async def opened(self, attachment_id: str, ask: Asking) -> tuple[Attachment, bytes]:
        """Open a file for a person who may see its order, audited; raises Forbidden and NotFound."""
        demand = partial(demand_opening, ask.actor)
        attachment = await self.repository.show(ATTACHMENTS.ref(attachment_id), asked=ask, demand=demand)
        kept = await self.repository.get(CONTENTS.ref(attachment_id))
        if kept.content is None:
            raise NotFound("attachment", attachment_id)
        return attachment, base64.b64decode(self._seals.open(kept.content))

    async def remove_orphans(self) -> None:
        """Remove the files that no line has named for a week."""
        now = self.clock.now()
        while found := await orphans(self.repository, before=now - ORPHAN_AFTER):
            for each in found:
                refs = ATTACHMENTS.ref(each.attachment_id) & CONTENTS.ref(each.attachment_id)
                await self.repository.change(refs, partial(remove_orphan, at=now), cause=Cause(key=None))

    async def _demand_clean(self, content: bytes) -> None:
        verdict = await self._scanner.scan(content)
        if verdict == "infected":
            raise AttachmentInfected
        if verdict == "not_scanned":
            raise AttachmentNotScanned


async def files_named(
    repository: Repository, attachments: Iterable[str], *, patient_ref: str, by: str
) -> tuple[Attachment, ...]:
    """Find files that a person uploaded about a patient, each once; raises NotFound and AttachmentTaken."""
    found = await repository.get(ATTACHMENTS.many(tuple(dict.fromkeys(attachments))))
    for each in found:
        demand_own(each, patient_ref=patient_ref, by=by)
    return found


def demand_opening(actor: Actor, attachment: Attachment) -> None:
    """Let those open a file who may see its order; in a basket, who attached it. Raises Forbidden.

    They are those of the care unit and product area, and store keepers of where it is taken from.
    """
    if attachment.order_no is None:
        may = actor.sub == attachment.uploaded_by and actor.covers(unit=attachment.care_unit)
    else:
        may = works_where_taken(actor, attachment.storeroom_no) or (
            actor.covers(area=attachment.product_area, unit=attachment.care_unit)
        )
    if not may:
        raise Forbidden("not-your-unit", patient_refs=(attachment.patient_ref,))


def works_where_taken(actor: Actor, storeroom_no: str | None) -> bool:
    """Tell whether somebody is a store keeper at the warehouse (Q59)."""
    return actor.has("store_keeper") and storeroom_no in actor.care_units
