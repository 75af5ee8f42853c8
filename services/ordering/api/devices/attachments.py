"""Routes for files that are attached to lines of device orders: kept when scanned, and read again (S88)."""

from functools import partial
from typing import Annotated, Any, cast
from uuid import uuid4

from fastapi import Response
from pydantic import Field, StringConstraints

from services.ordering.api.devices.forms import AttachmentId, PlaceCode
from services.ordering.application.attachments import Attachments
from services.ordering.domain.devices.attachments import (
    BEGINNINGS,
    LARGEST_BYTES,
    LONGEST_NAME,
    Attachment,
    FileType,
    keep,
)
from services.ordering.repository.collections import ATTACHMENTS, CONTENTS
from shared.fields import FileContent, SingleLine
from shared.http import Ask, Asked, Request, Router, View
from shared.http.ids import PatientRef

FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {each: {} for each in BEGINNINGS}, "description": "The file itself"}
}


class AttachmentForm(Request):
    """A file about a patient, for a line that is going to be ordered."""

    patient_ref: PatientRef
    care_unit: PlaceCode
    name: Annotated[SingleLine, StringConstraints(max_length=LONGEST_NAME)]
    """The file's name, by which people know it again."""
    content: Annotated[FileContent, Field(max_length=2 * LARGEST_BYTES)]
    """PDF, JPEG or PNG as base64, at most 5 MB."""


class AttachmentKept(View):
    """The file was scanned and is kept; a line names it by its id."""

    attachment_id: str
    file_type: FileType
    size: int


def routes(attachments: Attachments) -> Router:
    router = Router("ordering", prefix="/attachments", tags=["attachments"])

    @router.post("", response_model=AttachmentKept)
    async def upload_attachment(form: AttachmentForm, asked: Asked) -> Response:
        """Keep a file when the virus scanner found nothing; what no line names is removed after a week."""
        attachment, content = await attachments.scanned(
            form.content,
            name=form.name,
            patient_ref=form.patient_ref,
            care_unit=form.care_unit,
            actor=asked.actor,
            attachment_id=uuid4().hex,
        )
        number = attachment.attachment_id
        answer = await attachments.repository.change(
            ATTACHMENTS.maybe(number) & CONTENTS.maybe(number),
            partial(keep, attachment=attachment, content=content),
            cause=asked.cause,
            reply=_kept,
        )
        return asked.answered(answer)

    @router.get("/{attachment_id}", response_class=Response, responses=FILES)
    async def get_attachment(attachment_id: AttachmentId, ask: Ask) -> Response:
        """Give the file itself, to be opened or saved; no cache keeps it."""
        attachment, content = await attachments.opened(attachment_id, ask)
        file_type = attachment.file.file_type
        name = f"{attachment_id[:8]}.{file_type.partition('/')[2]}"
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, media_type=file_type, headers=headers)

    return router


def _kept(attachment: Attachment | None, _: object) -> AttachmentKept:
    file = cast("Attachment", attachment).file
    return AttachmentKept(attachment_id=file.attachment_id, file_type=file.file_type, size=file.size)
