"""The official test numbers of the demo; a test number is known by this list, never by its form."""

from shared.domain.decision import Refused, Sentence

DEMO_NUMBERS = frozenset(
    {
        "189807039814",
        "190507039816",
        "191006269805",
        "194710162381",
        "195309192382",
        "199007052393",
        "199007062384",
        "199307022393",
        "199907032388",
        "200207022385",
        "200607102399",
        "200901222398",
        "201007022393",
        "201108082387",
        "201407032380",
        "201707022388",
        "202003152390",
        "202207012382",
        "202307032397",
        "191500722390",
        "191806602395",
        "197900662391",
    }
)
"""From the lists that the tax agency publishes for tests (formats.md section 2)."""


class NotATestPerson(Refused):
    """Demonstration data may not name a person who can exist (formats.md section 2)."""

    rule = "not-a-test-person"
    sentence = Sentence(
        "Numret står inte på listan över officiella testnummer. Använd ett nummer från listan.",
        "The number is not on the list of official test numbers. Use a number from the list.",
    )


def demand_test_number(value: str) -> str:
    """Let only a number of the list through (formats.md section 2); raises NotATestPerson."""
    if value not in DEMO_NUMBERS:
        raise NotATestPerson
    return value
