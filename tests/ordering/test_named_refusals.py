"""A refusal names the line, article, order or withdrawal it is about, in words and facts (S35, N1)."""

from dataclasses import replace
from typing import Any

import pytest

from services.ordering.domain.allowance import ExpiredLine
from services.ordering.domain.withdrawal import AlreadySent
from services.ordering.domain.withdrawing.drafting import SeveralPayers, against_drafting
from shared.domain.decision import Refused, Sentence
from shared.events.prescription import LineAnnulled
from tests.ordering.desk import WANTED, drafted, sent
from tests.ordering.examples import (
    ALLOWANCE,
    BOTH,
    BREAD_ITEM,
    BREAD_LINE,
    ITEM,
    LINE,
    PATIENT,
    PRESCRIPTION_NO,
    TODAY,
    drawing,
)
from tests.support import InMemory


class Unsaid(Refused):
    """A refusal of this test."""

    rule = "unsaid"
    sentence = Sentence("Det går inte.", "It cannot be done.")


@pytest.mark.parametrize(
    ("facts", "sv", "en"),
    [
        ({"line_id": "F1-2"}, "Rad F1-2: Det går inte.", "Line F1-2: It cannot be done."),
        ({"line": 2}, "Rad 2: Det går inte.", "Line 2: It cannot be done."),
        ({"line": 2, "line_id": "F1-2"}, "Rad F1-2: Det går inte.", "Line F1-2: It cannot be done."),
        (
            {"order_no": "B1", "article_no": "900100", "line_id": "F1-2"},
            "Rad F1-2, artikel 900100, beställning B1: Det går inte.",
            "Line F1-2, article 900100, order B1: It cannot be done.",
        ),
        (
            {"withdrawal_no": "U1", "state": "x"},
            "Uttag U1: Det går inte.",
            "Withdrawal U1: It cannot be done.",
        ),
        ({"order_no": None, "days": 366}, "Det går inte.", "It cannot be done."),
    ],
)
def test_the_sentence_begins_with_what_the_facts_name(facts: dict[str, Any], sv: str, en: str) -> None:
    assert Unsaid(**facts).said == Sentence(sv, en)


def test_what_is_said_to_one_reader_otherwise_is_named_for_that_reader_too() -> None:
    refused = AlreadySent(withdrawal_no="U1", order_no="B1")

    assert refused.said.to("customer_service").sv.startswith("Beställning B1, uttag U1: Uttaget är redan")
    assert refused.said.to("customer_service").sv.endswith("Makulera det och gör ett nytt.")
    assert refused.said.to("staff").sv.endswith("Kontakta kundservice.")


def test_every_line_that_has_another_payer_or_area_than_the_first_is_named() -> None:
    other = replace(BREAD_LINE, payer="home_region", product_area="diabetes")
    allowance = replace(ALLOWANCE, lines=(LINE, other))

    reasons = list(against_drafting(allowance, BOTH, on=TODAY))

    assert [(each.rule, each.facts["line_id"]) for each in reasons] == [
        (SeveralPayers.rule, BREAD_LINE.line_id),
        ("several-product-areas", BREAD_LINE.line_id),
    ]


def test_a_line_that_is_chosen_twice_is_named_once_for_each_time_too_many() -> None:
    reasons = against_drafting(ALLOWANCE, drawing(ITEM, BREAD_ITEM, ITEM), on=TODAY)

    assert [(each.rule, each.facts["line_id"]) for each in reasons] == [("line-twice", LINE.line_id)]


def test_of_two_lines_the_one_that_has_expired_is_named() -> None:
    allowance = replace(ALLOWANCE, lines=(LINE, replace(BREAD_LINE, valid_through=TODAY.replace(day=1))))

    (expired,) = against_drafting(allowance, BOTH, on=TODAY)

    assert isinstance(expired, ExpiredLine)
    assert expired.said.sv.startswith(f"Rad {BREAD_LINE.line_id}: Förskrivningen har gått ut.")


async def test_the_door_names_what_a_refusal_is_about(desk: InMemory) -> None:
    number = await drafted(desk)
    told = LineAnnulled(
        line_id=LINE.line_id, prescription_no=PRESCRIPTION_NO, patient_ref=PATIENT, annulled_on=TODAY
    )
    await desk.hear(told)
    clerk = {**desk.once("customer_service"), "Accept-Language": "en"}

    refused = await desk.client.post(f"/withdrawals/{number}/send", headers=clerk)
    tried = await desk.client.post("/withdrawals/preview", json=WANTED, headers=clerk)

    for reason in (refused.json()["reasons"][0], tried.json()["reasons"][0]):
        assert reason["facts"] == {"line_id": LINE.line_id}
        assert reason["detail"].startswith(f"Line {LINE.line_id}: The prescriber annulled the line.")
    assert refused.json()["detail"] == refused.json()["reasons"][0]["detail"]


async def test_an_annulment_that_cannot_be_names_the_withdrawal_and_its_orders(desk: InMemory) -> None:
    confirmation = await sent(desk)
    path = f"/withdrawals/{confirmation['withdrawal_no']}/annul"
    await desk.client.post(path, headers=desk.once("customer_service"))

    again = (await desk.client.post(path, headers=desk.once("customer_service"))).json()

    assert again["reasons"][0]["facts"] == {"order_no": confirmation["order_nos"][0]}
    assert confirmation["order_nos"][0] in again["detail"]
