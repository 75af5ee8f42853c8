"""Refusals for persons who are not served by this system, with the guide's routine (S65 to S67, Q18)."""

from shared.domain.customer_service import CALL
from shared.domain.decision import Addressed, Refused, Sentence


class ProtectedIdentity(Refused):
    """A person with protected identity is never prescribed to or shown here (S67)."""

    rule = "protected-identity"
    sentence = (
        Sentence(
            "Det går inte att förskriva till patienten här. Följ den manuella rutinen för skyddad identitet.",
            "The patient cannot be prescribed to here. Follow the manual routine for protected identity.",
        )
        + CALL
    )


class NoFixedAddress(Refused):
    """Nothing can be delivered to a person without a fixed address (S66)."""

    rule = "no-fixed-address"
    sentence = (
        Sentence(
            "Det går inte att förskriva till patienten utan stadigvarande adress. Följ den manuella rutinen.",
            "The patient has no fixed address and cannot be prescribed to. Follow the manual routine.",
        )
        + CALL
    )


class UnknownReserveNumber(Refused):
    """A reserve number cannot be fetched from the population register (S65)."""

    rule = "unknown-reserve-number"
    sentence = (
        Addressed(
            "Reservnumret är inte registrerat. Kundservice måste först registrera patienten.",
            "The reserve number is not registered. Customer service must register the patient first.",
            to_customer_service=Sentence(
                "Reservnumret är inte registrerat. Registrera patienten först.",
                "The reserve number is not registered. Register the patient first.",
            ),
        )
        + CALL
    )


class UnknownPatient(Refused):
    """Nobody is registered with the number; customer service registers by hand (S68, Q18)."""

    rule = "unknown-patient"
    sentence = (
        Addressed(
            "Ingen patient är registrerad med numret. Kontrollera numret, eller låt kundservice registrera.",
            "No patient is registered with the number. Check it, or let customer service register.",
            to_customer_service=Sentence(
                "Ingen patient är registrerad med numret. Kontrollera numret, eller registrera patienten.",
                "No patient is registered with the number. Check the number, or register the patient.",
            ),
        )
        + CALL
    )
