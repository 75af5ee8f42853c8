"""Requests for articles outside the assortment, with what they cost and what there is of them (T32)."""

from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid5

from pydantic import BaseModel

from services.ordering.application.devices import DeviceDesk
from services.ordering.domain.assortment_request import (
    AssortmentRequest,
    Stock,
    ask_for_article,
    decide_request,
)
from services.ordering.domain.devices.copies import DeviceArticle
from services.ordering.domain.devices.lines import Line
from services.ordering.repository.assortment_requests import requests_of
from services.ordering.repository.collections import ALLOWANCES, ASSORTMENT_REQUESTS, DEVICE_ARTICLES
from shared.auth.actor import Actor
from shared.domain.decision import NotFound
from shared.http import Forbidden
from shared.http.asking import AskingOnce
from shared.repository import Answer

NAMES = UUID("0a3b0c57-63a8-5f0e-9d2b-0f6b4c3f7d21")
Reply = Callable[[AssortmentRequest | None], BaseModel]


class AssortmentRequests:
    """What clinics ask for, and what the central organisation decides."""

    def __init__(self, desk: DeviceDesk) -> None:
        self.desk = desk

    async def ask(
        self,
        asked: AskingOnce,
        *,
        patient_ref: str,
        care_unit: str,
        article_no: str,
        quantity: int,
        reason: str,
        reply: Reply,
    ) -> Answer:
        """Ask for so many base units; raises Forbidden, NotFound and what speaks against it."""
        desk, actor = self.desk, asked.actor
        article = await self._article(article_no)
        if not actor.covers(area=article.product_area, unit=care_unit):
            raise Forbidden("not-your-unit", patient_refs=(patient_ref,))
        now = await desk.ordering.present_ref(patient_ref)
        warehouse = await self._warehouse(care_unit, now)
        request = AssortmentRequest(
            request_id=str(uuid5(NAMES, str(asked.cause.key))),
            patient_ref=now,
            care_unit=care_unit,
            product_area=article.product_area,
            article_no=article_no,
            quantity=quantity,
            storeroom_no=warehouse,
            price=article.price,
            stock=await self.stock(article_no, warehouse, quantity),
            reason=reason,
            asked_by=actor.sub,
            asked_by_name=actor.name,
            asked_at=desk.clock.now(),
        )
        return await self._keep(request, article, asked, reply)

    async def _keep(
        self, request: AssortmentRequest, article: DeviceArticle, asked: AskingOnce, reply: Reply
    ) -> Answer:
        repository, patient_ref = self.desk.repository, request.patient_ref
        allowance = await repository.get(ALLOWANCES.maybe(patient_ref))
        earlier = [
            each
            for each in await requests_of(repository, patient_ref)
            if each.article_no == request.article_no and each.request_id != request.request_id
        ]
        rule = partial(
            ask_for_article,
            asked=request,
            article=article,
            person=allowance.person if allowance else None,
            is_waiting=any(each.state == "asked" for each in earlier),
        )
        ref = ASSORTMENT_REQUESTS.maybe(request.request_id)
        return await repository.change(ref, rule, cause=asked.cause, reply=reply)

    async def _article(self, article_no: str) -> DeviceArticle:
        article = await self.desk.repository.get(DEVICE_ARTICLES.maybe(article_no))
        if article is None:
            raise NotFound("article", article_no)
        return article

    async def decide(
        self, asked: AskingOnce, request_id: str, *, approves: bool, answer: str | None, reply: Reply
    ) -> Answer:
        """Approve or decline as another person than who asked; raises what speaks against it (T32)."""
        rule = partial(
            decide_request,
            approves=approves,
            answer=answer,
            by=asked.actor.sub,
            by_name=asked.actor.name,
            at=self.desk.clock.now(),
        )
        ref = ASSORTMENT_REQUESTS.ref(request_id)
        return await self.desk.repository.change(ref, rule, cause=asked.cause, reply=reply)

    async def stock(self, article_no: str, warehouse: str | None, quantity: int) -> Stock:
        """Ask inventory what would come of so many base units now (S89)."""
        line = Line(1, article_no, quantity, source="warehouse", storeroom_no=warehouse)
        planned = (await self.desk.planned.of([line])).get(1)
        return Stock(planned.in_stock, planned.expected_on) if planned else Stock()

    async def _warehouse(self, care_unit: str, patient_ref: str) -> str | None:
        catalogue = await self.desk.devices.catalogue_for((), care_unit=care_unit, patient_ref=patient_ref)
        found = (each for each in catalogue.serving(care_unit) if each.kind == "warehouse")
        return next((each.storeroom_no for each in found), None)


def demand_request(actor: Actor, request: AssortmentRequest) -> None:
    """Let those of the care unit and product area in (S73); raises Forbidden."""
    if not actor.covers(area=request.product_area, unit=request.care_unit):
        raise Forbidden("not-your-unit", patient_refs=(request.patient_ref,))
