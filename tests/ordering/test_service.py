"""Ordering in memory: a withdrawal is previewed, drafted and sent through its doors."""

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.ordering.repository.collections import ALLOWANCES, WITHDRAWALS
from shared.events.fees import Cap
from shared.events.ordering import OrderSent, WithdrawalSent
from shared.events.prescription import LineAnnulled
from tests.ordering.desk import WANTED, drafted, sent
from tests.ordering.examples import LINE, PATIENT, PRESCRIPTION_NO, TARIFF, TODAY
from tests.support import InMemory


async def test_a_preview_shows_fee_and_what_is_left_and_keeps_nothing(desk: InMemory) -> None:
    answer = await desk.client.post(
        "/withdrawals/preview", json=WANTED, headers=desk.token("customer_service")
    )

    preview = answer.json()
    assert (answer.status_code, preview["allowed"], preview["reasons"]) == (200, True, [])
    assert [(fee["amount"], fee["reason"]) for fee in preview["fees"]] == [("210.00", "type")]
    assert preview["lines"][0]["withdrawals_left"] == 3
    assert preview["next_possible_on"] == TODAY.isoformat()
    assert preview["delivery"]["recipient"] == "Test Testsson"
    assert await desk.repository.find(WITHDRAWALS, {}) == []


async def test_a_preview_tells_every_reason_at_once_in_the_language_of_the_asker(desk: InMemory) -> None:
    await sent(desk)
    await desk.hear(
        LineAnnulled(
            line_id=LINE.line_id, prescription_no=PRESCRIPTION_NO, patient_ref=PATIENT, annulled_on=TODAY
        )
    )
    wanted = WANTED | {"delivery": {"kind": "pickup", "notice": "sms", "notice_to": "040-628 04 00"}}

    answer = await desk.client.post(
        "/withdrawals/preview",
        json=wanted,
        headers={**desk.token("customer_service"), "Accept-Language": "en"},
    )

    preview = answer.json()
    rules = [reason["rule"] for reason in preview["reasons"]]
    assert rules[:3] == ["no-sms-to-number", "line-annulled", "article-on-the-way"]
    assert "no-pickup-point" in rules
    assert preview["next_possible_on"] is None
    assert "annulled" in preview["reasons"][1]["detail"]


async def test_a_confirmation_shows_the_order_the_fee_its_rule_and_the_receiver(desk: InMemory) -> None:
    confirmation = await sent(desk)

    assert confirmation["state_text"] == "beställd"
    assert confirmation["order_nos"][0].startswith("B2026-")
    assert confirmation["total"] == "210.00"
    assert confirmation["fees"][0]["rule"] == "Avgift per uttag för förskrivningstypen."
    assert (confirmation["receiver"], confirmation["recipient"]) == ("patient", "Test Testsson")


async def test_the_distributor_gets_one_order_with_the_split_opened_at_the_last_door(desk: InMemory) -> None:
    await sent(desk)

    (message,) = desk.partner_messages()
    assert message["deliver"]["recipient"] == "Test Testsson"
    assert message["deliver"]["street"] == "Provvägen 3"
    assert message["notify"] == {"channel": "sms", "to": "+46701740605", "language": "sv"}
    assert [line["quantity"] for line in message["lines"]] == [10, 5, 5]
    assert "199007052393" not in str(message)


async def test_facts_and_kept_answers_hold_no_personal_text_in_clear(desk: InMemory) -> None:
    confirmation = await sent(desk)

    told = "".join(fact.model_dump_json() for fact in desk.told)
    withdrawal = await desk.repository.get(WITHDRAWALS.ref(confirmation["withdrawal_no"]))
    kept = replace(withdrawal, made_by_name="")  # who works there is no secret
    for personal in ("Testsson", "Provvägen", "701740605", "1990"):
        assert personal not in told
        assert personal not in str(kept)


async def test_the_same_key_sends_once_and_gets_the_first_answer(desk: InMemory) -> None:
    number = await drafted(desk)
    once = desk.once("customer_service")

    first = await desk.client.post(f"/withdrawals/{number}/send", headers=once)
    again = await desk.client.post(f"/withdrawals/{number}/send", headers=once)

    assert again.json() == first.json()
    assert len(desk.told_of(WithdrawalSent)) == len(desk.told_of(OrderSent)) == 1


async def test_two_clerks_at_the_same_moment_have_one_winner(desk: InMemory) -> None:
    numbers = [await drafted(desk), await drafted(desk)]

    answers = await asyncio.gather(
        *(
            desk.client.post(
                f"/withdrawals/{number}/send", headers=desk.once("customer_service", sub=f"clerk-{number}")
            )
            for number in numbers
        )
    )

    assert sorted(each.status_code for each in answers) == [200, 422]
    (refused,) = [each for each in answers if each.status_code == 422]
    assert refused.json()["rule"] == "article-on-the-way"
    assert len(desk.told_of(WithdrawalSent)) == 1
    allowance = await desk.repository.get(ALLOWANCES.ref(PATIENT))
    assert allowance.line(LINE.line_id).withdrawals_left == 2


async def test_an_unsent_draft_is_found_again_changed_and_sent(desk: InMemory) -> None:
    number = await drafted(desk)
    headers = desk.token("customer_service")

    listed = await desk.client.post("/withdrawals/drafts", json={}, headers=headers)
    opened = await desk.client.get(f"/withdrawals/{number}", headers=headers)
    form = {
        "items": WANTED["items"],
        "delivery": {"rule": "leave_outside", "door_code": "1234"},
    }
    changed = await desk.client.put(
        f"/withdrawals/{number}",
        json=form,
        headers={**desk.once("customer_service"), "If-Match": opened.headers["ETag"]},
    )
    stale = await desk.client.put(
        f"/withdrawals/{number}",
        json=form,
        headers={**desk.once("customer_service"), "If-Match": opened.headers["ETag"]},
    )
    answer = await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once("customer_service"))

    assert [(each["withdrawal_no"], each["state_text"]) for each in listed.json()] == [(number, "ny")]
    assert (changed.status_code, stale.status_code, answer.status_code) == (200, 412, 200)
    assert desk.partner_messages()[0]["deliver"]["door_code"] == "1234"


async def test_a_line_annulled_after_the_draft_was_made_is_not_sent(desk: InMemory) -> None:
    number = await drafted(desk)
    await desk.hear(
        LineAnnulled(
            line_id=LINE.line_id, prescription_no=PRESCRIPTION_NO, patient_ref=PATIENT, annulled_on=TODAY
        )
    )

    refused = await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once("customer_service"))

    assert (refused.status_code, refused.json()["rule"]) == (422, "line-annulled")


async def test_customer_service_passes_the_block_with_a_reason_that_the_history_keeps(desk: InMemory) -> None:
    await sent(desk)
    override = {"overrides": [{"article_no": "900100", "reason": "Paketet skadades"}]}

    blocked = await desk.client.post("/withdrawals", json=WANTED, headers=desk.once("customer_service"))
    placer = await desk.client.post("/withdrawals", json=WANTED | override, headers=desk.once("order_placer"))
    number = await drafted(desk, overrides=override["overrides"])
    passed = await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once("customer_service"))
    shown = await desk.client.get(f"/withdrawals/{number}", headers=desk.token("customer_service"))

    assert (blocked.status_code, blocked.json()["rule"]) == (422, "article-on-the-way")
    assert (placer.status_code, placer.json()["rule"]) == (422, "block-not-yours")
    assert passed.status_code == 200
    steps = {step["what"]: step["note"] for step in shown.json()["history"]}
    assert steps["block_passed"] == "900100: Paketet skadades"


async def test_a_confirmation_says_that_a_fee_is_the_most_where_the_patient_has_a_cap(desk: InMemory) -> None:
    cap = Cap(scope="patient", amount=Decimal(1500), window_days=30)
    changes = {"tariff": "2026-06-01", "version": 2, "valid_from": date(2026, 6, 1), "cap": cap}
    await desk.hear(TARIFF.model_copy(update=changes))

    confirmation = await sent(desk)

    (fee,) = confirmation["fees"]
    assert (fee["amount"], fee["at_most"]) == ("210.00", True)
    assert "Högst så mycket" in fee["rule"]
    (told,) = desk.told_of(WithdrawalSent)
    assert told.fees[0].at_most
