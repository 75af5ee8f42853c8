"""Replenishments and purchases, as inventory tells of them: found with all other orders (Q35, S125)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.ordering.domain.order_types import OrderType
from shared.domain.decision import Sentence

STATES: Mapping[str, Sentence] = {
    "proposed": Sentence("Föreslagen", "Proposed"),
    "ordered": Sentence("Beställd", "Ordered"),
    "confirmed": Sentence("Bekräftad", "Confirmed"),
    "despatched": Sentence("Skickad", "Despatched"),
    "part_received": Sentence("Delvis inlevererad", "Received in part"),
    "received": Sentence("Inlevererad", "Received"),
    "closed_short": Sentence("Avslutad, allt kom inte", "Closed, not all came"),
    "refused": Sentence("Avvisad av leverantören", "Refused by the supplier"),
    "annulled": Sentence("Makulerad", "Annulled"),
}


@dataclass(frozen=True)
class GoodsLine:
    """An article that is ordered to a place, in base units."""

    article_no: str
    quantity: int


@dataclass(frozen=True)
class GoodsOrder:
    """An order to a storeroom or a warehouse. It is inventory's: this copy is for the search."""

    order_no: str
    kind: str
    version: int
    state: str
    care_unit: str
    storeroom_no: str
    sent_at: datetime
    source_no: str | None = None
    supplier: str | None = None
    expected_on: date | None = None
    lines: tuple[GoodsLine, ...] = ()


def state_in_words(state: str) -> Sentence:
    """Say the state; one of a newer version stands as it was told."""
    return STATES.get(state, Sentence(state, state))


def type_of(order: GoodsOrder) -> OrderType:
    """Give the type in the list; what is neither is never searched for."""
    return "purchase" if order.kind == "purchase" else "replenishment"
