"""Takes off what a scanner puts around a number or code (T18, formats.md section 1).

Scanners send Enter behind the code, a symbology identifier before it (`]d2`), and FNC1 as the sign GS or as
something that stands for it. One that is set to an American keyboard at a Swedish computer sends other signs.
"""

import re

GS = "\x1d"
GS1_SYMBOLOGIES = frozenset({"C1", "d2", "Q3", "e0", "J1"})
_STANDS_FOR_GS = re.compile(r"\u241d|<GS>|\[GS\]|\{GS\}|<FNC1>|\{FNC1\}|\\x1d|\\u001d|\^\]", re.IGNORECASE)
_SYMBOLOGY = re.compile(r"\](?P<code>[A-Za-z])(?P<modifier>[0-9])")
_CASE_OF_SYMBOLOGIES = {each.upper(): each for each in GS1_SYMBOLOGIES}
_SWEDISH_KEYS = str.maketrans("¨+-\u00b4)=/&(?åöäÅÖÄ", "]-/=()&^*_[;'{:\"")
"""What a Swedish computer makes of the keys that an American scanner means."""
_WRONG_KEYBOARD = re.compile(r"¨ ?[A-Za-z][0-9]")


def without_wrapping(scanned: str) -> tuple[str, str]:
    """Give what was scanned and its symbology, such as C1, or an empty text where the scanner sent none."""
    sent = _STANDS_FOR_GS.sub(GS, scanned.strip(" \t\r\n\x00\x02\x03\x04\ufeff"))
    if _WRONG_KEYBOARD.match(sent):
        sent = sent.replace("¨ ", "¨", 1).translate(_SWEDISH_KEYS)
    found = _SYMBOLOGY.match(sent)
    if found is None:
        return sent, ""
    code = found["code"] + found["modifier"]
    return sent[found.end() :], _CASE_OF_SYMBOLOGIES.get(code.upper(), code)


def number_of(scanned: str) -> str:
    """Give a number that was typed or scanned, without anything around it."""
    return without_wrapping(scanned)[0].strip(GS)
