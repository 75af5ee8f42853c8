"""The population register's answers, and the interface to ask it (S65 to S68, Q18, formats.md section 2)."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from shared.domain.address import Address
from shared.domain.decision import Addressed, Refused, Sentence
from shared.domain.person_id import PersonId


@dataclass(frozen=True)
class Record:
    """A person as the register has one, in clear.

    Name and address are absent for who is protected; `former` are numbers that the person had before.
    """

    number: PersonId
    protected: bool
    no_fixed_address: bool = False
    deceased_on: date | None = None
    county: str | None = None
    born: date | None = None
    name: str | None = None
    address: Address | None = None
    former: tuple[PersonId, ...] = ()


@dataclass(frozen=True)
class Found:
    """The register knows the person."""

    record: Record


@dataclass(frozen=True)
class NotInRegister:
    """The register answers that nobody has the number."""


@dataclass(frozen=True)
class Moved:
    """The person has another number now."""

    number: PersonId


@dataclass(frozen=True)
class Unavailable:
    """The register does not answer, or not so that it can be understood."""


Answer = Found | NotInRegister | Moved | Unavailable


class Register(Protocol):
    """The port: one question, four answers, never an exception."""

    async def lookup(self, number: PersonId) -> Answer: ...


class RegisterSilent(Refused):
    """No new patient while the register does not answer (Q18)."""

    rule = "register-silent"
    sentence = Sentence(
        "Folkbokföringen svarar inte, så patienten kan inte hämtas eller registreras nu. Försök igen senare.",
        "The population register does not answer, so the patient cannot be fetched or registered now. "
        "Try again later.",
    )


class OutOfRegion(Refused):
    """A person of another region is registered by customer service at the first prescription (S68)."""

    rule = "out-of-region"
    sentence = Addressed(
        "Patienten är folkbokförd i en annan region. Kundservice måste registrera patienten först.",
        "The patient is registered in another region. Customer service must register the patient first.",
        to_customer_service=Sentence(
            "Patienten är folkbokförd i en annan region. "
            "Registrera patienten för hand med hemregionen som betalare.",
            "The patient lives in another region. "
            "Register the patient by hand with the home region as payer.",
        ),
    )


class NumberGivenAway(Refused):
    """The register points from number to number without an end (formats.md section 2)."""

    rule = "number-given-away"
    sentence = Addressed(
        "Numret har bytts flera gånger i folkbokföringen. Kundservice måste reda ut vilket som gäller.",
        "The number was replaced several times in the register. Customer service must find out which holds.",
        to_customer_service=Sentence(
            "Numret har bytts flera gånger i folkbokföringen. Ta reda på vilket som gäller, och sök på det.",
            "The number was replaced several times in the register. "
            "Find out which one holds, and search for it.",
        ),
    )
