"""An article outside the assortment for one patient: who orders asks, another person decides (Q50, T32)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from services.ordering.domain.devices.copies import DeviceArticle
from services.ordering.domain.person import Person, against_person
from shared.domain.days import local_day
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.domain.money import Money
from shared.domain.two_people import refuse_same_person
from shared.events.tasks import TaskRaised, TaskResolved

VALID_DAYS = 90
"""So long an approved article may be ordered, the day of the decision not counted."""
IN_ASSORTMENT = frozenset({"standard", "other", "earlier"})


class InAssortment(Refused):
    """The article is ordered like any other."""

    rule = "in-assortment-already"
    sentence = Sentence(
        "Artikeln finns i sortimentet. Beställ den som vanligt.",
        "The article is in the assortment. Order it as usual.",
    )


class AssortmentRequestWaits(Refused):
    """The same article is asked for already for this patient."""

    rule = "assortment-request-waits"
    sentence = Sentence(
        "Artikeln är redan begärd till patienten. Vänta på beslutet.",
        "The article is asked for already for the patient. Wait for the decision.",
    )


class AssortmentRequestDecided(Refused):
    """A colleague was first to decide."""

    rule = "assortment-request-decided"
    sentence = Sentence(
        "Begäran är redan avgjord. Ladda om den.",
        "The request is decided already. Load it again.",
    )


@dataclass(frozen=True)
class Stock:
    """What there was of the article when it was asked for, as inventory said it."""

    in_stock: int | None = None
    """Base units; None: inventory did not answer, or the unit has no warehouse."""
    expected_on: date | None = None


@dataclass(frozen=True)
class AssortmentRequest:
    """A request for one article and one patient."""

    request_id: str
    patient_ref: str
    care_unit: str
    product_area: str
    article_no: str
    quantity: int
    """Base units."""
    storeroom_no: str | None
    """The warehouse that it would come from."""
    price: Money
    """Of one base unit, when it was asked for."""
    stock: Stock
    reason: str
    asked_by: str
    asked_by_name: str
    asked_at: datetime
    state: Literal["asked", "approved", "declined"] = "asked"
    decided_by: str | None = None
    decided_by_name: str | None = None
    decided_at: datetime | None = None
    answer: str | None = None
    """Why it was declined, or what to think of when ordering."""

    @property
    def cost(self) -> Money:
        return self.price * self.quantity

    @property
    def valid_through(self) -> date | None:
        """Give the last day on which an approved article may be ordered."""
        if self.state != "approved" or self.decided_at is None:
            return None
        return local_day(self.decided_at) + timedelta(days=VALID_DAYS)


def ask_for_article(
    _: AssortmentRequest | None,
    *,
    asked: AssortmentRequest,
    article: DeviceArticle,
    person: Person | None,
    is_waiting: bool,
) -> Decision[AssortmentRequest]:
    """Ask for an article outside the assortment; a task shows stock and cost (T32).

    Raises InAssortment, AssortmentRequestWaits, and why the patient cannot have anything.
    """
    refuse_any(_against_asking(article, person, asked, is_waiting=is_waiting))
    return asked, [_task(asked)]


def decide_request(
    request: AssortmentRequest, *, approves: bool, answer: str | None, by: str, by_name: str, at: datetime
) -> Decision[AssortmentRequest]:
    """Decide as another person than who asked (T32); raises AssortmentRequestDecided and SamePerson."""
    if request.state != "asked":
        raise AssortmentRequestDecided(article_no=request.article_no, state=request.state)
    refuse_same_person(asked_by=request.asked_by, by=by)
    how: Literal["approved", "declined"] = "approved" if approves else "declined"
    decided = replace(
        request, state=how, decided_by=by, decided_by_name=by_name, decided_at=at, answer=answer
    )
    return decided, [TaskResolved(task_id=_task_id(request), how=how)]


def move_request(request: AssortmentRequest, *, into_ref: str) -> Decision[AssortmentRequest]:
    """Let a request hang on the patient that two turned out to be (S65)."""
    return replace(request, patient_ref=into_ref), []


def with_approved(
    articles: Mapping[str, DeviceArticle], requests: tuple[AssortmentRequest, ...], *, on: date
) -> dict[str, DeviceArticle]:
    """Give articles as they are for a patient: what was approved is ordered like any other (Q50)."""
    approved = {each.article_no for each in requests if each.valid_through and each.valid_through >= on}
    return {
        no: replace(each, assortment="other") if no in approved and each.assortment == "none" else each
        for no, each in articles.items()
    }


def _against_asking(
    article: DeviceArticle, person: Person | None, asked: AssortmentRequest, *, is_waiting: bool
) -> Iterator[Refused]:
    yield from against_person(person)
    if article.assortment in IN_ASSORTMENT:
        yield InAssortment(article_no=article.article_no)
    if is_waiting:
        yield AssortmentRequestWaits(article_no=asked.article_no)


def _task_id(request: AssortmentRequest) -> str:
    return f"assortment-request:{request.request_id}"


def _task(request: AssortmentRequest) -> TaskRaised:
    in_stock = request.stock.in_stock
    return TaskRaised(
        task_id=_task_id(request),
        kind="assortment_request_waits",
        role="customer_service",
        care_unit=request.care_unit,
        patient_ref=request.patient_ref,
        subject_no=request.article_no,
        reason="outside-the-assortment",
        details={
            "quantity": str(request.quantity),
            "article_no": request.article_no,
            "cost": str(request.cost),
            "in_stock": "?" if in_stock is None else str(in_stock),
        },
    )
