"""The sleep clinic of the demo behind real addresses: its storeroom, the warehouse, devices and a patient."""

from dataclasses import dataclass

from tests.devices.running import PRESCRIBERS, Clinic, equip
from tests.gateway.site import Site
from tools.demo.load import PRESCRIBERS as DEMO_PRESCRIBERS

CPAP, HOSE, FILTER, MASK = "910001", "910100", "910101", "910300"
IN_STOREROOM, IN_WAREHOUSE = ("D100001", "D100002", "D100003"), ("D200001", "D200002")


@dataclass(frozen=True)
class Numbers:
    """What the pages of a furnished clinic are about."""

    ref: str
    hand_out: str
    order: str
    collection: str
    replenishment: str
    job: str
    recall: str
    template: str


async def equipped(site: Site) -> Clinic:
    """Fill the shelves, so that devices can be handed out and ordered."""
    more = DEMO_PRESCRIBERS.read_text().partition("\n")[2]
    header, _sep, own = PRESCRIBERS.partition("\n")
    rows = [f"{each};" for each in own.splitlines()]
    people = "\n".join([f"{header};valid_through", *rows, more])
    await equip(site.bus, people.encode())
    clinic = Clinic(site.bus, await site.registered())
    for place, numbers in (("DEMO-S1", IN_STOREROOM), ("DEMO-W1", IN_WAREHOUSE)):
        await clinic.receive(place, CPAP, devices=[{"device_no": each} for each in numbers])
        await clinic.receive(place, HOSE, quantity=10)
        await clinic.receive(place, FILTER, quantity=10)
    await clinic.receive("DEMO-S1", MASK, quantity=4, lot="L1", best_before="2028-01-31")
    return clinic


async def furnished(site: Site) -> Numbers:
    """Do one of each thing, so that no page is empty; give the numbers."""
    at = await equipped(site)
    whole = {"patient_ref": at.patient_ref, "care_unit": "DEMO-101"}
    handed = await at.done("nurse", "ordering", "/hand-outs", whole | {"device_no": "D100001", "fee": True})
    order_no = await ordered(at)
    device = {"device_no": "D100001", "purpose": "need_ended"}
    collected = await at.done("nurse", "ordering", "/collection-orders", whole | {"devices": [device]})
    lines = [{"article_no": HOSE, "packages": 1}]
    place = {"care_unit": "DEMO-101", "storeroom_no": "DEMO-S1", "lines": lines}
    filled = await at.done("nurse", "inventory", "/replenishments", place)
    template = await at.done("nurse", "inventory", "/order-templates", place | {"name": "Veckans slangar"})
    job = await at.done("nurse", "inventory", "/devices/D100002/faults", {"fault": "Visslar i masken"})
    reason = {"article_no": MASK, "reason": "Spricka i ventilen", "notify_patients": False}
    recall = await at.done("keeper", "inventory", "/recalls", reason)
    await site.bus.settle()
    return Numbers(
        ref=at.patient_ref,
        hand_out=handed["order_no"],
        order=order_no,
        collection=collected["collection_no"],
        replenishment=filled["order_no"],
        job=job["job_no"],
        recall=recall["recall_no"],
        template=template["template_id"],
    )


async def ordered(at: Clinic) -> str:
    """Order a CPAP from the warehouse, bring it to the unit, and leave another one in the basket."""
    basket = f"/device-baskets/{at.patient_ref}"
    await at.done("nurse", "ordering", basket, {"care_unit": "DEMO-101"}, method="PUT")
    line = {"article_no": CPAP, "fee": True, "source": "warehouse", "is_additional": True}
    await at.done("nurse", "ordering", f"{basket}/lines", line)
    (sent,) = (await at.done("nurse", "ordering", f"{basket}/send"))["orders"]
    pick = f"/device-orders/{sent['order_no']}/pick-list"
    await at.done("keeper", "inventory", f"{pick}/take")
    await at.done("keeper", "inventory", f"{pick}/pick", {"device_no": IN_WAREHOUSE[0]})
    (parcel,) = (await at.done("keeper", "inventory", f"{pick}/pack", {}))["parcels"]
    await at.done("keeper", "inventory", f"/parcels/{parcel['parcel_no']}/despatch")
    await at.done("nurse", "inventory", f"/parcels/{parcel['parcel_no']}/receive")
    return str(sent["order_no"])
