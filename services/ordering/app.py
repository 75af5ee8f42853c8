"""Ordering, put together: here and only here."""

from fastapi import FastAPI

from services.ordering.api import allowances, orders, withdrawals
from services.ordering.handlers import handlers
from services.ordering.repository import COLLECTIONS, Ordering
from shared.assembled import Assembled, Parts
from shared.service import serve


def assemble(parts: Parts) -> Assembled:
    ordering = Ordering(parts.repository)
    return Assembled(
        name="ordering",
        collections=COLLECTIONS,
        routers=[
            withdrawals.routes(ordering, parts.clock, parts.seals, buyer_gln=parts.settings.buyer_gln),
            allowances.routes(ordering, parts.clock, parts.seals),
            orders.routes(ordering, parts.seals),
            orders.reply_routes(ordering, parts.seals),
        ],
        ears=handlers(ordering, parts.clock, parts.seals),
    )


def create_app() -> FastAPI:
    return serve("ordering", assemble)
