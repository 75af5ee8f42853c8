"""The types of orders that are found in one search, in the words of people (S125, S127)."""

from typing import Literal, get_args

from shared.domain.decision import Refused, Sentence

OrderType = Literal["hand_out", "order", "withdrawal", "replenishment", "purchase"]
ORDER_TYPES: tuple[OrderType, ...] = get_args(OrderType)
TYPES: dict[OrderType, Sentence] = {
    "hand_out": Sentence("Förskrivning från eget förråd", "Prescription from an own storeroom"),
    "order": Sentence(
        "Förskrivning via huvudlager eller leverantör",
        "Prescription through the main warehouse or a supplier",
    ),
    "withdrawal": Sentence("Uttag av livsmedel", "Withdrawal of foods"),
    "replenishment": Sentence("Lagerpåfyllnad till eget förråd", "Replenishment of an own storeroom"),
    "purchase": Sentence("Inköp till huvudlager", "Purchase for the main warehouse"),
}
"""What people call them."""


class SayWhichOrders(Refused):
    """Who works for every care unit says whose orders are asked for (S125)."""

    rule = "say-which-orders"
    sentence = Sentence(
        "Ange minst ett av tjänsteställe, patient, individnummer, beställare, förskrivare eller nummer, "
        "eller sök bland dina egna beställningar.",
        "Give at least one of care unit, patient, device number, who placed it, prescriber or number, or "
        "search among your own orders.",
    )
