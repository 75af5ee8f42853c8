"""The states of a device order, and what people call them (S129)."""

from typing import Literal

from shared.domain.decision import Sentence

State = Literal[
    "requested", "refused", "sent", "waiting", "reserved", "picking", "partly_despatched", "despatched",
    "received", "partly_handed_out", "handed_out", "not_fetched", "annulment_asked", "annulled", "taken_back",
]  # fmt: skip
STATES: dict[State, Sentence] = {
    "requested": Sentence("begärd, lagret har inte svarat", "requested, the stock has not answered"),
    "refused": Sentence("kunde inte göras", "could not be made"),
    "sent": Sentence("beställd", "ordered"),
    "waiting": Sentence("väntar på varor", "waits for goods"),
    "reserved": Sentence("reserverad", "reserved"),
    "picking": Sentence("plockas", "being picked"),
    "partly_despatched": Sentence("delvis skickad", "partly despatched"),
    "despatched": Sentence("på väg", "on its way"),
    "received": Sentence("mottagen på enheten, väntar på patienten", "at the unit, waits for the patient"),
    "partly_handed_out": Sentence("delvis utlämnad", "partly handed out"),
    "handed_out": Sentence("utlämnad", "handed out"),
    "not_fetched": Sentence("inte hämtad", "not fetched"),
    "annulment_asked": Sentence("makulering begärd", "annulment asked for"),
    "annulled": Sentence("makulerad", "annulled"),
    "taken_back": Sentence("registrerad av misstag, återtagen", "registered by mistake, taken back"),
}
"""What people call the states."""
OVER: frozenset[State] = frozenset({"refused", "handed_out", "not_fetched", "annulled", "taken_back"})
"""States of orders that nothing more is waited for in."""
