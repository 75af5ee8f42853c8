"""The lists of one member of staff: saved searches, and recently opened patients (S32, S33)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.prescription.domain.patients.search import Criteria
from shared.domain.alphabet import alphabetical
from shared.domain.decision import Decision, NotFound, Refused, Sentence

MOST_RECENT = 20
MOST_SAVED = 50
MOST_NUMBERS = 100
MOST_DRAFT_LINES = 50


class TooManySearches(Refused):
    """A drop-down of more searches than this helps nobody (S32)."""

    rule = "too-many-searches"
    sentence = Sentence(
        f"Du har redan {MOST_SAVED} sparade sökningar. Ta bort en som du inte använder.",
        f"You have {MOST_SAVED} saved searches already. Remove one that you do not use.",
    )


@dataclass(frozen=True)
class SavedSearch:
    """A search under a name; a patient's name in it is sealed by the door."""

    name: str
    criteria: Criteria


@dataclass(frozen=True)
class Opened:
    """A patient whose view was opened."""

    patient_ref: str
    at: datetime


@dataclass(frozen=True)
class DraftLine:
    """A line as it was typed: nothing in it is checked (Q5)."""

    article_no: str
    kind: str
    amount: str
    days: str
    withdrawals: str


@dataclass(frozen=True)
class PrescriptionDraft:
    """A prescription that was begun and not saved (Q5)."""

    patient_ref: str
    prescription_type: str
    care_unit: str
    lines: tuple[DraftLine, ...]
    kept_at: datetime


@dataclass(frozen=True)
class OwnLists:
    """One person's own lists; `numbers_given` are the patients whose full number the person gave last."""

    owner: str
    searches: tuple[SavedSearch, ...] = ()
    opened: tuple[Opened, ...] = ()
    numbers_given: tuple[Opened, ...] = ()
    drafts: tuple[PrescriptionDraft, ...] = ()


def save_search(known: OwnLists | None, *, owner: str, search: SavedSearch) -> Decision[OwnLists | None]:
    """Save a search; the same name again replaces it (S32). Raises TooManySearches."""
    lists = known or OwnLists(owner)
    others = [each for each in lists.searches if each.name.casefold() != search.name.casefold()]
    if len(others) >= MOST_SAVED:
        raise TooManySearches
    by_name = sorted((*others, search), key=lambda each: alphabetical(each.name))
    return replace(lists, searches=tuple(by_name)), []


def forget_search(known: OwnLists | None, *, owner: str, name: str) -> Decision[OwnLists | None]:
    """Take a saved search away (S32); raises NotFound."""
    lists = known or OwnLists(owner)
    left = tuple(each for each in lists.searches if each.name.casefold() != name.casefold())
    if left == lists.searches:
        raise NotFound("SavedSearch")
    return replace(lists, searches=left), []


def note_opened(
    known: OwnLists | None, *, owner: str, patient_ref: str, at: datetime
) -> Decision[OwnLists | None]:
    """Put a patient first among the opened (S33); who is first already stays as it is."""
    lists = known or OwnLists(owner)
    if lists.opened and lists.opened[0].patient_ref == patient_ref:
        return lists, []
    others = [each for each in lists.opened if each.patient_ref != patient_ref]
    return replace(lists, opened=(Opened(patient_ref, at), *others)[:MOST_RECENT]), []


def note_number(
    known: OwnLists | None, *, owner: str, patient_ref: str, at: datetime
) -> Decision[OwnLists | None]:
    """Remember that the person gave a patient's full number (S5, S70)."""
    lists = known or OwnLists(owner)
    others = [each for each in lists.numbers_given if each.patient_ref != patient_ref]
    given = (Opened(patient_ref, at), *others)[:MOST_NUMBERS]
    return replace(lists, numbers_given=given), []


def number_given_at(known: OwnLists | None, patient_ref: str) -> datetime | None:
    """Say when the person last gave the patient's full number (S5, S70)."""
    given = known.numbers_given if known else ()
    return next((each.at for each in given if each.patient_ref == patient_ref), None)


def opened_refs(known: OwnLists | None) -> Sequence[str]:
    """List whom the person opened, the latest first (S33)."""
    return [each.patient_ref for each in known.opened] if known else []
