"""Cleans text that people type or paste: blanks, dashes, invisible characters (decision 0059)."""

import re
import unicodedata

from shared.domain.decision import Refused, Sentence

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Signs without a shape (Unicode: Default_Ignorable_Code_Point), apart from those that choose a shape."""
_JOINS = "[^\u0000-\u02ff\u1680\u2000-\u206f\u2212\u2800\u3000\ufe58\ufe63\uff0d]"
_JOINERS = re.compile(f"(?<!{_JOINS})[\u200c\u200d]|[\u200c\u200d](?!{_JOINS})")
"""Joiners belong between signs of scripts that join, and in emoji; beside others they are unseen too."""
_SHOWS_NOTHING = frozenset({"Mn", "Me", "Cf", "Zs"})
"""Unicode's categories of signs that only change others, or are blank: alone they are no text."""
_BLANKS = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]+")
_DASHES = re.compile("[\u02d7\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")
_SHORT_DASHES = re.compile("[\u2010\u2011]")
_APOSTROPHES = re.compile("[\u2018\u2019\u2032\u00b4`]")
_NO_TEXT = "\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_NOT_IN_A_LINE = re.compile(f"[{_NO_TEXT}\t\n\u000b\u000c\r\u0085\u2028\u2029]")
_NOT_IN_A_TEXT = re.compile(f"[{_NO_TEXT}]")
_LINE_BREAKS = re.compile("\r\n|[\n\u000b\u000c\r\u0085\u2028\u2029]")


class NotOneLine(Refused):
    """A text of one line holds a line break or a control character: it would forge what it is printed on."""

    rule = "not-one-line"
    sentence = Sentence(
        "Texten får inte ha radbrytningar, tabbar eller styrtecken. Skriv den på en rad.",
        "The text must not hold line breaks, tabs or control characters. Write it on one line.",
    )


class ControlCharacter(Refused):
    """A text holds signs that are no text, such as U+0000."""

    rule = "control-character"
    sentence = Sentence(
        "Texten innehåller styrtecken. Skriv in den på nytt i stället för att klistra in den.",
        "The text holds control characters. Type it again instead of pasting it.",
    )


class NotAName(Refused):
    """There is no letter in it."""

    rule = "not-a-name"
    sentence = Sentence(
        "Namnet saknar bokstäver. Skriv namnet som det ska stå på ett brev.",
        "The name has no letters. Write it as it is to stand on a letter.",
    )


def plain(text: str) -> str:
    """Give a text as it looks: composed, no unseen signs, one kind of blank, none at its ends.

    Signs that choose the shape of others are no text where there is nothing else.
    """
    seen = _UNSEEN.sub("", _BLANKS.sub(" ", text))
    joined = _JOINERS.sub("", unicodedata.normalize("NFC", seen))
    found = unicodedata.normalize("NFC", _BLANKS.sub(" ", joined).strip(" "))
    return "" if all(unicodedata.category(sign) in _SHOWS_NOTHING for sign in found) else found


def typed(text: str) -> str:
    """Give a number or code that somebody typed or pasted, with one kind of dash; never refuses."""
    return _DASHES.sub("-", plain(text))


def single_line(text: str) -> str:
    """Give a text of one line, without the line break that came along behind it; raises NotOneLine."""
    line = _SHORT_DASHES.sub("-", plain(plain(text).strip("\t\r\n")))
    if _NOT_IN_A_LINE.search(line):
        raise NotOneLine
    return line


def as_one_line(text: str) -> str:
    """Give what other systems say, or what was kept before, as a text of one line; never refuses.

    Line breaks and tabs become a blank, and what is no text is left out.
    """
    return plain(_NOT_IN_A_TEXT.sub("", _LINE_BREAKS.sub(" ", text).replace("\t", " ")))


def multi_line(text: str) -> str:
    """Give a text whose lines end as ours do; raises ControlCharacter."""
    lines = _LINE_BREAKS.sub("\n", plain(text)).split("\n")
    whole = "\n".join(plain(line) for line in lines).strip("\n")
    if _NOT_IN_A_TEXT.search(whole):
        raise ControlCharacter
    return whole


def person_name(text: str) -> str:
    """Give a person's name with plain dashes and apostrophes; raises NotOneLine and NotAName."""
    name = _with_plain_signs(single_line(text))
    if not _has_letter(name):
        raise NotAName
    return name


def said_name(text: str) -> str:
    """Give a name that another system says, in the form of one that is typed; empty when it is none."""
    name = _with_plain_signs(as_one_line(text))
    return name if _has_letter(name) else ""


def _with_plain_signs(name: str) -> str:
    return _APOSTROPHES.sub("'", _DASHES.sub("-", name))


def _has_letter(name: str) -> bool:
    return any(sign.isalpha() for sign in name)
