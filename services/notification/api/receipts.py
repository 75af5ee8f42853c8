"""Route where a gateway reports the outcome of an SMS: a form, at the URL of that message."""

import re
from typing import Annotated, get_args

from fastapi import Form, Path

from services.notification.application.messages import Messages
from services.notification.domain.message import Receipt, Status
from services.notification.gateways.links import ReceiptLinks
from shared.clock import Clock
from shared.domain.decision import NotFound
from shared.fields import Code, SingleLine
from shared.http import Webhook

MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{5,15}(Z|[+-][0-9:]{4,5})?")
KNOWN: tuple[Status, ...] = get_args(Status)


def receipt_routes(messages: Messages, links: ReceiptLinks, *, clock: Clock) -> Webhook:
    router = Webhook("notification", prefix="/receipts", tags=["receipts"])

    @router.post("/{token}", status_code=204)
    async def take_receipt(
        token: Annotated[Code, Path(max_length=400)],
        provider_id: Annotated[Code, Form(alias="id", max_length=100)],
        status: Annotated[Code, Form(max_length=30)],
        delivered: Annotated[SingleLine | None, Form(max_length=60)] = None,
    ) -> None:
        """Answered with 204 when it is kept, so that the gateway stops repeating it."""
        message_id = links.message_of(token)
        if message_id is None:
            raise NotFound("Message", "unknown address")
        known = next((each for each in KNOWN if each == status), None)
        if known:
            said = delivered if delivered and MOMENT.fullmatch(delivered) else None
            await messages.note_receipt(message_id, Receipt(provider_id, known, clock.now(), said))

    return router
