"""What a text of ours must not have: more than one SMS holds, goods, a clinic, an unfilled place."""

from collections.abc import Iterator

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ONE_PART = {True: 160, False: 70}
"""Characters that one SMS holds: when all are of the GSM-7 alphabet, and when not (UCS-2)."""
EACH_OF_SEVERAL = {True: 153, False: 67}
BEYOND_GSM_7 = frozenset({"ar"})
"""Languages whose letters are not in the GSM-7 alphabet at all."""
MOST_PARTS = 2
NOT_TO_BE_NAMED = (
    "livsmedel", "recept", "förskriv", "dryck", "näring", "gluten", "diagnos", "mottagning", "sjukhus",
    "food", "prescri", "drink", "nutrition", "diagnosis", "clinic", "hospital", "elintarvike", "resepti",
)  # fmt: skip


def faults_of(text: str, language: str) -> Iterator[str]:
    """Name what a text must not have: it would cost more, or tell too much (formats.md section 5)."""
    plain = set(text) <= GSM_7
    if not plain and language not in BEYOND_GSM_7:
        yield f"not in GSM-7: {''.join(sorted(set(text) - GSM_7))}"
    if parts_of(text) > MOST_PARTS:
        yield f"{parts_of(text)} parts"
    yield from (f"names {word}" for word in NOT_TO_BE_NAMED if word in text.lower())
    yield from (f"has {sign}" for sign in "\u2013\u2014{}" if sign in text)


def parts_of(text: str) -> int:
    """Count the SMS that a text needs (formats.md section 5)."""
    plain = set(text) <= GSM_7
    return 1 if len(text) <= ONE_PART[plain] else -(-len(text) // EACH_OF_SEVERAL[plain])
