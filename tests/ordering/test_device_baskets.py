"""A basket of devices that loses nothing, and becomes one order for each place (Q49, S80 to S103)."""

import asyncio
from datetime import date

from shared.events.ordering_devices import DeviceOrderSent
from shared.events.prescription import DeliverySourceChosen, DeviceRulesChanged, OfferedSources
from tests.ordering.baskets import (
    BASKET,
    HEAD,
    WAREHOUSE,
    added,
    begun,
    main_order,
    put,
    rules_against,
    sent,
    shown,
)
from tests.ordering.desk import patient
from tests.ordering.devices import (
    CPAP,
    FILTER,
    HOSE,
    HUMIDIFIER,
    MASK,
    OTHER_UNIT,
    PRESCRIBER,
    RULES,
    STAFF,
    UNIT,
    article,
    device,
    made,
    placer,
    posted,
    told_devices,
)
from tests.ordering.examples import PATIENT


async def test_a_secretary_orders_in_the_name_of_the_formal_prescriber() -> None:
    service = await told_devices()

    order = await main_order(service, joint=True)

    main, humidifier = order.lines
    assert (order.kind, order.storeroom_no, order.deliver_to, order.joint) == (
        "order",
        "DEMO-W1",
        "unit",
        True,
    )
    assert (order.prescriber, order.placed_by) == (PRESCRIBER, "order_placer-1")
    assert [each.article_no for each in main.components] == [HOSE, FILTER, MASK]
    assert (main.fee and main.fee.fee_code, humidifier.goes_with, humidifier.fee) == ("HJM-CPAP", 1, None)
    left = await shown(service)
    assert (left["lines"], left["care_unit"]) == ([], UNIT)


async def test_editing_a_line_loses_neither_fee_nor_comment_nor_components() -> None:
    service = await told_devices()
    await begun(service)
    line = await added(
        service,
        article_no=CPAP,
        fee=True,
        comment="Liten mask",
        components=[{"article_no": MASK}],
        removed=[FILTER],
        **WAREHOUSE,
    )

    await put(service, f"{BASKET}/lines/{line}", {"is_additional": True})
    await begun(service, joint=True)

    (kept,) = (await shown(service))["lines"]
    assert (kept["fee"], kept["comment"], kept["is_additional"]) == (True, "Liten mask", True)
    assert [each["article_no"] for each in kept["components"]] == [HOSE, MASK]
    await put(service, f"{BASKET}/lines/{line}", {"removed": [], "comment": None, "fee": False})
    (changed,) = (await shown(service))["lines"]
    assert (changed["fee"], changed["comment"]) == (False, None)
    assert [each["article_no"] for each in changed["components"]] == [HOSE, FILTER, MASK]


async def test_the_review_names_prices_and_warns_of_everything() -> None:
    service = await told_devices(payer="home_region")
    await service.hear(
        article("910009", "Gammal slang").model_copy(update={"status": "discontinued", "replaced_by": HOSE})
    )
    await begun(service, joint=True, deliver_to="home")
    await added(service, article_no=CPAP, fee=True, **WAREHOUSE)
    await added(service, article_no="910009", quantity=3, **WAREHOUSE)

    seen = await shown(service)

    first, second = seen["lines"]
    assert (first["price"]["amount"], seen["total"]) == ("500.00", "500.00")
    assert (second["replaced_by_name"], second["has_fee"]) == ("Demoslang", False)
    assert (seen["care_unit_name"], seen["prescriber_name"]) == (
        "Sömnmottagningen Demostad",
        "Förskrivare Testsson",
    )
    assert seen["contact_name"] == "Förskrivare Testsson"
    assert len(seen["warnings"]) == len(["another region", "joint delivery", "home delivery"])
    assert (seen["allowed"], [each["rule"] for each in seen["reasons"]]) == (False, ["not-delivered-home"])


async def test_a_basket_with_both_sources_becomes_one_order_for_each() -> None:
    service = await told_devices()
    await service.hear(device("D200001", HUMIDIFIER))
    await begun(service)
    await added(service, article_no=MASK, quantity=2, **WAREHOUSE)
    await added(service, device_no="D200001")
    parts = [(each["storeroom_no"], each["kind"]) for each in (await shown(service))["orders"]]

    asking = asyncio.create_task(sent(service))
    while len(service.told_of(DeviceOrderSent)) < len(parts):
        await asyncio.sleep(0.01)
    hand_out = next(each for each in service.told_of(DeviceOrderSent) if each.kind == "hand_out")
    await service.hear(made(hand_out))
    orders = (await asking).json()["orders"]

    assert parts == [("DEMO-W1", "order"), ("DEMO-S1", "hand_out")]
    assert [each["state"] for each in orders] == ["sent", "handed_out"]
    assert len({each["order_no"] for each in orders}) == len(parts)


async def test_the_same_key_sends_once_and_answers_with_the_same_orders() -> None:
    service = await told_devices()
    await begun(service)
    await added(service, article_no=MASK, **WAREHOUSE)

    first = await posted(service, f"{BASKET}/send", None, placer(service, "sent-just-once"))
    again = await posted(service, f"{BASKET}/send", None, placer(service, "sent-just-once"))
    empty = await sent(service)

    assert first.json()["orders"][0]["order_no"] == again.json()["orders"][0]["order_no"]
    assert empty.json()["rule"] == "empty-basket"
    assert len(service.told_of(DeviceOrderSent)) == 1


async def test_the_source_is_preset_by_what_is_possible_then_by_the_persons_setting_else_asked() -> None:
    service = await told_devices()
    await service.hear(article("910010", "Bara lager", sources=("warehouse",)))
    await service.hear(article("910011", "Tidigare sortiment", assortment="earlier"))
    await begun(service)

    await added(service, article_no="910010")
    await added(service, article_no="910011")
    asked = await added(service, article_no=MASK)
    rules = await rules_against(service)
    await service.hear(DeliverySourceChosen(person="order_placer-1", version=1, source="warehouse"))
    await added(service, article_no=MASK)

    lines = (await shown(service))["lines"]
    assert [each["source"] for each in lines] == ["warehouse", "storeroom", None, "warehouse"]
    assert lines[-1]["storeroom_name"] == "Centrallagret Demostad"
    assert rules == ["source-not-chosen"]
    await put(service, f"{BASKET}/lines/{asked}", {"source": "storeroom"})
    assert await rules_against(service) == ["place-not-chosen"]


async def test_what_is_of_earlier_assortment_or_another_units_store_is_refused() -> None:
    service = await told_devices()
    await service.hear(article("910011", "Tidigare sortiment", assortment="earlier"))
    await begun(service)
    await added(service, article_no="910011", **WAREHOUSE)
    await added(service, article_no=MASK, source="storeroom", storeroom_no="DEMO-S2")
    await added(service, article_no=HUMIDIFIER, source="storeroom")
    await added(service, article_no=HUMIDIFIER, quantity=2, **WAREHOUSE)

    assert await rules_against(service) == [
        "source-not-offered",
        "storeroom-not-of-unit",
        "device-not-chosen",
        "marked-one-by-one",
    ]


async def test_a_home_delivery_to_a_minor_has_the_receiver_on_top_and_the_patient_in_care_of() -> None:
    service = await told_devices()
    child = patient(service.seals, version=2, born=service.seals.seal("2015-01-01", purpose="identity"))
    await service.hear(child)
    await begun(service, deliver_to="home")
    await added(service, article_no=MASK, **WAREHOUSE)
    alone = await rules_against(service)
    await begun(service, deliver_to="home", receiver_name="Förälder Testsson")

    answer = await sent(service)

    assert alone == ["minor-needs-receiver"]
    assert answer.json()["orders"][0]["deliver_to"] == "home"
    assert "Förälder" not in str(service.rows)


async def test_a_line_is_removed_and_a_basket_is_given_up() -> None:
    service = await told_devices()
    await begun(service)
    main = await added(service, article_no=CPAP, fee=True, **WAREHOUSE)
    await added(service, article_no=HUMIDIFIER, goes_with=main, **WAREHOUSE)

    await posted(service, f"{BASKET}/lines/{main}/remove", None, placer(service))
    (left,) = (await shown(service))["lines"]
    mine = await shown(service, "/device-baskets")
    loose = await posted(service, f"{BASKET}/lines", {"article_no": MASK, "goes_with": 9}, placer(service))
    await posted(service, f"{BASKET}/empty", None, placer(service))

    assert (left["article_no"], left["goes_with"]) == (HUMIDIFIER, None)
    assert [(each["patient_ref"], each["lines"]) for each in mine] == [(PATIENT, 1)]
    assert loose.json()["rule"] == "goes-with-nothing"
    assert await shown(service, "/device-baskets") == []


async def test_a_basket_is_of_one_person_and_nobody_orders_outside_the_own_area_or_unit() -> None:
    service = await told_devices()
    await begun(service)
    await added(service, article_no=MASK, **WAREHOUSE)
    headers = service.token("order_placer", **STAFF | {"sub": "order_placer-2"})

    others = await service.client.get(BASKET, headers=headers)
    unit = await put(service, BASKET, HEAD | {"care_unit": OTHER_UNIT})
    area = await sent(service, product_areas=["foods"])

    assert (others.status_code, unit.status_code, area.status_code) == (404, 403, 403)


async def test_the_review_says_where_a_home_delivery_goes_and_offers_the_patients_addresses() -> None:
    service = await told_devices()
    await begun(service, deliver_to="home", receiver_name="Granne Testsson")
    await added(service, article_no=MASK, **WAREHOUSE)

    seen = await shown(service)
    order_no = (await sent(service)).json()["orders"][0]["order_no"]
    order = await shown(service, f"/device-orders/{order_no}")

    assert seen["delivery"] == {
        "recipient": "Granne Testsson",
        "co": "Test Testsson",
        "address": ["Provvägen 3", "21120 MALMÖ"],
    }
    assert seen["address_choices"] == [{"label": None, "address": ["Provvägen 3", "21120 MALMÖ"]}]
    assert order["delivery"] == seen["delivery"]


async def test_an_address_for_this_order_only_is_used_and_sealed() -> None:
    service = await told_devices()
    address = {"line1": "Sommarvägen 9", "postal_code": "239 42", "city": "FALSTERBO"}
    await begun(service, deliver_to="home", address=address)
    await added(service, article_no=MASK, **WAREHOUSE)

    order_no = (await sent(service)).json()["orders"][0]["order_no"]

    order = await shown(service, f"/device-orders/{order_no}")
    assert order["delivery"]["address"] == ["Sommarvägen 9", "23942 FALSTERBO"]
    assert "Sommarvägen" not in str(service.rows)


async def test_an_area_with_one_source_at_the_unit_presets_it_whatever_the_persons_setting_is() -> None:
    service = await told_devices()
    everywhere = {"product_area": "cpap", "valid_from": date(2026, 1, 1)}
    rules = DeviceRulesChanged(
        version=2,
        rights=RULES.rights,
        offered=(
            OfferedSources(sources=("storeroom", "warehouse"), **everywhere),
            OfferedSources(sources=("storeroom",), care_units=(UNIT,), **everywhere),
        ),
    )
    await service.hear(rules)
    await service.hear(DeliverySourceChosen(person="order_placer-1", version=1, source="warehouse"))
    await begun(service)

    await added(service, article_no=MASK)

    (line,) = (await shown(service))["lines"]
    assert (line["source"], line["storeroom_no"]) == ("storeroom", "DEMO-S1")
