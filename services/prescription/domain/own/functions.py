"""The function menu: what a person may do on a page, and why not (S69, S27)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.patients.serving import NOT_YOUR_PATIENT
from services.prescription.domain.prescriptions.prescriptions import Line, Prescription
from shared.domain.customer_service import CALL
from shared.domain.decision import Sentence

INCONTINENCE = "incontinence"

NOT_SERVED = (
    Sentence("Patienten hanteras utanför systemet.", "The patient is served outside the system.") + CALL
)
DECEASED = Sentence(
    "Patienten är avliden. Makulera det som ligger kvar.", "The patient has died. Annul what remains."
)
NOWHERE_TO_PRESCRIBE = Sentence(
    "Du har inte förskrivningsrätt i något av dina produktområden. Se Min sida, eller fråga din chef.",
    "You have no right to prescribe in any of your product areas. Read My page, or ask your manager.",
)
NOTHING_TO_WITHDRAW = Sentence(
    "Det finns ingen aktiv rad att göra uttag på.", "There is no active line to withdraw on."
)
ONLY_OWN_LINES = (
    Sentence(
        "Du har själv skrivit raderna och gör inga uttag på dem.",
        "You wrote the lines yourself and make no withdrawals on them.",
    )
    + CALL
)
NO_INCONTINENCE = Sentence(
    "Patienten har ingen förskrivning av inkontinenshjälpmedel att fylla i formulär till.",
    "The patient has no prescription of incontinence aids to fill in forms for.",
)
NOTHING_TO_COPY = Sentence(
    "Det finns ingen avslutad rad att kopiera. Makulera den aktiva raden först.",
    "There is no ended line to copy. Annul the active line first.",
)


@dataclass(frozen=True)
class Function:
    """An entry of the menu: the action it leads to, and why it is closed where it is."""

    key: str
    name: Sentence
    action: str
    closed: Sentence | None = None


@dataclass(frozen=True)
class Viewer:
    """Who looks at a page, as far as the menu depends on it."""

    sub: str
    may: frozenset[str]
    """Every action that the person's roles open."""
    areas: frozenset[str]
    """The product areas that the person sees (S73)."""
    prescribes: bool
    """May prescribe in one of them (S75)."""
    employed_by_region: bool
    may_change: bool
    """Is the patient, acts for the patient, or serves the patient (S70)."""


@dataclass(frozen=True)
class Page:
    """A patient with the prescriptions that the viewer sees."""

    viewer: Viewer
    patient: Patient
    prescriptions: tuple[Prescription, ...]

    def lines(self, *, active: bool) -> list[tuple[Prescription, Line]]:
        return [
            (prescription, line)
            for prescription in self.prescriptions
            for line in prescription.lines
            if (line.state == "active") == active
        ]


Closing = Callable[[Page], Sentence | None]


def start_functions(may: Iterable[str]) -> tuple[Function, ...]:
    """Give the menu of the first page: what the person's roles open (S69, S76)."""
    opened = frozenset(may)
    return tuple(each for each in START if each.action in opened)


def patient_functions(page: Page) -> tuple[Function, ...]:
    """Give the menu of the patient view, as roles, areas, patient and lines have it (S69, S72, S75)."""
    viewer = page.viewer
    shown = (
        (each, closing)
        for each, closing in PATIENT
        if each.action in viewer.may and (each.key != "support_forms" or INCONTINENCE in viewer.areas)
    )
    return tuple(replace(each, closed=closing(page)) for each, closing in shown)


def _unserved(page: Page) -> Sentence | None:
    return NOT_SERVED if page.patient.status.withheld else None


def _open(_: Page) -> Sentence | None:
    return None


def _against_changing(page: Page) -> Sentence | None:
    return _unserved(page) or (None if page.viewer.may_change else NOT_YOUR_PATIENT)


def _gone(page: Page) -> Sentence | None:
    return _unserved(page) or (DECEASED if page.patient.status.deceased_on else None)


def _against_prescribing(page: Page) -> Sentence | None:
    return _gone(page) or (None if page.viewer.prescribes else NOWHERE_TO_PRESCRIBE)


def _against_withdrawing(page: Page) -> Sentence | None:
    active = page.lines(active=True)
    if _gone(page) or not active:
        return _gone(page) or NOTHING_TO_WITHDRAW
    viewer = page.viewer
    own = [
        each.prescriber == viewer.sub and (viewer.employed_by_region or each.prescriber_employed_by_region)
        for each, _ in active
    ]
    return ONLY_OWN_LINES if all(own) else None


def _against_forms(page: Page) -> Sentence | None:
    aids = any(each.product_area == INCONTINENCE for each in page.prescriptions)
    return _unserved(page) or (None if aids else NO_INCONTINENCE)


def _against_copying(page: Page) -> Sentence | None:
    return _against_prescribing(page) or (None if page.lines(active=False) else NOTHING_TO_COPY)


START: tuple[Function, ...] = (
    Function("find_patient", Sentence("Sök patient", "Find a patient"), "prescription.find_patient"),
    Function(
        "search_patients", Sentence("Avancerad sökning", "Advanced search"), "prescription.search_patients"
    ),
    Function("register_patient", Sentence("Ny patient", "New patient"), "prescription.register_patient"),
    Function("renewals", Sentence("Att förnya", "To renew"), "prescription.search_renewals"),
    Function("my_withdrawals", Sentence("Mina uttag", "My withdrawals"), "ordering.list_my_withdrawals"),
    Function("drafts", Sentence("Påbörjade uttag", "Unsent withdrawals"), "ordering.list_drafts"),
    Function("search_articles", Sentence("Sök artikel", "Find an article"), "inventory.search_articles"),
    Function("tasks", Sentence("Att göra", "To do"), "notification.list_tasks"),
    Function("corrections", Sentence("Rättelser", "Corrections"), "billing.list_waiting_corrections"),
    Function("tariffs", Sentence("Taxor", "Tariffs"), "billing.list_tariff_drafts"),
    Function("my_page", Sentence("Min sida", "My page"), "prescription.get_myself"),
)

PATIENT: tuple[tuple[Function, Closing], ...] = (
    (
        Function(
            "edit_patient",
            Sentence("Redigera patientdata", "Edit patient data"),
            "prescription.change_patient_contact",
        ),
        _against_changing,
    ),
    (
        Function(
            "new_prescription",
            Sentence("Ny förskrivning", "New prescription"),
            "prescription.register_prescription",
        ),
        _against_prescribing,
    ),
    (
        Function(
            "create_withdrawal", Sentence("Skapa uttag", "Make a withdrawal"), "ordering.draft_withdrawal"
        ),
        _against_withdrawing,
    ),
    (Function("print", Sentence("Skriv ut", "Print"), "prescription.print_prescriptions"), _unserved),
    (
        Function(
            "support_forms",
            Sentence("NIKOLA och Kontinenskort", "NIKOLA and continence card"),
            "prescription.list_forms",
        ),
        _against_forms,
    ),
    (
        Function(
            "copy_lines",
            Sentence("Kopiera förskrivningsrader", "Copy prescription lines"),
            "prescription.copy_lines_of_patient",
        ),
        _against_copying,
    ),
    (
        Function(
            "fees", Sentence("Fakturerade patientavgifter", "Invoiced patient fees"), "billing.search_fees"
        ),
        _open,
    ),
)
"""The guide's menu, in its order (S69)."""
