"""E-mail addresses: parsed as people write them, stored as mail servers accept them (S41, decision 0059)."""

import re

import idna

from shared.domain.decision import Refused, Sentence
from shared.domain.text import plain

LONGEST = 254
"""RFC 5321 section 4.5.3.1, as erratum 1690 counts it."""
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LONGEST_LOCAL = 64
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class NotAnEmail(Refused):
    """No mail can be delivered to it: quoted names, lists and letters outside ASCII before the @ included."""

    rule = "not-an-email"
    sentence = Sentence(
        "Det går inte att skicka e-post till adressen. Skriv bara adressen, som namn@exempel.se.",
        "No e-mail can be sent to the address. Write the address alone, as name@example.se.",
    )


def email_address(text: str) -> str:
    """Give the address with its domain in ASCII (RFC 5890); raises NotAnEmail."""
    local, _, domain = plain(text.strip()).rpartition("@")
    if len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        raise NotAnEmail
    address = f"{local}@{_in_ascii(domain)}"
    if len(address) > LONGEST:
        raise NotAnEmail
    return address


def _in_ascii(domain: str) -> str:
    try:
        written = idna.encode(domain, uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError) as unreadable:
        raise NotAnEmail from unreadable
    labels = written.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit():  # noqa: PLR2004
        raise NotAnEmail
    return written
