"""Prescription's collections and indexes."""

from collections.abc import Iterable
from typing import Any

from services.prescription.domain.own.columns import OwnColumns
from services.prescription.domain.own.guidance import Guidance
from services.prescription.domain.own.own_lists import OwnLists
from services.prescription.domain.own.settings import OwnSettings
from services.prescription.domain.patients.copies import Copy
from services.prescription.domain.patients.launching import Launch
from services.prescription.domain.patients.merging import Merging
from services.prescription.domain.patients.patients import Identity, Patient
from services.prescription.domain.patients.rounds import Round
from services.prescription.domain.patients.serving import Tie
from services.prescription.domain.prescriptions.articles import Article
from services.prescription.domain.prescriptions.attachments import Attachment
from services.prescription.domain.prescriptions.prescriptions import Prescription
from services.prescription.domain.rules.device_rules import PublishedRules
from services.prescription.domain.rules.exemptions import Exemptions
from services.prescription.domain.rules.prescribers import Registered
from shared.events.fees import Tariff
from shared.repository import Collection, Ref

PATIENTS = Collection("patients", Patient, indexes=("person.name_keys", "person.guardians.guardian_ref"))
IDENTITIES = Collection("identities", Identity, indexes=("patient_ref",))
PRESCRIPTIONS = Collection(
    "prescriptions",
    Prescription,
    indexes=(
        "patient_ref",
        "due_at lines.state",
        "prescriber patient_ref",
        "prescription_type patient_ref",
        "care_unit prescription_type patient_ref",
        "care_unit patient_ref",
        "lines.state patient_ref",
        "valid_through patient_ref",
        "lines.renew_on _id",
        "care_unit lines.renew_on",
        "prescriber lines.renew_on",
    ),
)
ARTICLES = Collection("articles", Article)
EXEMPTIONS = Collection("exemptions", Exemptions, indexes=("dietitian",))
ATTACHMENTS = Collection("attachments", Attachment, indexes=("prescription_no",))
COPIES = Collection("register_copies", Copy, indexes=("due_at _id",))
MERGINGS = Collection("mergings", Merging, indexes=("into_ref", "on"))
OWN_LISTS = Collection("own_lists", OwnLists)
LAUNCHES = Collection("launches", Launch)
TIES = Collection("ties", Tie, indexes=("patient_ref", "is_open what patient_ref"))
ROUNDS = Collection("rounds", Round)
TARIFFS = Collection("tariffs", Tariff)
PRESCRIBERS = Collection("prescribers", Registered, indexes=("listed.care_unit", "learned.care_unit"))
DEVICE_RULES = Collection("device_rules", PublishedRules)
RULES_ID = "devices"
OWN_SETTINGS = Collection("own_settings", OwnSettings)
GUIDANCE = Collection("guidance", Guidance)
"""The texts that the region has changed."""
OWN_COLUMNS = Collection("own_columns", OwnColumns)

COLLECTIONS = (
    PATIENTS,
    IDENTITIES,
    PRESCRIPTIONS,
    ARTICLES,
    EXEMPTIONS,
    ATTACHMENTS,
    COPIES,
    MERGINGS,
    OWN_LISTS,
    LAUNCHES,
    TIES,
    ROUNDS,
    TARIFFS,
    PRESCRIBERS,
    DEVICE_RULES,
    OWN_SETTINGS,
    OWN_COLUMNS,
    GUIDANCE,
)


def to_be(collection: Collection[Any], document_id: str) -> Ref[Any]:
    """Name what does not exist yet; the rule refuses when it does."""
    return collection.maybe(document_id)


def articles_of(article_nos: Iterable[str]) -> Ref[tuple[Article | None, ...]]:
    """Name our copies of some articles, each once."""
    return ARTICLES.maybe_many(tuple(dict.fromkeys(article_nos)))
