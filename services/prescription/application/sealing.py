"""Encrypts a person's fields before storing, and makes the keyed hashes by which the person is found."""

from datetime import date

from pydantic import TypeAdapter

from services.prescription.domain.patients.person import Person
from services.prescription.domain.patients.search import INDEXED_AS, searchable_texts
from shared.domain.address import Address
from shared.domain.person_id import PersonId
from shared.sealed import Seals

ADDRESS: TypeAdapter[Address] = TypeAdapter(Address)
KEY_LENGTH = 24
"""Of a keyed hash that only narrows a search: what it finds is compared again."""


def sealed_person(
    number: PersonId, *, born: date | None, name: str, address: Address, seals: Seals
) -> Person:
    """Seal what the register or a form says of a person."""
    text = ADDRESS.dump_json(address).decode()
    return Person(
        number=seals.seal(number.value, purpose="number"),
        number_type=number.type,
        born=born,
        sealed_born=seals.seal(born.isoformat(), purpose="identity") if born else None,
        name=seals.seal(name, purpose="identity"),
        address=seals.seal(text),
        name_keys=name_keys(searchable_texts(name), seals),
        indexed_as=INDEXED_AS,
        address_key=address_key(address, seals),
    )


def name_keys(texts: tuple[str, ...], seals: Seals) -> tuple[str, ...]:
    return tuple(seals.key_of(f"name:{each}")[:KEY_LENGTH] for each in texts)


def address_key(address: Address, seals: Seals) -> str:
    """Name an address by what it says, so that the same one is known again while it is sealed."""
    return seals.key_of(f"address:{ADDRESS.dump_json(address).decode()}")[:KEY_LENGTH]
