"""Ordering in memory: finding withdrawals, pick-up points and kept addresses."""

import json

import pytest

from shared.domain.numbers import number
from shared.events.ordering import AddressKept
from shared.events.prescription import SavedAddress
from tests.ordering.conversation import DELIVERED
from tests.ordering.desk import ADDRESS, answered, drafted, patient, sent
from tests.ordering.examples import DRINK, LINE, PATIENT, PRESCRIPTION_NO, TODAY
from tests.support import InMemory

CLERK = "customer_service"
SHOP = {
    "name": "Demobutiken",
    "address": {"line1": "Provtorget 1", "postal_code": "211 22", "city": "MALMÖ"},
    "opening_hours": "8-20",
}


async def found(desk: InMemory, path: str, role: str = CLERK, **form: object) -> list[dict[str, object]]:
    changes = {"patient_ref": form.pop("as_patient")} if "as_patient" in form else {}
    answer = await desk.client.post(path, json=form, headers=desk.token(role, **changes))
    assert answer.status_code == 200, answer.text
    return list(answer.json())


async def test_everybody_finds_the_withdrawals_that_they_made_themselves(desk: InMemory) -> None:
    mine = await drafted(desk)
    theirs = await drafted(desk, "order_placer")

    by_clerk = await found(desk, "/withdrawals/mine")
    by_placer = await found(desk, "/withdrawals/mine", "order_placer")
    ordered = await found(desk, "/withdrawals/mine", state="ordered")

    assert [each["withdrawal_no"] for each in by_clerk] == [mine]
    assert [each["withdrawal_no"] for each in by_placer] == [theirs]
    assert ordered == []


async def test_staff_who_left_a_unit_do_not_find_its_patients_among_their_own_withdrawals(
    desk: InMemory,
) -> None:
    await drafted(desk, "order_placer")

    answer = await desk.client.post(
        "/withdrawals/mine", json={}, headers=desk.token("order_placer", care_units=["DEMO-102"])
    )

    assert answer.json() == []


async def test_a_mailed_prescription_number_finds_what_can_be_withdrawn_and_what_was(desk: InMemory) -> None:
    confirmation = await sent(desk)
    form = {"prescription_no": PRESCRIPTION_NO}

    shown = await desk.client.post("/withdrawals/by-prescription", json=form, headers=desk.token(CLERK))
    elsewhere = await desk.client.post(
        "/withdrawals/by-prescription", json=form, headers=desk.token("dietitian", care_units=["DEMO-102"])
    )
    unknown, mistyped = [
        await desk.client.post(
            "/withdrawals/by-prescription", json={"prescription_no": each}, headers=desk.token(CLERK)
        )
        for each in (number("F", year=2026, running=999), "F2026-9")
    ]
    typed = {"prescription_no": f" {PRESCRIPTION_NO.lower().replace('-', ' ')}"}
    pasted = await desk.client.post("/withdrawals/by-prescription", json=typed, headers=desk.token(CLERK))

    of_it = shown.json()
    assert of_it["patient_ref"] == PATIENT
    assert [(each["line_id"], each["withdrawals_left"]) for each in of_it["lines"]] == [(LINE.line_id, 2)]
    assert [each["withdrawal_no"] for each in of_it["withdrawals"]] == [confirmation["withdrawal_no"]]
    assert (elsewhere.status_code, unknown.status_code) == (403, 404)
    assert mistyped.json()["rule"] == "not-a-number"
    assert pasted.json() == of_it


async def test_of_a_protected_persons_prescription_nothing_more_is_said(desk: InMemory) -> None:
    await sent(desk)
    await desk.hear(patient(desk.seals, version=2, protected=True))

    shown = await desk.client.post(
        "/withdrawals/by-prescription", json={"prescription_no": PRESCRIPTION_NO}, headers=desk.token(CLERK)
    )

    assert (shown.json()["lines"], shown.json()["withdrawals"]) == ([], [])


async def test_passed_blocks_are_listed_for_follow_up_with_reason_and_who_did_it(desk: InMemory) -> None:
    await sent(desk)
    number = await drafted(desk, overrides=[{"article_no": DRINK.article_no, "reason": "Paketet: skadat"}])
    await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once(CLERK))
    days = {"since": TODAY.isoformat(), "until": TODAY.isoformat()}

    (row,) = await found(desk, "/overrides/search", **days)
    before = await found(desk, "/overrides/search", since="2026-01-01", until="2026-11-22")
    refused = await desk.client.post("/overrides/search", json=days, headers=desk.token("order_placer"))

    assert (row["withdrawal_no"], row["article_no"], row["reason"]) == (
        number,
        DRINK.article_no,
        "Paketet: skadat",
    )
    assert (row["by"], row["care_units"]) == (f"{CLERK}-1", ["DEMO-101"])
    assert before == []
    assert refused.status_code == 403


async def test_customer_service_keeps_the_pickup_points_that_others_choose_among(desk: InMemory) -> None:
    kept = await desk.client.put("/pickup-points/demo-shop", json=SHOP, headers=desk.once(CLERK))
    await desk.client.put(
        "/pickup-points/closed-shop", json=SHOP | {"is_open": False}, headers=desk.once(CLERK)
    )
    refused = await desk.client.put("/pickup-points/x", json=SHOP, headers=desk.once("order_placer"))

    listed = await desk.client.get("/pickup-points", headers=desk.token("patient", patient_ref=PATIENT))

    assert (kept.status_code, refused.status_code) == (200, 403)
    assert [(each["point_id"], each["address"]["postal_code"]) for each in listed.json()] == [
        ("demo-shop", "21122")
    ]


async def test_goods_for_a_pickup_point_carry_its_address_and_not_the_patients(desk: InMemory) -> None:
    await desk.client.put("/pickup-points/demo-shop", json=SHOP, headers=desk.once(CLERK))
    there = {"kind": "pickup", "pickup_point": "demo-shop"}
    number = await drafted(desk, delivery=there)
    unknown = await drafted(desk, delivery=there | {"pickup_point": "nowhere"})
    sent_there = await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once(CLERK))
    refused = await desk.client.post(f"/withdrawals/{unknown}/send", headers=desk.once(CLERK))

    deliver = desk.partner_messages()[0]["deliver"]
    assert sent_there.status_code == 200
    assert (deliver["street"], deliver["pickup_point"]) == ("Provtorget 1", "demo-shop")
    assert "unknown-pickup-point" in [each["rule"] for each in refused.json()["reasons"]]


@pytest.mark.parametrize(
    ("kind", "rule", "notice"),
    [
        ("home", "leave_outside", "none"),
        ("home", "leave_outside", "sms"),
        ("home", "signature", "sms"),
        ("home", "signature", "none"),
        ("pickup", "pickup", "sms"),
    ],
)
async def test_each_withdrawal_has_its_own_delivery_rule_and_the_distributor_gets_it(
    desk: InMemory, kind: str, rule: str, notice: str
) -> None:
    await desk.client.put("/pickup-points/demo-shop", json=SHOP, headers=desk.once(CLERK))
    point = {"pickup_point": "demo-shop"} if kind == "pickup" else {}
    number = await drafted(desk, delivery={"kind": kind, "rule": rule, "notice": notice, **point})

    confirmation = await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once(CLERK))

    message = desk.partner_messages()[0]
    assert (message["deliver"]["kind"], message["deliver"]["rule"]) == (kind, rule)
    assert message["notify"]["channel"] == confirmation.json()["notice"] == notice


async def test_an_address_is_kept_for_next_time_only_when_asked_for(desk: InMemory) -> None:
    summer = {"line1": "Provstigen 1", "postal_code": "27231", "city": "SIMRISHAMN"}
    delivery = {"address": summer, "keep_address": True, "address_label": "Sommarstugan"}
    number = await drafted(desk, delivery=delivery)

    confirmation = await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once(CLERK))

    (kept,) = desk.told_of(AddressKept)
    assert confirmation.json()["keep_address"] is True
    assert json.loads(desk.seals.open(kept.address))["line1"] == "Provstigen 1"
    assert desk.seals.open(kept.label) == "Sommarstugan"
    assert (kept.patient_ref, kept.kept_by) == (PATIENT, f"{CLERK}-1")


async def test_the_registers_own_address_is_nothing_to_keep(desk: InMemory) -> None:
    number = await drafted(desk, delivery={"keep_address": True})

    confirmation = await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once(CLERK))

    assert confirmation.json()["keep_address"] is False
    assert desk.told_of(AddressKept) == []


async def test_saved_addresses_and_e_mail_are_filled_in_beforehand(desk: InMemory) -> None:
    saved = SavedAddress(
        address_id="a-1",
        label=desk.seals.seal("Sommarstugan"),
        address=desk.seals.seal(json.dumps(ADDRESS)),
    )
    email = desk.seals.seal("test@example.se")
    await desk.hear(patient(desk.seals, version=2, saved_addresses=(saved,), email=email))

    shown = await desk.client.get(f"/allowances/{PATIENT}", headers=desk.token(CLERK))

    prefill = shown.json()["prefill"]
    assert [each["label"] for each in prefill["saved_addresses"]] == ["Sommarstugan"]
    assert prefill["saved_addresses"][0]["address"]["line1"] == "Provvägen 3"
    assert prefill["email"] == "test@example.se"


async def test_the_history_shows_the_order_of_each_step(desk: InMemory) -> None:
    confirmation = await sent(desk)
    await answered(desk, DELIVERED, confirmation["order_nos"][0])

    shown = await desk.client.get(f"/withdrawals/{confirmation['withdrawal_no']}", headers=desk.token(CLERK))

    assert [(each["what"], each["order_no"]) for each in shown.json()["history"]] == [
        ("drafted", None),
        ("sent", confirmation["order_nos"][0]),
        ("delivered", confirmation["order_nos"][0]),
    ]


async def test_a_withdrawal_is_called_new_then_ordered_then_delivered(desk: InMemory) -> None:
    number = await drafted(desk)

    async def called() -> tuple[str, str]:
        said = []
        for language in ("sv", "en"):
            headers = {**desk.token(CLERK), "Accept-Language": language}
            shown = await desk.client.get(f"/withdrawals/{number}", headers=headers)
            said.append(shown.json()["state_text"])
        return said[0], said[1]

    begun = await called()
    confirmation = await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once(CLERK))
    ordered = await called()
    await answered(desk, DELIVERED, confirmation.json()["order_nos"][0])

    assert (begun, ordered, await called()) == (
        ("ny", "new"),
        ("beställd", "ordered"),
        ("levererad", "delivered"),
    )
