"""Invented people on official test numbers, whose words are then looked for where they must never be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tools.demo.test_numbers import demand_test_number

GROWN_UP = (
    "189807039814", "190507039816", "191006269805", "194710162381", "195309192382", "199007052393",
    "199007062384", "199307022393", "199907032388", "200207022385",
)  # fmt: skip


@dataclass(frozen=True)
class Canary:
    """One invented person; each word stands nowhere else in the world, and is written alike everywhere.

    No letter is outside of ASCII: JSON may write such a one in two ways, and the search would miss it.
    """

    number: str
    name: str
    street: str
    phone: str
    door_code: str
    instructions: str

    @property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """Every way in which each could be written."""
        local = self.phone.removeprefix("+46")
        number = self.number
        return {
            "number": (number, f"{number[:8]}-{number[8:]}", number[2:], f"{number[2:8]}-{number[8:]}"),
            "name": (self.name, *self.name.split()[:1]),
            "street": (self.street,),
            "phone": (self.phone, f"0{local}", f"0{local[:2]}-{local[2:]}", local),
            "door code": (self.door_code,),
            "instructions": (self.instructions,),
        }

    @property
    def form(self) -> dict[str, object]:
        """What customer service fills in."""
        return {
            "number": self.number,
            "protected": False,
            "name": self.name,
            "phone": f"070-{self.phone.removeprefix('+4670')}",
            "address": {"line1": self.street, "postal_code": "21120", "city": "MALMÖ"},
        }


def canaries() -> list[Canary]:
    """Ten people with a number and five words each: fifty words, and their numbers."""
    return [_canary(index, demand_test_number(number)) for index, number in enumerate(GROWN_UP)]


def _canary(index: int, number: str) -> Canary:
    return Canary(
        number=number,
        name=f"Kanarie{index}q Testsson",
        street=f"Burgatan {index}77x",
        phone=f"+46701740{640 + index}",
        door_code=f"dk{index}91z",
        instructions=f"ring hos grannen{index}v",
    )


def found_in(text: str, people: Iterable[Canary], *, but_for: Iterable[str] = ()) -> list[str]:
    """Name the kinds of words that stand in a text, never the words: the finding is printed."""
    allowed = set(but_for)
    return [
        f"{kind} of canary {place}"
        for place, canary in enumerate(people)
        for kind, words in canary.words.items()
        if kind not in allowed and any(word in text for word in words)
    ]
