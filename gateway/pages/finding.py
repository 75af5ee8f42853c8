"""Reads what was typed or scanned into the one box: a number leads to its thing, words to a list (S154)."""

import asyncio
import re

from fastapi import Response

from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web import words
from gateway.web.forms import Form
from gateway.web.words import _
from shared.domain.numbers import NotANumber, parse
from shared.domain.text import typed as as_typed
from shared.http.language import said

PAGES_OF = {
    "U": "/withdrawals/",
    "B": "/orders/",
    "H": "/collections/",
    "P": "/replenishments/",
    "A": "/maintenance-jobs/",
}
"""Where the thing of a number is shown, by its letter (Q16)."""
LIKE_A_NUMBER = re.compile(r"[FUBHRPAE][\d -]{10,}", re.IGNORECASE)
PERSON = re.compile(r"[\d+\-\s]*\d{4}|\d{6,8}[-\s]?[A-ZÅÄÖ]\w{2,3}", re.IGNORECASE)
SHORTEST_NUMBER = 10
GTIN_LENGTHS = (13, 14)
OF_GOODS = re.compile(r"[\w.:-]*\d[\w.:-]*")
"""Without blanks and with a digit: of a device, an article or a package; names of people have none."""
MOST_ARTICLES = 10


def register(pages: Pages) -> None:
    @pages.form("/find")
    async def find(visit: Visit, form: Form) -> Response:
        """Lead to the thing of a number; list whom and what words find, page by page."""
        typed, after = as_typed(form.text("what")), form.text("after")
        if LIKE_A_NUMBER.fullmatch(typed):
            return await to_number(visit, typed)
        if is_person_number(typed):
            return await to_patient(visit, typed)
        if OF_GOODS.fullmatch(typed) and (shown := await to_goods(visit, typed)):
            return shown
        return await listed(visit, typed, after)


async def to_number(visit: Visit, typed: str) -> Response:
    """Lead to the page of a number of ours, however it was typed; a slip of the pen is said."""
    try:
        number = parse(typed)
    except NotANumber as wrong:
        return told(visit, typed, said(wrong.sentence, words.language.get()))
    if number.kind == "F":
        return await to_prescription(visit, str(number))
    if number.kind in PAGES_OF:
        return see(PAGES_OF[number.kind] + part(str(number)))
    found_elsewhere = _("Numret gäller en retur eller ersättning. Sök på patienten eller hjälpmedlet.")
    return told(visit, typed, found_elsewhere)


async def to_patient(visit: Visit, number: str) -> Response:
    found = await visit.post("prescription", "/patients/find", {"number": number})
    if found.ok:
        return see(f"/patients/{part(found.body['patient_ref'])}")
    return shown(visit, number, refusal=found)


async def to_prescription(visit: Visit, number: str) -> Response:
    found = await visit.get("prescription", f"/prescriptions/{part(number)}")
    if found.ok:
        return see(f"/patients/{part(found.body['patient_ref'])}")
    return shown(visit, number, refusal=found)


async def to_goods(visit: Visit, typed: str) -> Response | None:
    """Lead to the one device whose number or label it is; else list devices and articles, if there are."""
    if not visit.may("inventory.search_devices"):
        return None
    devices, articles = await asyncio.gather(
        visit.post("inventory", "/devices/search", {"text": typed}), articles_like(visit, typed)
    )
    found = devices.body if devices.ok else []
    exact = [each for each in found if typed.upper() in (each["device_no"], each["label"])]
    if len(exact) == 1:
        return see(f"/devices/{part(exact[0]['device_no'])}")
    if found or (articles and articles.ok and articles.body["articles"]):
        return shown(visit, typed, devices=found, articles=articles)
    return None


async def listed(visit: Visit, typed: str, after: str) -> Response:
    """List the patients of a name, and beside them the articles that have it in theirs."""
    if not visit.may("prescription.find_patient"):
        return shown(visit, typed, articles=await articles_like(visit, typed))
    body = {"criteria": {"name": typed}} if typed else {"number": ""}
    patients, articles = await asyncio.gather(
        visit.post("prescription", "/patients/search", body | ({"after": after} if after else {})),
        articles_like(visit, typed),
    )
    if not patients.ok:
        return shown(visit, typed, refusal=patients)
    return shown(visit, typed, patients=patients, articles=articles)


async def articles_like(visit: Visit, typed: str) -> Answer | None:
    if not typed or not visit.may("inventory.search_device_articles"):
        return None
    asked = {"text": typed, "assortment": "all", "limit": MOST_ARTICLES}
    return await visit.post("inventory", "/device-articles/search", asked)


def is_person_number(typed: str) -> bool:
    signs = sum(each.isalnum() for each in typed)
    is_package = typed.isdecimal() and signs in GTIN_LENGTHS
    return bool(PERSON.fullmatch(typed)) and signs >= SHORTEST_NUMBER and not is_package


def told(visit: Visit, typed: str, sentence: str) -> Response:
    return shown(visit, typed, refusal=Answer("gateway", 422, {"rule": "not-found", "detail": sentence}))


def shown(
    visit: Visit,
    typed: str,
    *,
    patients: Answer | None = None,
    devices: list[dict[str, str]] | None = None,
    articles: Answer | None = None,
    refusal: Answer | None = None,
) -> Response:
    """Show whom and what a search found; what was typed stays in the box."""
    return visit.page(
        "found.html",
        status=max(refusal.status, 422) if refusal else 200,
        typed=typed,
        patients=patients.body["patients"] if patients else None,
        following=patients.body["next"] if patients else None,
        devices=devices or [],
        articles=articles.body["articles"] if articles and articles.ok else [],
        reasons=refusal.reasons if refusal else [],
    )
