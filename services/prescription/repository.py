"""What prescription keeps, and what it looks up."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from services.prescription.domain.articles import Article
from services.prescription.domain.patients import Identity, Patient
from services.prescription.domain.prescriptions import Prescription
from shared.repository import Collection, Ref, Repository

PATIENTS = Collection("patients", Patient)
IDENTITIES = Collection("identities", Identity, indexes=("patient_ref",))
PRESCRIPTIONS = Collection("prescriptions", Prescription, indexes=("patient_ref", "valid_through"))
ARTICLES = Collection("articles", Article)

COLLECTIONS = (PATIENTS, IDENTITIES, PRESCRIPTIONS, ARTICLES)
LONGEST_LIST = 200


class Prescribing:
    """The questions that prescription asks of what it keeps."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    async def patient_ref_of(self, number_key: str) -> str | None:
        """Give whose number it is; None when nobody's."""
        identity = await self.repository.get(IDENTITIES.maybe(number_key))
        return identity.patient_ref if identity else None

    async def prescriptions_of(self, patient_ref: str) -> list[Prescription]:
        """List a patient's prescriptions, the latest first."""
        return await self.repository.find(
            PRESCRIPTIONS, {"patient_ref": patient_ref}, sort="-registered_on", limit=LONGEST_LIST
        )

    async def past_their_last_day(self, day: date) -> list[Prescription]:
        """List prescriptions with lines that are active although their time has run out."""
        return await self.repository.find(
            PRESCRIPTIONS, {"valid_through": {"$lt": day.isoformat()}, "lines.state": "active"}
        )


def to_be(collection: Collection[Any], document_id: str) -> Ref[Any]:
    """Name what does not exist yet; the rule refuses when it does."""
    return collection.maybe(document_id)


def articles_of(article_nos: Iterable[str]) -> Ref[tuple[Article | None, ...]]:
    """Name our copies of some articles, each once."""
    return ARTICLES.maybe_many(tuple(dict.fromkeys(article_nos)))
