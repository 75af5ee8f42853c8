"""Flows about shelves: a worn label, who has what, the stock list, a stocktake, scanning (S172 to S176)."""

import csv
import io

import zxingcpp

from tools.demo.flows.cast import newcomer
from tools.demo.flows.devices.acts import (
    COLLEAGUE,
    FILTER,
    HOSE,
    NURSE,
    SECRETARY,
    STOREROOM,
    cpap_on_shelf,
    hand_out,
    has_now,
    order_is,
    receive,
)
from tools.demo.flows.stage import Body, Call, Stage, demand

WORN_SIGNS = 6
"""What can still be read of the label."""
LOOK_AT = "the register of inventory: POST inventory /devices/search"


async def worn_label(stage: Stage) -> None:
    """Found by six signs of its number, handed out, and asked for by its number: who has it."""
    number = await cpap_on_shelf(stage)
    with stage.timeline.step(f"…{number[-WORN_SIGNS:]} can be read of the label") as step:
        form: Body = {"text": number[-WORN_SIGNS:]}
        found = await stage.ask(NURSE, Call("inventory", "/devices/search", form))
        rows = [each for each in found if each["device_no"] == number]
        demand(len(rows) == 1, f"{len(rows)} of {len(found)} devices", look_at=LOOK_AT)
        step.note(f"{rows[0]['article_name']}: {rows[0]['state_text']}, {rows[0]['stock_status_text']}")
    patient_ref = (await newcomer(stage)).patient_ref
    await order_is(stage, await hand_out(stage, patient_ref, number), "handed_out")
    await has_now(stage, patient_ref, number)
    with stage.timeline.step("who has it is one question") as step:
        seen = await stage.ask(NURSE, Call("inventory", "/goods/holders", {"device_no": number}))
        holders = [(each["patient_ref"], each["state"]) for each in seen["holders"]]
        demand(holders == [(patient_ref, "has")], f"{holders}", look_at="POST inventory /goods/holders")
        moved = await stage.ask(NURSE, Call("inventory", f"/devices/{number}/movements", method="GET"))
        step.note(f"since {seen['holders'][0]['since']}; moved: {', '.join(each['why'] for each in moved)}")


async def stock(stage: Stage) -> None:
    """Hoses of the storeroom are found by part of the name, and the list is a file for a spreadsheet."""
    await receive(stage, NURSE, STOREROOM, counted=[HOSE, FILTER])
    with stage.timeline.step("the stock list, and hoses by their number") as step:
        form: Body = {"text": HOSE, "storeroom_no": STOREROOM}
        rows = await stage.ask(NURSE, Call("inventory", "/stock/search", form))
        demand([each["article_no"] for each in rows] == [HOSE], f"{rows}", look_at="POST /stock/search")
        step.note(f"{rows[0]['article_name']}: {rows[0]['available']} available of {rows[0]['on_hand']}")
    with stage.timeline.step("the same as a file and as an accessible PDF") as step:
        path = f"/storerooms/{STOREROOM}/stock"
        file = await stage.answer(NURSE, Call("inventory", f"{path}/export"))
        table = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
        page = await stage.answer(NURSE, Call("inventory", f"{path}/print"))
        demand(
            page.content.startswith(b"%PDF"), f"{page.status_code}", look_at=f"POST inventory {path}/print"
        )
        step.note(f"{len(table)} articles, {len(page.content):,} bytes of PDF")


async def stocktake(stage: Stage) -> None:
    """Thirty pieces too few are seen, approved by a colleague and not by who counted."""
    await receive_many(stage, 30)
    shelf = await stage.ask(
        NURSE, Call("inventory", "/stock/search", {"text": FILTER, "storeroom_no": STOREROOM})
    )
    left = int(shelf[0]["on_hand"]) - 30
    with stage.timeline.step(f"{left} filters are counted, 30 too few") as step:
        counts = [{"article_no": FILTER, "counted": left}]
        form: Body = {"counts": counts, "reason": "Demo: stocktake of the storeroom"}
        made = await stage.ask(NURSE, Call("inventory", f"/storerooms/{STOREROOM}/stocktakes", form))
        demand(bool(made["needs_second"]), f"{made}", look_at="the limits of stocktakes")
        step.note(f"{made['pieces']} pieces, {made['value']} kr")
    path = f"/stocktakes/{made['stocktake_no']}/approve"
    with stage.timeline.step("who counted does not approve it, a colleague does") as step:
        rules = await stage.refusal(NURSE, Call("inventory", path))
        demand(rules == {"second-person-needed"}, f"{rules}", look_at=f"POST inventory {path}")
        done = await stage.ask(COLLEAGUE, Call("inventory", path))
        step.note(f"{done['state']} by {done['decided_by']}")


async def receive_many(stage: Stage, pieces: int) -> None:
    form: Body = {"storeroom_no": STOREROOM, "article_no": FILTER, "quantity": pieces}
    with stage.timeline.step(f"{pieces} filters are received into {STOREROOM}"):
        await stage.ask(NURSE, Call("inventory", "/goods/receive", form))


async def scanned(stage: Stage) -> None:
    """A label is printed; its code is scanned as a scanner sends it, on the shelf and on loan."""
    number = await cpap_on_shelf(stage)
    with stage.timeline.step("the label is printed") as step:
        page = await stage.answer(NURSE, Call("inventory", "/labels/print", {"device_nos": [number]}))
        demand(
            page.content.startswith(b"%PDF"), f"{page.status_code}", look_at="POST inventory /labels/print"
        )
        step.note(f"{len(page.content):,} bytes of PDF")
    code = zxingcpp.create_barcode(number, zxingcpp.BarcodeFormat.DataMatrix)
    sent = f"{code.symbology_identifier}{code.text}\r\n"
    await may_do(stage, sent, ["hand_out"])
    patient_ref = (await newcomer(stage)).patient_ref
    await order_is(stage, await hand_out(stage, patient_ref, number), "handed_out")
    await may_do(stage, sent, ["return"])
    await may_do(stage, "]d201095200000099990\x1d21NOBODYS", [])


async def may_do(stage: Stage, code: str, acts: list[str]) -> None:
    """Scan a code, and see what may be done now with the thing."""
    with stage.timeline.step(f"a scan may {', '.join(acts) or 'do nothing'}") as step:
        thing = await stage.ask(SECRETARY, Call("inventory", "/scans", {"code": code}))
        found = [each["act"] for each in thing["acts"]]
        demand(found == acts, f"{found}: {thing['why_nothing']}", look_at="POST inventory /scans")
        step.note(f"{thing['kind']} {thing['article_name'] or ''} {thing['why_nothing'] or ''}".strip())
