"""The types of ids in requests: cleaned as they were pasted, or refused in words (decision 0059)."""

import re
from typing import Annotated

from pydantic import StringConstraints

from shared.domain.code import PersonsNumber, is_persons
from shared.domain.decision import Refused, Sentence
from shared.domain.numbers import NotANumber, parse
from shared.domain.scanned import number_of
from shared.domain.text import single_line, typed
from shared.fields import of_text

LONGEST = 100
_UUID = re.compile(r"\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z0-9]+(?:[._:-]+[A-Za-z0-9]+)*")
_PERSONAL_NUMBER = re.compile(r"[0-9]{6}(?:[0-9]{2})?[-+ ]?[0-9]{4}")
_BATCH = re.compile(r"([0-9]{8})[- ]?([0-9]{4})")
_ARTICLE = re.compile(r"[A-Z0-9][A-Z0-9-]*")


class NotAnId(Refused):
    """The text cannot be an id of ours; a personal number is none."""

    rule = "not-an-id"
    sentence = Sentence(
        "Det här är inget id. Ett id ser ut så här: 5f0c1c1e-0c8e-4b52-9b3a-2f1a7f3e0001. "
        "Hämta det från svaret där uppgiften visades.",
        "This is no id. An id looks like 5f0c1c1e-0c8e-4b52-9b3a-2f1a7f3e0001. Take it from the answer that "
        "showed the thing.",
    )


class NumberForAnId(Refused):
    """A whole number of ours stands where an id is asked for."""

    rule = "number-for-an-id"
    sentence = Sentence(
        "Det här är numret på en förskrivning, ett uttag eller en beställning. Här behövs ett id, "
        "till exempel 5f0c1c1e-0c8e-4b52-9b3a-2f1a7f3e0001. Sök först på numret.",
        "This is the number of a prescription, a withdrawal or an order. An id is needed here, such as "
        "5f0c1c1e-0c8e-4b52-9b3a-2f1a7f3e0001. Search by the number first.",
    )


class NotABatchId(Refused):
    """The text cannot name a batch."""

    rule = "not-a-batch-id"
    sentence = Sentence(
        "En fakturafil har dag och löpnummer, till exempel 20261123-0001.",
        "A batch has its day and a running number, for example 20261123-0001.",
    )


class NotATaskId(Refused):
    """The text cannot name a task."""

    rule = "not-a-task-id"
    sentence = Sentence(
        "En uppgift har ett id som unsent-draft:U2026-000123-9. Hämta det från listan över uppgifter.",
        "A task has an id such as unsent-draft:U2026-000123-9. Take it from the list of tasks.",
    )


class NotAnArticleNumber(Refused):
    """The text cannot name an article of the catalogue."""

    rule = "not-an-article-number"
    sentence = Sentence(
        "Ett artikelnummer har bokstäver A till Z, siffror och streck, till exempel 900001 eller DX-1001.",
        "An article number has letters A to Z, digits and dashes, for example 900001 or DX-1001.",
    )


class NotADeviceNumber(Refused):
    """The text cannot be the number on a device's label."""

    rule = "not-a-device-number"
    sentence = Sentence(
        "Numret på ett hjälpmedel har bokstäver A till Z, siffror och streck, till exempel D100001. "
        "Läs av etiketten igen.",
        "A device's number has letters A to Z, digits and dashes, for example D100001. Read the label again.",
    )


def _id(text: str) -> str:
    """Read an id; a UUID also in upper case or within braces."""
    found = typed(text.strip())
    uuid = _UUID.fullmatch(found)
    if uuid is not None:
        return uuid[1].lower()
    if _is_number(found):
        raise NumberForAnId
    if not _ID.fullmatch(found) or _PERSONAL_NUMBER.fullmatch(found):
        raise NotAnId
    return found


def _batch_id(text: str) -> str:
    found = _BATCH.fullmatch(typed(text.strip()))
    if found is None:
        raise NotABatchId
    return f"{found[1]}-{found[2]}"


def _task_id(text: str) -> str:
    """Read a task's id, which may end in the name of a partner's file."""
    found = single_line(text)
    if not found or _PERSONAL_NUMBER.fullmatch(found):
        raise NotATaskId
    return found


def _article_no(text: str) -> str:
    found = typed(text.strip()).upper()
    if not _ARTICLE.fullmatch(found):
        raise NotAnArticleNumber
    return found


def _device_no(text: str) -> str:
    found = typed(number_of(text)).replace(" ", "").upper()
    bare = found.replace("-", "")
    if bare.isdecimal() and is_persons(bare):
        raise PersonsNumber
    if not _ARTICLE.fullmatch(found):
        raise NotADeviceNumber
    return found


def _label_no(text: str) -> str:
    return single_line(typed(text)).upper()


def _is_number(text: str) -> bool:
    try:
        parse(text)
    except NotANumber:
        return False
    return True


_Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]

Id = Annotated[_Text, of_text(_id)]
"""What we made up ourselves to name something: an entry of the ledger, a draft, a waiver, an exemption."""
PatientRef = Id
"""A patient by reference, never by number."""
BatchId = Annotated[_Text, of_text(_batch_id)]
TaskId = Annotated[str, StringConstraints(min_length=1, max_length=300), of_text(_task_id)]
ArticleNo = Annotated[str, StringConstraints(min_length=1, max_length=40), of_text(_article_no)]
DeviceNo = Annotated[str, StringConstraints(min_length=1, max_length=40), of_text(_device_no)]
"""The number on the label of a tracked device, typed or scanned."""
LabelNo = Annotated[str, StringConstraints(min_length=1, max_length=40), of_text(_label_no)]
"""The number of a storeroom, a lot or a piece, as others print it: in upper case, however it was typed."""
