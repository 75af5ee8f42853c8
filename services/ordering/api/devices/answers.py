"""Answers to requests that inventory decides about: made, refused with its reason, or not yet known (Q41)."""

from typing import Any

from fastapi import Response

from services.ordering.domain.devices.goods import Refusal
from shared.domain.decision import Sentence
from shared.http import Asked, Problem
from shared.repository import Answer

ACCEPTED = 202
DECIDED_BY_INVENTORY: dict[int | str, dict[str, Any]] = {
    202: {"description": "Inventory has not answered yet; Location says where to look"},
    409: {"description": "Inventory refuses, and says what is in the way; nothing was moved"},
}


def decided(
    asked: Asked, answer: Answer, order_no: str, *, refusal: Refusal | None, is_known: bool
) -> Response:
    """Answer with what is known now, also when the same key comes again; raises a Problem with a refusal."""
    if refusal is not None:
        raise Problem(409, refusal.rule, Sentence(refusal.sv, refusal.en), order_no=order_no)
    response = asked.answered(answer, 200 if is_known else ACCEPTED)
    if not is_known:
        response.headers["Location"] = f"/device-orders/{order_no}"
    return response
