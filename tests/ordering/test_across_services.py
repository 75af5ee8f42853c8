"""Five services in memory: what a person does over several of them (S3, S12, S41, S42, S52)."""

from pathlib import Path
from typing import Any

from shared.partners import Order, Reply
from tests.watch.canaries import canaries
from tests.watch.five_in_memory import RunningBus, build
from tests.watch.main_job import ARTICLE, prescribe, register, well, withdraw
from tools.demo.replies import reply

CLERK = "customer_service"
CALLER = canaries()[0]


async def answered(running_bus: RunningBus, *steps: str) -> None:
    """Let the distributor say this of the one order."""
    (message,) = running_bus.services["ordering"].partner_messages()
    order = Order.model_validate(message)
    for step in steps:
        await running_bus.services["ordering"].hear(
            Reply(reply=reply(step, order, at=running_bus.clock.now()))
        )
    await running_bus.settle()


async def prescribed(running_bus: RunningBus) -> tuple[str, str]:
    """Register the caller and prescribe a drink; give the patient and the line."""
    patient_ref = await register(running_bus, CALLER)
    await running_bus.settle()
    line_id = await prescribe(running_bus, patient_ref)
    await running_bus.settle()
    return patient_ref, line_id


async def test_customer_service_finds_a_caller_by_number_and_traces_the_order(tmp_path: Path) -> None:
    running_bus = await build(tmp_path)
    patient_ref, line_id = await prescribed(running_bus)
    confirmation = await withdraw(running_bus, patient_ref, line_id, CALLER)
    await running_bus.settle()
    await answered(running_bus, "ack", "response", "despatched")

    found = await well(
        await running_bus.ask(CLERK, "prescription", "/patients/find", {"number": CALLER.number})
    )
    whose = {"patient_ref": found["patient_ref"]}
    (withdrawal,) = await well(await running_bus.ask(CLERK, "ordering", "/withdrawals/search", whose))
    (brief,) = withdrawal["orders"]
    order = await well(await running_bus.ask(CLERK, "ordering", f"/orders/{brief['order_no']}", method="GET"))

    assert found["person"]["name"] == CALLER.name
    assert withdrawal["withdrawal_no"] == confirmation["withdrawal_no"]
    assert [each["what"] for each in withdrawal["history"]][-2:] == ["confirmed", "despatched"]
    assert (brief["order_no"], brief["state_text"]) == (confirmation["order_nos"][0], order["state_text"])
    assert [each["kind"] for each in order["replies"]] == [
        f"order.{what}.v1" for what in ("ack", "response", "despatched")
    ]
    assert [(each["packages"], each["despatched"]) for each in order["lines"]] == [(2, 2)]


async def test_customer_service_helps_with_a_prescription_by_its_number(tmp_path: Path) -> None:
    running_bus = await build(tmp_path)
    patient_ref, line_id = await prescribed(running_bus)
    number = line_id.rsplit("-", 1)[0]

    prescription = await well(
        await running_bus.ask(CLERK, "prescription", f"/prescriptions/{number}", method="GET")
    )
    on_it = await well(
        await running_bus.ask(CLERK, "ordering", "/withdrawals/by-prescription", {"prescription_no": number})
    )

    assert prescription["patient_ref"] == on_it["patient_ref"] == patient_ref
    assert [(each["line_id"], each["allowed"]) for each in on_it["lines"]] == [(line_id, True)]


async def test_a_hit_of_a_search_is_chosen_by_its_number_and_calculated_with(tmp_path: Path) -> None:
    running_bus = await build(tmp_path)
    patient_ref = await register(running_bus, CALLER)
    searched = {"text": "demo", "prescription_type": "energy_nutrition", "limit": 50}

    page = await well(await running_bus.ask("dietitian", "inventory", "/articles/search", searched))
    (hit,) = [each for each in page["articles"] if each["article_no"] == ARTICLE]
    opened = await well(await running_bus.ask("dietitian", "inventory", f"/articles/{ARTICLE}", method="GET"))
    await running_bus.settle()
    line = {"article_no": hit["article_no"], "packages": 2, "days": 30, "withdrawals": 3}
    form = {"patient_ref": patient_ref, "prescription_type": hit["prescription_type"], "lines": [line]}
    tried = await well(await running_bus.ask("dietitian", "prescription", "/prescriptions/preview", form))

    assert {key: opened[key] for key in hit} == hit
    assert hit["pieces_per_package"] * 2 == int(tried["calculations"][0]["pieces"])
    assert tried["allowed"]


async def prefilled(running_bus: RunningBus, patient_ref: str) -> dict[str, Any]:
    shown = await well(await running_bus.ask(CLERK, "ordering", f"/allowances/{patient_ref}", method="GET"))
    return dict(shown["prefill"])


async def withdrawn(running_bus: RunningBus, patient_ref: str, line_id: str, delivery: dict[str, Any]) -> Any:
    article = await well(await running_bus.ask(CLERK, "inventory", f"/articles/{ARTICLE}", method="GET"))
    split = [{"article_no": article["variants"][0]["article_no"], "packages": 2}]
    item = {"line_id": line_id, "split": split}
    form = {"patient_ref": patient_ref, "items": [item], "delivery": delivery}
    drafted = await well(await running_bus.ask(CLERK, "ordering", "/withdrawals", form))
    sent = await well(
        await running_bus.ask(CLERK, "ordering", f"/withdrawals/{drafted['withdrawal_no']}/send")
    )
    await running_bus.settle()
    return sent


async def test_the_phone_number_is_filled_in_and_another_gets_this_notice(tmp_path: Path) -> None:
    running_bus = await build(tmp_path)
    patient_ref, line_id = await prescribed(running_bus)

    before = await prefilled(running_bus, patient_ref)
    await withdrawn(running_bus, patient_ref, line_id, {"notice": "sms", "notice_to": "070-1740699"})
    await answered(running_bus, "ack", "response", "despatched")
    await running_bus.services["notification"].run_jobs()

    assert before["phone"] == CALLER.phone
    (sms,) = (tmp_path / "sms.jsonl").read_text().splitlines()
    assert "+46701740699" in sms
    assert CALLER.phone not in sms
    assert (await prefilled(running_bus, patient_ref))["phone"] == CALLER.phone


async def test_an_address_that_is_kept_at_one_withdrawal_is_offered_at_the_next(tmp_path: Path) -> None:
    running_bus = await build(tmp_path)
    patient_ref, line_id = await prescribed(running_bus)
    summer = {"line1": "Provstigen 1", "postal_code": "23010", "city": "SKANÖR"}
    kept = {"address": summer, "keep_address": True, "address_label": "Sommarstugan"}

    before = await prefilled(running_bus, patient_ref)
    await withdrawn(running_bus, patient_ref, line_id, kept)
    after = await prefilled(running_bus, patient_ref)

    assert before["saved_addresses"] == []
    assert [(each["label"], each["address"]["line1"]) for each in after["saved_addresses"]] == [
        ("Sommarstugan", "Provstigen 1")
    ]
    assert after["address"] == before["address"]


async def test_my_page_shows_the_own_permissions_and_the_own_withdrawals(tmp_path: Path) -> None:
    running_bus = await build(tmp_path)
    patient_ref, line_id = await prescribed(running_bus)
    sent = await withdrawn(running_bus, patient_ref, line_id, {})

    me = await well(await running_bus.ask(CLERK, "prescription", "/me", method="GET"))
    mine = await well(await running_bus.ask(CLERK, "ordering", "/withdrawals/mine", {}))
    others = await well(await running_bus.ask("order_placer", "ordering", "/withdrawals/mine", {}))

    assert (me["roles"], me["product_areas"], me["care_units"]) == ([CLERK], ["foods"], ["DEMO-101"])
    assert [each["withdrawal_no"] for each in mine] == [sent["withdrawal_no"]]
    assert others == []
