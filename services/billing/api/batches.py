"""Routes for the day's files: closing, listing, sending again, and invoicing's answers."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import Field

from services.billing.application.batches import Batches
from services.billing.application.ledger import Ledger
from services.billing.domain.fees.acknowledgement import Acknowledgement, Status
from services.billing.domain.fees.ledger import Fee
from services.billing.domain.files.batch import Batch
from shared.clock import Clock
from shared.fields import Code, Day, SingleLine
from shared.http import Asked, Pages, Request, Router, View
from shared.http.ids import BatchId, Id


class BatchView(View):
    """A file and its control totals."""

    batch_id: str
    file_name: str
    day: date
    created_at: datetime
    rows: int
    total: str
    """SEK: charges minus credits."""
    state: Literal["frozen", "written"]
    sha256: str | None
    """Of all lines before the trailer; the trailer says it too."""
    written_at: datetime | None
    answer: Literal["accepted", "rejected"] | None
    sent_again_at: tuple[datetime, ...]
    unanswered_since: datetime | None
    """When it was seen that nobody had answered it for 24 hours."""
    copies: tuple[str, ...]
    """The same entries in other shapes: the names of those files."""

    @classmethod
    def of(cls, batch: Batch) -> "BatchView":
        return cls(
            batch_id=batch.batch_id,
            file_name=batch.file_name,
            day=batch.day,
            created_at=batch.created_at,
            rows=len(batch.event_ids),
            total=str(batch.total),
            state="written" if batch.written else "frozen",
            sha256=batch.sha256,
            written_at=batch.written_at,
            answer=batch.answer,
            sent_again_at=batch.sent_again_at,
            unanswered_since=None if batch.over else batch.alarmed_at,
            copies=tuple(batch.name_of(ends) for ends, _ in batch.copies),
        )

    @classmethod
    def of_frozen(cls, batch: Batch | None, _: tuple[Fee, ...]) -> "BatchView":
        if batch is None:
            raise LookupError("a closed batch is kept")
        return cls.of(batch)


class RowAnswered(Request):
    """Invoicing's answer about one entry, as a row of the acknowledgement file."""

    event_id: Id
    status: Status
    code: Annotated[SingleLine, Field(max_length=40)] | None = None
    invoice_no: Annotated[Code, Field(max_length=40)] | None = None
    invoice_date: Day | None = None


class FileAnswered(Request):
    """The lines of `egenavgift_<batch>.ack.jsonl` as JSON: the head's answer, and its rows."""

    head: Literal["accepted", "rejected"]
    rows: Annotated[tuple[RowAnswered, ...], Field(max_length=500)] = ()


def batch_routes(batches: Batches, ledger: Ledger, clock: Clock, *, write_soon: Callable[[], None]) -> Router:
    router = Router("billing", prefix="/batches", tags=["batches"])

    @router.post("", response_model=BatchView, status_code=201)
    async def close_batch(asked: Asked) -> Response:
        answer = await batches.close(cause=asked.cause, reply=BatchView.of_frozen)
        write_soon()
        return asked.answered(answer, 201)

    @router.get("")
    async def list_batches(pages: Pages, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> list[BatchView]:
        page = await batches.queries.newest_first(limit=limit, after=pages.after)
        return [BatchView.of(await batches.as_of_now(each)) for each in pages.shown(page)]

    @router.get("/{batch_id}")
    async def get_batch(batch_id: BatchId) -> BatchView:
        return BatchView.of(await batches.as_of_now(await batches.queries.get(batch_id)))

    @router.post("/{batch_id}/export")
    async def export_batch(batch_id: BatchId, asked: Asked) -> BatchView:
        await batches.note_export(batch_id, asked)
        return BatchView.of(await batches.write(batch_id))

    @router.post("/{batch_id}/send-again", response_model=BatchView)
    async def send_batch_again(batch_id: BatchId, asked: Asked) -> Response:
        """Write the same file again if it is gone, and send its unanswered entries again, by their ids."""
        await batches.note_export(batch_id, asked)
        answer = await batches.send_again(
            batch_id, cause=asked.cause, reply=lambda batch, _: BatchView.of(batch)
        )
        return asked.answered(answer)

    @router.post("/{batch_id}/acknowledgement", response_model=BatchView)
    async def acknowledge_batch(batch_id: BatchId, body: FileAnswered, asked: Asked) -> Response:
        await batches.queries.get(batch_id)
        for number, row in enumerate(body.rows):
            heard = Acknowledgement(at=clock.now(), **row.model_dump())
            await ledger.acknowledge(heard, cause=asked.cause.part(str(number)))
        answer = await batches.answer(batch_id, body.head, cause=asked.cause, reply=BatchView.of)
        return asked.answered(answer)

    return router
