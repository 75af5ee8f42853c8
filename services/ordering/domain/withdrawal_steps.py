"""The steps of a withdrawal, and what people call them (S49)."""

from typing import Literal

from shared.domain.decision import Sentence

What = Literal[
    "drafted",
    "changed",
    "block_passed",
    "sent",
    "acknowledged",
    "confirmed",
    "deviated",
    "line_rejected",
    "substituted",
    "delayed",
    "despatched",
    "part_delivered",
    "delivered",
    "refused",
    "cancelled",
    "undeliverable",
    "annulment_asked",
    "annulment_too_late",
    "annulled",
    "protected",
    "merged",
]
STEPS: dict[What, Sentence] = {
    "drafted": Sentence("påbörjat", "begun"),
    "changed": Sentence("ändrat", "changed"),
    "block_passed": Sentence("spärr passerad", "block passed"),
    "sent": Sentence("skickat till distributören", "sent to the distributor"),
    "acknowledged": Sentence("mottaget av distributören", "received by the distributor"),
    "confirmed": Sentence("bekräftat av distributören", "confirmed by the distributor"),
    "deviated": Sentence("bekräftat med avvikelse", "confirmed with a deviation"),
    "line_rejected": Sentence("en artikel avvisad", "an article refused"),
    "substituted": Sentence("en artikel utbytt", "an article substituted"),
    "delayed": Sentence("försenat", "delayed"),
    "despatched": Sentence("på väg", "on its way"),
    "part_delivered": Sentence("delvis levererat", "partly delivered"),
    "delivered": Sentence("levererat", "delivered"),
    "refused": Sentence("avvisat av distributören", "refused by the distributor"),
    "cancelled": Sentence("inställt av distributören", "cancelled by the distributor"),
    "undeliverable": Sentence("kunde inte levereras", "could not be delivered"),
    "annulment_asked": Sentence("makulering begärd", "annulment asked for"),
    "annulment_too_late": Sentence("makuleringen kom för sent", "the annulment came too late"),
    "annulled": Sentence("makulerat", "annulled"),
    "protected": Sentence(
        "stoppat: patienten har skyddade personuppgifter", "stopped: the patient's identity is protected"
    ),
    "merged": Sentence("patienten har fått ett annat nummer", "the patient was given another number"),
}
"""What people call the steps."""
