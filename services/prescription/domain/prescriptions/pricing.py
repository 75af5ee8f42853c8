"""Warns when an article is prescribed that the tariff has no price for (S58, Q3)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.prescriptions.articles import Article
from services.prescription.domain.prescriptions.prescribing import PrescriptionRequest
from services.prescription.domain.prescriptions.quantity import against_quantity, calculate
from shared.domain.decision import Sentence
from shared.domain.tariff import NoTariff, Payment, Priced, against_price, in_force
from shared.events.fees import Tariff


@dataclass(frozen=True)
class Unpriced:
    """The tariff has no fee for the article, so no withdrawal of the line can be sent; it warns (Q3)."""

    line: int
    article_no: str
    rule: ClassVar[str] = "not-priced"
    sentence: ClassVar[Sentence] = Sentence(
        "Artikeln saknar avgift i taxan, så inget uttag kan skickas förrän den har fått en. Välj en annan "
        "artikel, eller be kundservice om en avgift; du kan ändå gå vidare.",
        "The article has no fee in the tariff, so no withdrawal can be sent until it has one. Choose another "
        "article, or ask customer service for a fee; you may go on all the same.",
    )

    @property
    def facts(self) -> Mapping[str, int | str]:
        return {"article_no": self.article_no}


def unpriced(
    wanted: PrescriptionRequest,
    articles: Mapping[str, Article],
    patient: Patient,
    tariffs: Sequence[Tariff],
    *,
    on: date,
) -> Iterator[Unpriced]:
    """Name the lines that the tariff in force has no fee for (Q3); none before any tariff is known."""
    try:
        tariff = in_force(tariffs, on=on)
    except NoTariff:
        return
    born = patient.person.born if patient.person else None
    payment = Payment(born, patient.status.asylum_seeker)
    for place, priced in _priced(wanted, articles):
        if any(against_price(tariff, [priced], payment=payment, on=on)):
            yield Unpriced(place, priced.article_no)


def _priced(wanted: PrescriptionRequest, articles: Mapping[str, Article]) -> Iterable[tuple[int, Priced]]:
    for place, line in enumerate(wanted.lines, start=1):
        article = articles.get(line.article_no)
        if article is not None and not any(against_quantity(line, line=place)):
            quantity = calculate(line, article)
            yield (
                place,
                Priced(
                    str(place), line.article_no, wanted.prescription_type, quantity.packages, quantity.cost
                ),
            )
