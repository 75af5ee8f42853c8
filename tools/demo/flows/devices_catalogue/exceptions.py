"""Flows about what is out of the ordinary: found by a part of a number, stolen, outside the assortment."""

import secrets

from tools.demo.flows.acts import CLERK
from tools.demo.flows.bad_days.goods import imported
from tools.demo.flows.cast import newcomer
from tools.demo.flows.devices.acts import (
    KEEPER,
    NURSE,
    SECRETARY,
    UNIT,
    WAREHOUSE,
    cpap_on_shelf,
    fee_is,
    hand_out,
    order_is,
    receive,
)
from tools.demo.flows.devices.orders import ordered
from tools.demo.flows.devices_catalogue.catalogue import orderable, row
from tools.demo.flows.money.tariffs import ONE, OTHER
from tools.demo.flows.stage import Body, Call, Stage, demand

SEARCH = "POST ordering /orders/search"


async def found_again(stage: Stage) -> None:
    """An order is found by a part of its number and by its device, among one's own (S124, S156)."""
    patient_ref = (await newcomer(stage)).patient_ref
    device_no = await cpap_on_shelf(stage)
    order_no = await hand_out(stage, patient_ref, device_no)
    for says, form in (
        ("by the end of its number", {"order_number": order_no[-6:]}),
        ("by its device", {"device_no": device_no}),
        ("among the secretary's own", {"mine": True, "types": ["hand_out"]}),
    ):
        with stage.timeline.step(f"the order is found {says}") as step:
            rows = await stage.ask(SECRETARY, Call("ordering", "/orders/search", form))
            hit = next((each for each in rows if each["number"] == order_no), None)
            demand(hit is not None, f"{len(rows)} orders, not {order_no}", look_at=SEARCH)
            step.note(f"{hit['type_text']}, {hit['placed_by_name']}" if hit else "")
    with stage.timeline.step("the recipient is shown when asked for") as step:
        form = {"order_number": order_no, "show_recipients": True}
        (hit,) = await stage.ask(SECRETARY, Call("ordering", "/orders/search", form))
        demand(hit["patient_ref"] == patient_ref, f"{hit}", look_at=SEARCH)
        step.note(str(hit["recipient"]))


async def stolen(stage: Stage) -> None:
    """A CPAP is stolen: the loan ends, its fee goes on, and two economists decide what is paid (Q57)."""
    patient_ref = (await newcomer(stage)).patient_ref
    device_no = await cpap_on_shelf(stage)
    order_no = await hand_out(stage, patient_ref, device_no)
    loss: Body = {
        "patient_ref": patient_ref,
        "how": "stolen",
        "happened_on": stage.clock.today().isoformat(),
        "reason": "Demo: stolen from a car, reported to the police",
    }
    with stage.timeline.step("the secretary reports it stolen, and the loan ends") as step:
        report = await stage.ask(SECRETARY, Call("inventory", f"/devices/{device_no}/losses", loss))
        demand(report["device_state"] == "written_off", f"{report}", look_at="inventory's rules of losses")
        step.note(str(report["loss_no"]))
    path = f"/compensations/{report['loss_no']}"
    case = await reported(stage, path)
    with stage.timeline.step("one economist proposes what the tariff says; the same may not decide") as step:
        form = {"reason": "Demo: by the tariff"}
        if case["amount_by_rule"] is None:
            form["amount"] = "1000.00"  # a run from before, whose tariff says nothing of compensations
        proposed = await stage.ask(ONE, Call("billing", f"{path}/propose", form))
        amount = {"amount": proposed["proposal"]["amount"]}
        refused = await stage.refusal(ONE, Call("billing", f"{path}/decide", amount))
        step.note(f"{proposed['proposal']['amount']} kr; {', '.join(refused)}")
    with stage.timeline.step("another economist decides") as step:
        decided = await stage.ask(OTHER, Call("billing", f"{path}/decide", amount))
        step.note(str(decided["state"]))
    (fee,) = await fee_is(stage, str(report["loss_no"]), ["told"])
    demand(fee["amount"] == proposed["proposal"]["amount"], f"{fee}", look_at="billing's compensations")
    await fee_is(stage, order_no, ["deferred"])


async def reported(stage: Stage, path: str) -> Body:
    async def shown() -> Body | None:
        answer = await stage.answer(ONE, Call("billing", path, method="GET"))
        return dict(answer.json()) if answer.is_success else None

    return await stage.eventually(
        "the report waits for economists, with what the tariff says",
        shown,
        look_at=f"GET billing {path}",
        noting=lambda each: f"{each['how_text']}, {each['amount_by_rule']} kr",
    )


async def outside(stage: Stage) -> None:
    """An article outside the assortment is asked for, decided with stock and cost shown, ordered (T32)."""
    number = secrets.randbelow(10_000)
    new = row(number, f"Demospecial{number:04d}") | {
        "Artikel": f"98{number:04d}",
        "Sortimentsartikel": "inget",
    }
    article_no = new["Artikel"]
    await imported(stage, [new], says="an article outside the assortment is read in")
    await receive(stage, KEEPER, WAREHOUSE, counted=[article_no])
    patient_ref = (await newcomer(stage)).patient_ref
    request_id = await asked_for(stage, patient_ref, article_no)
    path = f"/assortment-requests/{request_id}"
    with stage.timeline.step("customer service sees stock and cost, and approves") as step:
        shown = await stage.ask(CLERK, Call("ordering", path, method="GET"))
        demand(shown["in_stock"] == 1, f"{shown}", look_at="POST inventory /stock/planned")
        await stage.ask(CLERK, Call("ordering", f"{path}/approve", {}))
        step.note(f"{shown['cost']} kr, {shown['in_stock']} in stock")
    line: Body = {"article_no": article_no, "source": "warehouse"}
    await orderable(stage, patient_ref, line)
    await order_is(stage, await ordered(stage, patient_ref, line, says="what was approved"), "reserved")


async def asked_for(stage: Stage, patient_ref: str, article_no: str) -> str:
    form: Body = {
        "patient_ref": patient_ref,
        "care_unit": UNIT,
        "article_no": article_no,
        "reason": "Demo: no other mask fits",
    }

    async def kept() -> str | None:
        answer = await stage.answer(NURSE, Call("ordering", "/assortment-requests", form))
        return str(answer.json()["request_id"]) if answer.is_success else None

    return await stage.eventually("the nurse asks for it", kept, look_at="POST ordering /assortment-requests")
