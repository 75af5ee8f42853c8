"""A withdrawal after sending: the receipt with its fee, and each step until it is delivered (S49)."""

import asyncio
from typing import Any
from uuid import uuid4

from fastapi import Response

from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form

MISSING = 404
OVER = frozenset({"delivered", "annulled", "refused", "cancelled", "undeliverable"})


def register(pages: Pages) -> None:
    @pages.page("/withdrawals/{withdrawal_no}")
    async def withdrawal(visit: Visit) -> Response:
        return await shown(visit)

    @pages.form("/withdrawals/{withdrawal_no}/annul")
    async def annul_withdrawal(visit: Visit, form: Form) -> Response:
        """Annul a draft at once; of a sent withdrawal the distributor is asked first (Q22)."""
        address = f"/withdrawals/{part(visit.request.path_params['withdrawal_no'])}"
        if form.action != "annul":
            return see(address)
        annulled = await visit.post("ordering", f"{address}/annul", key=form.text("key"))
        return see(address) if annulled.ok else await shown(visit, refusal=annulled)

    @pages.page("/orders/{order_no}")
    async def order(visit: Visit) -> Response:
        number = visit.request.path_params["order_no"]
        found = await visit.get("ordering", f"/orders/{part(number)}")
        if found.status == MISSING and visit.may("ordering.get_device_order"):
            return see(f"/device-orders/{part(number)}")  # both kinds have numbers with B
        if not found.ok:
            return visit.refused(found)
        return visit.page("order.html", order=found.body, is_over=found.body["state"] in OVER)


async def shown(visit: Visit, *, refusal: Answer | None = None) -> Response:
    found = await visit.get("ordering", f"/withdrawals/{part(visit.request.path_params['withdrawal_no'])}")
    if not found.ok:
        return visit.refused(found)
    return visit.page(
        "withdrawal.html",
        status=200 if refusal is None else 503 if refusal.is_down else 422,
        withdrawal=found.body,
        orders=await orders_of(visit, found.body),
        history=list(reversed(found.body["history"])),
        is_over=found.body["state"] in OVER,
        is_receipt=bool(found.body["sent_on"]) and visit.request.query_params.get("sent") == "1",
        refusal=refusal,
        key=uuid4().hex,
    )


async def orders_of(visit: Visit, withdrawal: dict[str, Any]) -> list[tuple[dict[str, Any], Answer | None]]:
    """Give each order with its lines; without them for who may not read orders."""
    if not visit.may("ordering.get_order"):
        return [(each, None) for each in withdrawal["orders"]]
    answers = await asyncio.gather(
        *(visit.get("ordering", f"/orders/{part(each['order_no'])}") for each in withdrawal["orders"])
    )
    return list(zip(withdrawal["orders"], answers, strict=True))
