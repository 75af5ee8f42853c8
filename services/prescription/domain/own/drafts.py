"""A prescription that was begun and not saved: it survives a closed browser (Q5)."""

from dataclasses import replace

from services.prescription.domain.own.own_lists import OwnLists, PrescriptionDraft
from shared.domain.decision import Decision

MOST_DRAFTS = 20
"""The newest: whoever leaves so many will not come back to the oldest."""


def keep_draft(known: OwnLists | None, *, owner: str, draft: PrescriptionDraft) -> Decision[OwnLists | None]:
    """Keep what was typed for a patient instead of what was kept before; it decides nothing (Q5)."""
    lists = known or OwnLists(owner)
    others = [each for each in lists.drafts if each.patient_ref != draft.patient_ref]
    return replace(lists, drafts=(draft, *others)[:MOST_DRAFTS]), []


def forget_draft(known: OwnLists | None, *, owner: str, patient_ref: str) -> Decision[OwnLists | None]:
    """Forget a draft that was saved or thrown away; without one nothing changes."""
    lists = known or OwnLists(owner)
    return replace(lists, drafts=tuple(each for each in lists.drafts if each.patient_ref != patient_ref)), []


def draft_of(known: OwnLists | None, patient_ref: str) -> PrescriptionDraft | None:
    drafts = known.drafts if known else ()
    return next((each for each in drafts if each.patient_ref == patient_ref), None)
