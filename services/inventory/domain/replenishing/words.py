"""Replenishments, their parcels and what differs in them, in words (S114, S121, Q38)."""

from collections.abc import Mapping

from services.inventory.domain.orders.order import DeviationKind, OrderState, ParcelState, Source
from shared.domain.decision import Sentence

STATES: Mapping[OrderState, Sentence] = {
    "expected": Sentence("Väntas", "Expected"),
    "open": Sentence("Beställd", "Ordered"),
    "despatched": Sentence("Skickad", "Despatched"),
    "annulled": Sentence("Makulerad", "Annulled"),
    "handed_out": Sentence("Utlämnad", "Handed out"),
    "refused": Sentence("Avvisad", "Refused"),
    "taken_back": Sentence("Återtagen", "Taken back"),
}
PARCEL_STATES: Mapping[ParcelState, Sentence] = {
    "picking": Sentence("Plockas", "Being picked"),
    "given_up": Sentence("Väntar på att plockas klart", "Waits to be picked"),
    "packed": Sentence("Packad", "Packed"),
    "despatched": Sentence("På väg", "On its way"),
    "received": Sentence("På enheten", "At the unit"),
    "delivered": Sentence("Levererad", "Delivered"),
    "handed_out": Sentence("Utlämnad", "Handed out"),
    "sent_back": Sentence("Skickad tillbaka", "Sent back"),
    "booked": Sentence("Inlevererad", "Received"),
}
SOURCES: Mapping[Source, Sentence] = {
    "automatic": Sentence("Automatisk", "Automatic"),
    "manual": Sentence("Manuell", "Manual"),
    "template": Sentence("Från beställningsmall", "From a template"),
}
DEVIATIONS: Mapping[DeviationKind, Sentence] = {
    "missing": Sentence("Saknades", "Missing"),
    "too_many": Sentence("För många", "Too many"),
    "wrong": Sentence("Fel artikel", "Wrong article"),
    "damaged": Sentence("Skadad", "Damaged"),
}
BY_ITSELF = Sentence("Systemet", "The system")
"""Who ordered what was ordered by itself."""
