"""The order of the Swedish alphabet, in which people read lists of names."""

import unicodedata

from shared.domain.text import plain

_LAST = str.maketrans("åäö", "{|}")
"""Signs that stand behind z in this order."""
_ALIKE = str.maketrans({"ø": "ö", "æ": "ä", "œ": "oe", "ü": "y", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})


def alphabetical(name: str) -> str:
    """Give what a name is sorted by: å, ä and ö last, no case, and no other accents."""
    letters = unicodedata.normalize("NFC", plain(name)).casefold().translate(_ALIKE).translate(_LAST)
    bare = unicodedata.normalize("NFD", letters)
    return "".join(sign for sign in bare if not unicodedata.combining(sign))
