"""What a patient pays for a stolen, lost or damaged device: by the tariff, decided by two people (Q57)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from shared.events.billing import FeeCharged
from shared.events.fact import KEPT
from shared.events.inventory import DeviceLossReported
from shared.events.inventory_goods import HandOutTakenBack
from shared.events.tasks import TaskRaised, TaskResolved
from tests.billing.in_memory import AT, TODAY, Billing
from tests.billing.test_devices_in_memory import HANDED_OUT, ORDER, on_day, shown
from tests.billing.test_tariff_in_memory import TARIFF, published

LOSS_NO = "E2026-000001-4"
ROWS = [
    {"how": "stolen", "percent": 100, "less_each_year": 20, "at_least": 10, "fee_code": "HJM-ERS",
     "text": "Ersättning hjälpmedel"},
    {"how": "damaged", "percent": 50, "at_most": "1500.00", "fee_code": "HJM-ERS",
     "text": "Ersättning hjälpmedel"},
]  # fmt: skip
LOSS = DeviceLossReported(
    loss_no=LOSS_NO,
    loan_id="loan-1",
    patient_ref="p-1",
    device_no="4711",
    article_no="910001",
    product_area="devices",
    care_unit="DEMO-101",
    order_no=ORDER,
    how="stolen",
    happened_on=TODAY,
    reported_at=AT,
    price=Decimal(4105),
    purchased_on=date(2024, 11, 24),
    handed_out_on=date(2026, 11, 1),
)


async def told(billing: Billing, loss: DeviceLossReported = LOSS) -> None:
    await published(billing, {**TARIFF, "compensations": ROWS})
    await billing.hear(billing.patient(), loss)


async def sent(billing: Billing, act: str, form: Any = None, *, by: str = "eko") -> Any:
    headers = billing.service.once("economist", sub=by)
    return await billing.service.client.post(f"/compensations/{LOSS_NO}/{act}", json=form, headers=headers)


async def decided_on(billing: Billing, amount: str, *, by: str = "ekon") -> Any:
    return await sent(billing, "decide", {"amount": amount}, by=by)


async def waiting(billing: Billing) -> list[Any]:
    answer = await billing.service.client.get("/compensations", headers=billing.service.token("economist"))
    return list(answer.json())


BY_RULE = {"reason": "Enligt taxan"}


async def test_one_economist_proposes_what_the_tariff_says_and_another_decides(billing: Billing) -> None:
    await told(billing)
    (case,) = await waiting(billing)

    proposed = await sent(billing, "propose", BY_RULE)
    by_the_same = await decided_on(billing, "3284", by="eko")
    before = billing.events()
    by_another = await decided_on(billing, "3284.00")
    again = await decided_on(billing, "3284", by="third")

    assert (case["amount_by_rule"], case["how_text"], case["price"]) == ("3284.00", "stulet", "4105.00")
    assert proposed.json()["proposal"]["amount"] == "3284.00"
    assert (by_the_same.json()["rule"], before) == ("second-person-needed", [])
    assert (by_another.status_code, by_another.json()["state"]) == (200, "decided")
    assert again.json()["rule"] == "compensation-decided"
    (event,) = billing.events()
    assert event["source"] == {"system": "devices", "uttag": LOSS_NO}
    assert (event["amount"], event["fee_code"], event["reason"]) == ("3284.00", "HJM-ERS", "compensation")
    assert event["bill_not_before"] == TODAY.isoformat()
    assert await waiting(billing) == []
    assert [each.kind for each in billing.service.told_of(TaskRaised)][-1] == "compensation_waits"
    assert [each.how for each in billing.service.told_of(TaskResolved)][-1] == "decided"


async def test_the_same_report_twice_is_one_case_and_one_fee(billing: Billing) -> None:
    await told(billing)
    await sent(billing, "propose", BY_RULE)
    await billing.hear(LOSS)
    await decided_on(billing, "3284")
    await billing.hear(LOSS)

    assert await waiting(billing) == []
    assert len(billing.events()) == len(billing.service.told_of(FeeCharged)) == 1


async def test_another_amount_is_proposed_with_a_reason_and_given_back_by_a_colleague(
    billing: Billing,
) -> None:
    await told(billing)

    await sent(billing, "propose", {"amount": "500.00", "reason": "Polisanmält, försäkring betalar resten"})
    twice = await sent(billing, "propose", BY_RULE)
    back = await sent(billing, "give-back", by="ekon")
    nothing = await decided_on(billing, "500")

    assert twice.json()["rule"] == "compensation-proposed"
    assert (back.json()["state"], back.json()["proposal"]) == ("reported", None)
    assert nothing.json()["rule"] == "compensation-not-proposed"
    assert billing.events() == []


async def test_only_the_amount_that_the_second_person_read_is_decided(billing: Billing) -> None:
    await told(billing)
    await sent(billing, "propose", {"amount": "100", "reason": "Första förslaget"})
    await sent(billing, "give-back")
    again = await sent(billing, "propose", {"amount": "90000", "reason": "Andra förslaget"})

    unread = await decided_on(billing, "100")
    unsaid = await sent(billing, "decide", by="ekon")

    assert (unread.status_code, unread.json()["rule"], unsaid.status_code) == (422, "another-proposal", 422)
    assert [(each["amount"], each["reason"]) for each in again.json()["earlier"]] == [
        ("100.00", "Första förslaget")
    ]
    assert billing.events() == []


async def test_two_people_may_decide_that_nothing_is_paid(billing: Billing) -> None:
    await told(billing)
    await sent(billing, "propose", {"amount": "0", "reason": "Patienten är utsatt för brott"})

    decided = await decided_on(billing, "0")

    assert decided.json()["state"] == "decided"
    assert (billing.events(), await waiting(billing)) == ([], [])


async def test_without_a_price_or_a_rule_of_the_day_the_economist_gives_the_amount(
    billing: Billing,
) -> None:
    await told(billing, LOSS.model_copy(update={"price": None}))
    unknown = await sent(billing, "propose", BY_RULE)
    lost = LOSS.model_copy(update={"how": "lost", "loss_no": "E2026-000002-2", "device_no": "4712"})
    await billing.hear(lost)
    headers = billing.service.once("economist")
    no_rule = await billing.service.client.post(
        f"/compensations/{lost.loss_no}/propose", json=BY_RULE, headers=headers
    )

    given = await billing.service.client.post(
        f"/compensations/{lost.loss_no}/propose",
        json=BY_RULE | {"amount": "700"},
        headers=billing.service.once("economist"),
    )

    assert unknown.json()["rule"] == "device-price-not-known"
    assert no_rule.json()["rule"] == "no-compensation-rule"
    proposal = given.json()["proposal"]
    assert (proposal["amount"], proposal["by_rule"], proposal["fee_code"]) == ("700.00", None, "HJM-ERS")


async def test_without_a_rule_that_day_two_people_set_the_amount_by_the_newest_rule_there_is(
    billing: Billing,
) -> None:
    await told(billing, LOSS.model_copy(update={"happened_on": date(2001, 1, 1)}))

    by_rule = await sent(billing, "propose", BY_RULE)
    proposed = await sent(billing, "propose", {"amount": "800", "reason": "Före första taxan"})
    decided = await decided_on(billing, "800")

    assert by_rule.json()["rule"] == "no-compensation-rule"
    assert (proposed.json()["proposal"]["by_rule"], decided.status_code) == (None, 200)
    (event,) = billing.events()
    assert (event["amount"], event["fee_code"], event["tariff"]) == (
        "800.00",
        "HJM-ERS",
        TARIFF["valid_from"],
    )


async def test_damage_and_a_later_theft_of_one_device_are_not_both_paid_in_full(billing: Billing) -> None:
    later = LOSS.model_copy(
        update={"loss_no": "E2026-000002-2", "reported_at": AT + timedelta(hours=1), "loan_id": "loan-1"}
    )
    await told(billing, LOSS.model_copy(update={"how": "damaged"}))
    await billing.hear(later, later.model_copy(update={"loss_no": "E2026-000003-0", "loan_id": "loan-2"}))

    async def of_later() -> Any:
        path, headers = f"/compensations/{later.loss_no}/propose", billing.service.once("economist")
        return (await billing.service.client.post(path, json=BY_RULE, headers=headers)).json()

    first = await of_later()
    await sent(billing, "propose", BY_RULE)
    second = await of_later()
    await decided_on(billing, "1500")
    shown = {each["loss_no"]: each["amount_by_rule"] for each in await waiting(billing)}
    third = await of_later()
    path, headers = f"/compensations/{later.loss_no}", billing.service.token("economist")
    details = (await billing.service.client.get(path, headers=headers)).json()

    assert [first["rule"], second["rule"]] == ["other-report-waits"] * 2
    assert (third["proposal"]["amount"], shown) == (
        "1784.00", {"E2026-000002-2": "1784.00", "E2026-000003-0": "3284.00"},
    )  # fmt: skip
    assert [(each["how"], each["state"], each["amount"]) for each in details["other_reports"]] == [
        ("damaged", "decided", "1500.00")
    ]


async def test_nothing_is_compensated_where_the_hand_out_was_a_mistake(billing: Billing) -> None:
    await told(billing)
    await sent(billing, "propose", BY_RULE)
    await billing.hear(
        HandOutTakenBack(order_no=ORDER, patient_ref="p-1", loan_ids=("loan-1",), taken_back_at=AT)
    )

    decided = await decided_on(billing, "3284")
    await sent(billing, "give-back")
    again = await sent(billing, "propose", BY_RULE)
    await sent(billing, "propose", {"amount": "0", "reason": "Utlämningen var ett misstag"})
    closed = await decided_on(billing, "0")

    assert [each.json()["rule"] for each in (decided, again)] == ["hand-out-was-mistake"] * 2
    assert (closed.json()["state"], billing.events()) == ("decided", [])


async def test_a_deferred_fee_goes_on_and_falls_due_beside_the_compensation(billing: Billing) -> None:
    await told(billing)
    await on_day(billing, 0, HANDED_OUT)
    await sent(billing, "propose", BY_RULE)
    await decided_on(billing, "3284")

    await on_day(billing, 91)

    assert [(each["source"]["uttag"], each["amount"]) for each in billing.events()] == [
        (LOSS_NO, "3284.00"), (ORDER, "500.00"),
    ]  # fmt: skip
    assert [kind for kind, _, _ in await shown(billing)] == ["charge", "charge"]


async def test_a_case_is_shown_until_two_people_have_decided_and_afterwards(billing: Billing) -> None:
    await told(billing)
    headers = billing.service.token("economist")

    before = (await billing.service.client.get(f"/compensations/{LOSS_NO}", headers=headers)).json()
    await sent(billing, "propose", BY_RULE)
    await decided_on(billing, "3284")
    after = (await billing.service.client.get(f"/compensations/{LOSS_NO}", headers=headers)).json()

    assert (before["state"], before["amount_by_rule"], before["proposal"]) == ("reported", "3284.00", None)
    assert (after["state"], after["decided_by"], after["amount_by_rule"]) == ("decided", "ekon", None)


async def test_what_a_newer_version_says_happened_is_treated_as_damage(billing: Billing) -> None:
    newer = LOSS.model_dump(mode="json") | {"how": "what_a_newer_version_says"}

    await told(billing, DeviceLossReported.model_validate(newer, context=KEPT))

    (case,) = await waiting(billing)
    assert (case["how"], case["amount_by_rule"]) == ("damaged", "1500.00")


async def test_a_compensation_that_was_wrong_is_corrected_by_two_people_as_every_fee_is(
    billing: Billing,
) -> None:
    await told(billing)
    await sent(billing, "propose", BY_RULE)
    await decided_on(billing, "3284")
    event_id, client = billing.events()[0]["event_id"], billing.service.client
    found_again = {"amount": "0.00", "reason": "Hjälpmedlet är återfunnet"}

    for path, form, by in (("", found_again, "eko"), ("/approve", {"amount": 0}, "ekon")):
        answer = await client.post(
            f"/fees/{event_id}/correction{path}", json=form, headers=billing.service.once("economist", sub=by)
        )
        assert answer.is_success, answer.text

    assert [(each["kind"], each["amount"]) for each in billing.events()] == [
        ("charge", "3284.00"), ("credit", "3284.00"),
    ]  # fmt: skip
