"""Routes for articles outside the assortment: asked by who orders, decided by another person (T32, Q50)."""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import Field

from services.ordering.api.devices.forms import PlaceCode
from services.ordering.application.assortment_requests import AssortmentRequests, demand_request
from services.ordering.domain.assortment_request import AssortmentRequest, Stock
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.repository.assortment_requests import requests_waiting
from services.ordering.repository.collections import ASSORTMENT_REQUESTS
from shared.auth.rule import EVERY_UNIT
from shared.http import Ask, Asked, Forbidden, Pages, ReasonText, Request, Router, View
from shared.http.ids import ArticleNo, Id, PatientRef


class AssortmentRequestForm(Request):
    """Which article, for whom and why; name nobody in the reason."""

    patient_ref: PatientRef
    care_unit: PlaceCode
    article_no: ArticleNo
    quantity: Annotated[int, Field(ge=1, le=999)] = 1
    reason: ReasonText


class ApproveRequestForm(Request):
    """What to think of when it is ordered, if anything."""

    answer: ReasonText | None = None


class DeclineRequestForm(Request):
    """Why not, and what to choose instead."""

    answer: ReasonText


class AssortmentRequestKept(View):
    """The answer that is kept."""

    request_id: str
    article_no: str
    state: Literal["asked", "approved", "declined"]

    @classmethod
    def of(cls, request: AssortmentRequest | None) -> "AssortmentRequestKept":
        if request is None:
            raise LookupError("a request is kept")
        return cls(request_id=request.request_id, article_no=request.article_no, state=request.state)


class AssortmentRequestView(View):
    """A request with what it costs and what there is of the article."""

    request_id: str
    patient_ref: str
    care_unit: str
    care_unit_name: str
    product_area: str
    article_no: str
    article_name: str
    quantity: int
    price: str
    """SEK, of one base unit."""
    cost: str
    """SEK, of all of it."""
    in_stock: int | None
    """Base units in the warehouse, now where one request is opened; null: not known."""
    expected_on: date | None
    reason: str
    state: Literal["asked", "approved", "declined"]
    asked_by: str
    asked_by_name: str
    asked_at: datetime
    decided_by: str | None
    decided_by_name: str | None
    decided_at: datetime | None
    answer: str | None
    valid_through: date | None
    """The last day on which the approved article may be ordered for the patient."""

    @classmethod
    def shown(
        cls, request: AssortmentRequest, names: DeviceCatalogue, stock: Stock
    ) -> "AssortmentRequestView":
        return cls(
            request_id=request.request_id,
            patient_ref=request.patient_ref,
            care_unit=request.care_unit,
            care_unit_name=names.unit_name(request.care_unit),
            product_area=request.product_area,
            article_no=request.article_no,
            article_name=names.name_of(request.article_no),
            quantity=request.quantity,
            price=str(request.price),
            cost=str(request.cost),
            in_stock=stock.in_stock,
            expected_on=stock.expected_on,
            reason=request.reason,
            state=request.state,
            asked_by=request.asked_by,
            asked_by_name=request.asked_by_name,
            asked_at=request.asked_at,
            decided_by=request.decided_by,
            decided_by_name=request.decided_by_name,
            decided_at=request.decided_at,
            answer=request.answer,
            valid_through=request.valid_through,
        )


def routes(requests: AssortmentRequests) -> Router:
    router = Router("ordering", prefix="/assortment-requests", tags=["assortment requests"])
    _asking(router, requests)
    _reading(router, requests)
    _deciding(router, requests)
    return router


def _asking(router: Router, requests: AssortmentRequests) -> None:
    @router.post("", response_model=AssortmentRequestKept, status_code=201)
    async def ask_for_article_outside(form: AssortmentRequestForm, asked: Asked) -> Response:
        """Ask for an article outside the assortment for one patient; it becomes a task (T32)."""
        answer = await requests.ask(asked, **form.model_dump(), reply=AssortmentRequestKept.of)
        return asked.answered(answer, 201)


def _reading(router: Router, requests: AssortmentRequests) -> None:
    desk = requests.desk

    @router.get("")
    async def list_assortment_requests(
        ask: Ask, pages: Pages, care_unit: Annotated[PlaceCode | None, Query()] = None
    ) -> list[AssortmentRequestView]:
        """List what waits for a decision, the oldest first; stock as it was when it was asked for (T32)."""
        if care_unit is not None and not ask.actor.covers(unit=care_unit):
            raise Forbidden("not-your-unit")
        own = None if ask.actor.has(*EVERY_UNIT) else ask.actor.care_units
        units = own if care_unit is None else frozenset({care_unit})
        found = pages.shown(await requests_waiting(desk.repository, units, after=pages.after))
        seen = [each for each in found if ask.actor.covers(area=each.product_area)]
        await desk.repository.note(ask, [each.patient_ref for each in seen])
        names = await desk.devices.names_of(
            [each.article_no for each in seen], [each.care_unit for each in seen]
        )
        return [AssortmentRequestView.shown(each, names, each.stock) for each in seen]

    @router.get("/{request_id}")
    async def get_assortment_request(request_id: Id, ask: Ask) -> AssortmentRequestView:
        """Show a request with its cost and what there is of the article now (T32)."""
        request = await desk.repository.show(
            ASSORTMENT_REQUESTS.ref(request_id), asked=ask, demand=partial(demand_request, ask.actor)
        )
        names = await desk.devices.names_of([request.article_no], [request.care_unit])
        stock = await requests.stock(request.article_no, request.storeroom_no, request.quantity)
        return AssortmentRequestView.shown(request, names, stock)


def _deciding(router: Router, requests: AssortmentRequests) -> None:
    @router.post("/{request_id}/approve", response_model=AssortmentRequestKept)
    async def approve_assortment_request(request_id: Id, form: ApproveRequestForm, asked: Asked) -> Response:
        """Approve as another person: for 90 days the article is ordered like any other (T32)."""
        answer = await requests.decide(
            asked, request_id, approves=True, answer=form.answer, reply=AssortmentRequestKept.of
        )
        return asked.answered(answer)

    @router.post("/{request_id}/decline", response_model=AssortmentRequestKept)
    async def decline_assortment_request(request_id: Id, form: DeclineRequestForm, asked: Asked) -> Response:
        """Decline as another person, and say why (T32)."""
        answer = await requests.decide(
            asked, request_id, approves=False, answer=form.answer, reply=AssortmentRequestKept.of
        )
        return asked.answered(answer)
