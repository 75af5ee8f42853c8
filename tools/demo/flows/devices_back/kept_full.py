"""Flows about storerooms that are kept full: by themselves, and from a template (S115, S121, S122)."""

import secrets

from tools.demo.flows.cast import newcomer
from tools.demo.flows.devices.acts import (
    FILTER,
    HOSE,
    KEEPER,
    NURSE,
    SECRETARY,
    STOREROOM,
    UNIT,
    WAREHOUSE,
    asked_to_hand_out,
    device_number,
    hand_out_form,
    order_is,
    receive,
)
from tools.demo.flows.devices.orders import picked
from tools.demo.flows.devices_catalogue.shelves import may_do
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.flows.tasks import listed

AUTOMATIC_CPAP = "910002"
GOES_OUT = "910003"
LEVEL = f"/storerooms/{STOREROOM}/articles/{AUTOMATIC_CPAP}/level"
LISTED = f"/storerooms/{STOREROOM}/replenishments"


async def by_itself(stage: Stage) -> None:
    """A hand-out takes the storeroom below its minimum: one more is ordered, carried, received, lent."""
    await receive_all(stage)
    given, coming = device_number(), device_number()
    await receive(stage, NURSE, STOREROOM, devices=[(AUTOMATIC_CPAP, given)], counted=[HOSE, FILTER, HOSE])
    await receive(stage, NURSE, STOREROOM, counted=[FILTER])
    await receive(stage, KEEPER, WAREHOUSE, devices=[(AUTOMATIC_CPAP, coming)])
    await minimum(stage)
    outcome = await asked_to_hand_out(
        stage, hand_out_form((await newcomer(stage)).patient_ref, given, fee=True)
    )
    await order_is(stage, outcome.order_no, "handed_out")
    order_no = await ordered_by_itself(stage)
    await picked(stage, order_no, (coming,), counted=())
    await may_do(stage, coming, ["receive_replenishment"])
    parcel_no = await to_receive(stage, order_no)
    await received(stage, order_no, parcel_no)
    await may_do(stage, coming, ["hand_out"])
    lent = await asked_to_hand_out(
        stage, hand_out_form((await newcomer(stage)).patient_ref, coming, fee=True)
    )
    await order_is(stage, lent.order_no, "handed_out")
    await stage.ask(SECRETARY, Call("inventory", f"{LEVEL}/end"))


async def receive_all(stage: Stage) -> None:
    """Receive what an earlier flow left on its way: one replenishment of an article is open at a time."""
    for order in await stage.ask(SECRETARY, Call("inventory", "/deliveries", method="GET")):
        for parcel in (each for each in order["parcels"] if each["state"] == "despatched"):
            await received(stage, order["order_no"], parcel["parcel_no"])


async def minimum(stage: Stage) -> None:
    """Set the minimum to what lies there now."""
    with stage.timeline.step("the minimum is what lies in the storeroom now") as step:
        form: Body = {"text": AUTOMATIC_CPAP, "storeroom_no": STOREROOM}
        (shelf,) = await stage.ask(SECRETARY, Call("inventory", "/stock/search", form))
        level: Body = {"minimum": shelf["on_hand"], "packages": 1}
        shown = await stage.ask(SECRETARY, Call("inventory", LEVEL, level, method="PUT"))
        demand(not shown["below"], f"{shown}", look_at=f"PUT inventory {LEVEL}")
        step.note(f"at least {shown['minimum']} of {shown['article_name']}")


async def ordered_by_itself(stage: Stage) -> str:
    """Wait until the storeroom's replenishment is there; it says why."""

    async def shown() -> Body | None:
        found = await stage.ask(SECRETARY, Call("inventory", LISTED, method="GET"))
        of_article = (
            each
            for each in found
            if each["state"] == "open" and AUTOMATIC_CPAP in {line["article_no"] for line in each["lines"]}
        )
        return next(of_article, None)

    order = await stage.eventually(
        "one more is ordered by itself, and says why",
        shown,
        look_at=f"GET inventory {LISTED}",
        noting=lambda each: f"{each['order_no']}: {each['lines'][-1]['why']}",
    )
    return str(order["order_no"])


async def to_receive(stage: Stage, order_no: str) -> str:
    """See the parcel on the list of what is to be received; give its number."""

    async def shown() -> str | None:
        found = await stage.ask(SECRETARY, Call("inventory", "/deliveries", method="GET"))
        parcels = [one for each in found if each["order_no"] == order_no for one in each["parcels"]]
        return next((str(each["parcel_no"]) for each in parcels if each["state"] == "despatched"), None)

    return await stage.eventually(
        "the parcel is on the list of what is to be received", shown, look_at="GET inventory /deliveries"
    )


async def received(stage: Stage, order_no: str, parcel_no: str, *deviations: Body) -> Body:
    path = f"/replenishments/{order_no}/parcels/{parcel_no}/receive"
    with stage.timeline.step("the unit receives it into the storeroom") as step:
        form: Body = {"deviations": list(deviations)}
        order: Body = await stage.ask(SECRETARY, Call("inventory", path, form))
        step.note(", ".join(f"{each['quantity']} {each['kind']}" for each in deviations) or "all of it")
    return order


async def from_template(stage: Stage) -> None:
    """A template of three articles, one of which goes out; a part is ordered, and comes short and damaged."""
    template_id = await template(stage)
    await receive(stage, KEEPER, WAREHOUSE, counted=[HOSE] * 4)
    with stage.timeline.step("four hoses are ordered from it, two is what it says") as step:
        form: Body = {"lines": [{"article_no": HOSE, "packages": 4}], "joint": False}
        order = await stage.ask(SECRETARY, Call("inventory", f"/order-templates/{template_id}/order", form))
        step.note(f"{order['order_no']}: {order['lines'][0]['quantity']}")
    order_no = str(order["order_no"])
    await picked(stage, order_no, (), counted=(HOSE,) * 4)
    parcel_no = await to_receive(stage, order_no)
    reason = "Demo: not as the list says"
    await received(
        stage, order_no, parcel_no,
        {"kind": "missing", "article_no": HOSE, "quantity": 1, "reason": reason},
        {"kind": "damaged", "article_no": HOSE, "quantity": 1, "reason": reason},
    )  # fmt: skip
    for place in (1, 2):
        task_id = f"delivery-deviation:{order_no}:{parcel_no}:{place}"
        await listed(stage, task_id, says="what differs is a task of the warehouse", by=KEEPER)
    await stage.ask(SECRETARY, Call("inventory", f"/order-templates/{template_id}/archive"))


async def template(stage: Stage) -> str:
    """Make a template, and see which of its articles cannot be ordered."""
    rows = [{"article_no": each, "packages": 2} for each in (HOSE, FILTER, GOES_OUT)]
    form: Body = {
        "care_unit": UNIT, "storeroom_no": STOREROOM, "name": f"Demo {secrets.token_hex(3)}", "lines": rows,
    }  # fmt: skip
    with stage.timeline.step("a template of three articles, one of them going out") as step:
        made = await stage.ask(SECRETARY, Call("inventory", "/order-templates", form))
        path = f"/order-templates/{made['template_id']}"
        shown = await stage.ask(NURSE, Call("inventory", path, method="GET"))
        reasons = [each["reasons"][0]["detail"] for each in shown["rows"] if each["reasons"]]
        demand(len(reasons) == 1, f"{reasons}", look_at=f"GET inventory {path}")
        step.note(reasons[0])
    return str(made["template_id"])
