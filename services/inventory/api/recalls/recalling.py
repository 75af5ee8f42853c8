"""Routes that start and end a recall, and end what is known about one patient's goods (T17, N4)."""

import uuid
from datetime import date, datetime
from functools import partial
from typing import Annotated, Self

from fastapi import Response
from pydantic import Field, StringConstraints, model_validator

from services.inventory.api.forms import LONGEST_NUMBER, LotNo, SerialNo
from services.inventory.application.recalls import Recalls
from services.inventory.domain.recalls.notices import RecallNotice, end_notice
from services.inventory.domain.recalls.recall import (
    FoundPieces,
    Outcome,
    Recall,
    RecallState,
    end_recall,
    place_of,
    start_recall,
)
from services.inventory.repository.collections import RECALL_NOTICES, RECALLS
from shared.domain.decision import NotFound, Sentence
from shared.fault import fault
from shared.fields import Code, Day, SingleLine, refusal
from shared.http import Ask, Asked, Pages, ReasonText, Request, Router, View
from shared.http.ids import ArticleNo, Id, TaskId

LONGEST_SUPPLIER = 200


class RecallForm(Request):
    """What is recalled: an article, a lot, a range of an article's serial numbers, or all of a supplier."""

    article_no: ArticleNo | None = None
    lot: LotNo | None = None
    first_serial_no: SerialNo | None = None
    last_serial_no: SerialNo | None = None
    supplier: Annotated[SingleLine, Field(max_length=LONGEST_SUPPLIER)] | None = None
    first_day: Day | None = None
    """Of foods whose lot the distributor did not name: those sent from this day on (Q60)."""
    last_day: Day | None = None
    reason: ReasonText
    incident_no: Annotated[Code, StringConstraints(max_length=LONGEST_NUMBER)] | None = None
    """The number of the incident, as it is reported."""
    notify_patients: bool
    """Tell who has the goods by the contact channel, at once."""

    @model_validator(mode="after")
    def _one_meaning(self) -> Self:
        has_range = self.first_serial_no is not None or self.last_serial_no is not None
        is_whole = self.first_serial_no is not None and self.last_serial_no is not None
        wrong = (
            (self.supplier is not None and (self.article_no or self.lot or has_range))
            or (self.supplier is None and self.article_no is None and self.lot is None)
            or (has_range and (not is_whole or self.article_no is None or self.lot is not None))
        )
        if wrong:
            sentence = Sentence(
                "Ange en artikel, en sats, en artikel med första och sista serienummer, eller en leverantör.",
                "Give an article, a lot, an article with the first and last serial number, or a supplier.",
            )
            raise refusal("one-kind-of-recall", sentence)
        return self

    @model_validator(mode="after")
    def _first_before_last_number(self) -> Self:
        first, last = self.first_serial_no, self.last_serial_no
        if first is not None and last is not None and place_of(last) < place_of(first):
            sentence = Sentence(
                "Det sista serienumret är före det första. Byt plats på dem eller rätta det som är fel.",
                "The last serial number is before the first. Swap them, or correct the wrong one.",
            )
            raise refusal("serial-numbers-reversed", sentence)
        return self


class EndForm(Request):
    """How the recall ends, and why."""

    outcome: Outcome
    reason: ReasonText


class NoticeEndForm(Request):
    """What became of the goods; name nobody."""

    reason: ReasonText


class FoundView(View):
    """Where the pieces were when the recall began."""

    on_shelves: int
    under_way: int
    with_patients: int
    set_apart: int
    gone: int

    @classmethod
    def of(cls, found: FoundPieces) -> Self:
        return cls(
            on_shelves=found.on_shelves,
            under_way=found.under_way,
            with_patients=found.with_patients,
            set_apart=found.set_apart,
            gone=found.gone,
        )


class RecallView(View):
    """A recall."""

    recall_no: str
    article_nos: list[str]
    lot: str | None
    first_serial_no: str | None
    last_serial_no: str | None
    supplier: str | None
    first_day: date | None
    last_day: date | None
    reason: str
    incident_no: str | None
    notify_patients: bool
    state: RecallState
    started_by: str
    started_at: datetime
    found: FoundView
    ended_by: str | None
    ended_at: datetime | None
    ended_why: str | None

    @classmethod
    def of(cls, recall: Recall, *_: object) -> "RecallView":
        which = recall.which
        return cls(
            recall_no=recall.recall_no,
            article_nos=list(which.article_nos),
            lot=which.lot,
            first_serial_no=which.first_serial_no,
            last_serial_no=which.last_serial_no,
            supplier=which.supplier,
            first_day=which.first_day,
            last_day=which.last_day,
            reason=recall.reason,
            incident_no=recall.incident_no,
            notify_patients=recall.notify_patients,
            state=recall.state,
            started_by=recall.started_by,
            started_at=recall.started_at,
            found=FoundView.of(recall.found),
            ended_by=recall.ended_by,
            ended_at=recall.ended_at,
            ended_why=recall.ended_why,
        )


class RecallNow(RecallView):
    """A recall and how far it has come."""

    now: FoundView
    left: int
    """Pieces that are in use still: on a shelf, under way or with a patient."""


class NoticeEndView(View):
    """What became of a patient's recalled goods."""

    notice_id: str
    ended_at: datetime | None
    why: str | None

    @classmethod
    def of(cls, notice: RecallNotice) -> "NoticeEndView":
        return cls(notice_id=notice.notice_id, ended_at=notice.ended_at, why=notice.why)


def routes(recalls: Recalls) -> Router:
    router = Router("inventory", tags=["recalls"])
    _starting(router, recalls)
    _ending(router, recalls)
    return router


def _starting(router: Router, recalls: Recalls) -> None:
    repository, clock = recalls.repository, recalls.warehouse.clock

    @router.post("/recalls", response_model=RecallView, status_code=201)
    async def start_recall_of_goods(form: RecallForm, asked: Asked) -> Response:
        """Mark every piece, set apart what lies on shelves, and notice and tell who has the goods (N4)."""
        which = await recalls.pieces.meant(
            form.article_no,
            form.lot,
            (form.first_serial_no, form.last_serial_no),
            form.supplier,
            (form.first_day, form.last_day),
        )
        made = Recall(
            recall_no=str(uuid.uuid4()),
            which=which,
            reason=form.reason,
            incident_no=form.incident_no,
            notify_patients=form.notify_patients,
            started_by=asked.actor.sub,
            started_at=clock.now(),
            found=await recalls.pieces.found(which),
        )
        await fault("recall.before_commit")
        answer = await repository.change(
            RECALLS.maybe(made.recall_no), partial(start_recall, made=made), cause=asked.cause,
            reply=lambda kept: RecallView.of(kept or made),
        )  # fmt: skip
        await fault("recall.after_commit")
        if not answer.repeated:
            await recalls.follow(made)
        return asked.answered(answer, 201)

    @router.get("/recalls")
    async def list_recalls(
        ask: Ask,  # noqa: ARG001  who asks is checked
        pages: Pages,
    ) -> list[RecallView]:
        """List the recalls, the newest first."""
        page = pages.shown(await recalls.queries.recalls(after=pages.after))
        return [RecallView.of(each) for each in page]

    @router.get("/recalls/{recall_no}")
    async def get_recall(
        recall_no: Id,
        ask: Ask,  # noqa: ARG001  who asks is checked
    ) -> RecallNow:
        """Show a recall, and how many pieces are left of it."""
        recall = await repository.get(RECALLS.ref(recall_no))
        now = FoundView.of(await recalls.pieces.now(recall))
        return RecallNow(**dict(RecallView.of(recall)), now=now, left=await recalls.pieces.left(recall))


def _ending(router: Router, recalls: Recalls) -> None:
    repository, clock = recalls.repository, recalls.warehouse.clock

    @router.post("/recalls/{recall_no}/end", response_model=RecallView)
    async def end_recall_of_goods(recall_no: Id, form: EndForm, asked: Asked) -> Response:
        """End a recall of which nothing is left in use, or withdraw one: its marks are taken off."""
        recall = await repository.get(RECALLS.ref(recall_no))
        if recall.state == "open":
            await recalls.follow(recall)
        rule = partial(
            end_recall, outcome=form.outcome, left=await recalls.pieces.left(recall), reason=form.reason,
            by=asked.actor.sub, at=clock.now(),
        )  # fmt: skip
        ref = RECALLS.ref(recall_no, if_version=asked.if_match)
        answer = await repository.change(ref, rule, cause=asked.cause, reply=RecallView.of)
        if not answer.repeated:
            await recalls.follow(answer.states[0])
        return asked.answered(answer)

    @router.post("/recalls/{recall_no}/notices/{notice_id}/end", response_model=NoticeEndView)
    async def end_recall_notice(
        recall_no: Id, notice_id: TaskId, form: NoticeEndForm, asked: Asked
    ) -> Response:
        """Say what became of a patient's recalled goods, where no return or exchange says it."""
        notice = await repository.get(RECALL_NOTICES.ref(notice_id))
        is_theirs = asked.actor.covers(area=notice.product_area, unit=notice.care_unit)
        if notice.recall_no != recall_no or not is_theirs:
            raise NotFound(RECALL_NOTICES.noun, notice_id)
        rule = partial(end_notice, how="ended_by_hand", by=asked.actor.sub, at=clock.now(), why=form.reason)
        return asked.answered(
            await repository.change(
                RECALL_NOTICES.ref(notice_id), rule, cause=asked.cause, reply=NoticeEndView.of
            )
        )
