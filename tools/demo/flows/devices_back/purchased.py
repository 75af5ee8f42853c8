"""A flow about a purchase of the main warehouse, from a supplier that makes a mistake (Q60)."""

from tools.demo.flows.acts import CLERK
from tools.demo.flows.devices.acts import FILTER, KEEPER, WAREHOUSE
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.flows.tasks import listed

LOOK_AT = "GET inventory /purchases/{order_no}, and supplier.jsonl"


async def purchased(stage: Stage) -> None:
    """Four packages of filters: approved, dearer than agreed, in two parts, one filter damaged."""
    with stage.behaving("supplier", "price"):
        order_no = await approved(stage)
        purchase = await delivered(stage, order_no)
    task_id = f"purchase-price-differs:{order_no}:1"
    await listed(stage, task_id, says="another price than the agreement's is a task", by=KEEPER)
    damaged: Body = {"kind": "damaged", "article_no": FILTER, "quantity": 1, "reason": "Demo: crushed"}
    with stage.timeline.step("the warehouse receives the parts; a crushed filter is set apart") as step:
        await stage.ask(
            KEEPER, Call("inventory", f"/purchases/{order_no}/deviations", {"deviations": [damaged]})
        )
        for place, lot in enumerate(one for each in purchase["deliveries"] for one in each["lots"]):
            pieces = lot["packages"] * purchase["lines"][0]["pieces_per_package"] - (1 if place == 0 else 0)
            form: Body = {
                "storeroom_no": WAREHOUSE, "article_no": FILTER, "quantity": pieces, "lot": lot["lot"],
                "supply_no": order_no,
            }  # fmt: skip
            await stage.ask(KEEPER, Call("inventory", "/goods/receive", form))
        now = await stage.ask(KEEPER, Call("inventory", f"/purchases/{order_no}", method="GET"))
        demand(now["state"] == "received", now["state_text"], look_at=LOOK_AT)
        step.note(f"{order_no}: {now['state_text']}")
    await in_the_list(stage, order_no)


async def approved(stage: Stage) -> str:
    """Propose a purchase and approve it; give its number."""
    with stage.timeline.step("the warehouse proposes a purchase, and somebody approves it") as step:
        form: Body = {"warehouse_no": WAREHOUSE, "lines": [{"article_no": FILTER, "packages": 4}]}
        proposed = await stage.ask(KEEPER, Call("inventory", "/purchases", form))
        path = f"/purchases/{proposed['order_no']}/approve"
        sent = await stage.ask(KEEPER, Call("inventory", path, {}))
        step.note(f"{sent['order_no']}: {sent['state_text']}, {sent['supplier_name']}")
    return str(sent["order_no"])


async def delivered(stage: Stage, order_no: str) -> Body:
    """Wait until the supplier has despatched both parts."""

    async def shown() -> Body | None:
        found: Body = await stage.ask(KEEPER, Call("inventory", f"/purchases/{order_no}", method="GET"))
        return found if len(found["deliveries"]) > 1 else None

    return await stage.eventually(
        "the supplier confirms it, and despatches it in two parts",
        shown,
        look_at=LOOK_AT,
        noting=lambda each: f"{each['lines'][0]['said_price']} instead of {each['lines'][0]['price']}",
    )


async def in_the_list(stage: Stage, order_no: str) -> None:
    """Find the purchase in the one list of orders."""

    async def shown() -> Body | None:
        form: Body = {"care_unit": WAREHOUSE, "types": ["purchase"], "order_number": order_no}
        found = await stage.ask(CLERK, Call("ordering", "/orders/search", form))
        return next((each for each in found if each["state"] == "received"), None)

    await stage.eventually(
        "it stands in the one list of orders, and names nobody",
        shown,
        look_at="POST ordering /orders/search",
        noting=lambda each: f"{each['type_text']}: {each['state_text']}",
    )
