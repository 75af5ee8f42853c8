"""Flow about a device that goes out of the assortment: the warehouse sends what replaces it (S88, S89)."""

import base64

from tools.demo.flows.cast import newcomer
from tools.demo.flows.devices.acts import (
    CPAP,
    FILTER,
    HOSE,
    KEEPER,
    NURSE,
    SECRETARY,
    UNIT,
    WAREHOUSE,
    device_number,
    has_now,
    order_is,
    receive,
)
from tools.demo.flows.devices.orders import handed_over, ordered, picked, received
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.people import PEOPLE

OLD_CPAP = "910003"
COMMENT = "Demo: pressure 8 to 12, see the referral"
REFERRAL = b"%PDF-1.7 Demo: a referral about nobody"


async def replaced(stage: Stage) -> None:
    """Ordered by its old number with a referral; told what comes instead, picked and handed over."""
    patient_ref = (await newcomer(stage)).patient_ref
    cpap = device_number()
    await receive(stage, KEEPER, WAREHOUSE, devices=[(CPAP, cpap)], counted=(HOSE, FILTER))
    line: Body = {"article_no": OLD_CPAP, "source": "warehouse", "fee": True, "comment": COMMENT}
    file = await attached(stage, patient_ref)
    await previewed(stage, patient_ref, line)
    order_no = await ordered(
        stage, patient_ref, line | {"attachments": [file]}, says="a CPAP that is going out, with a referral"
    )
    await order_is(stage, order_no, "reserved")
    await told_instead(stage, order_no, file)
    await picked(stage, order_no, (cpap,), counted=())
    await received(stage, order_no)
    await handed_over(stage, order_no)
    await has_now(stage, patient_ref, cpap)


async def attached(stage: Stage, patient_ref: str) -> str:
    """Upload the referral once ordering knows the patient; give its id."""
    content = base64.b64encode(REFERRAL).decode()
    form = {"patient_ref": patient_ref, "care_unit": UNIT, "name": "referral.pdf", "content": content}

    async def kept() -> str | None:
        answer = await stage.answer(SECRETARY, Call("ordering", "/attachments", form))
        return str(answer.json()["attachment_id"]) if answer.is_success else None

    return await stage.eventually(
        "the referral is scanned and kept", kept, look_at="POST ordering /attachments"
    )


async def previewed(stage: Stage, patient_ref: str, line: Body) -> None:
    """Before the line is saved it says what comes instead, and that it is there."""
    path = f"/device-baskets/{patient_ref}"
    head = {"care_unit": UNIT, "prescriber": PEOPLE[NURSE].sub}
    await stage.ask(SECRETARY, Call("ordering", path, head, method="PUT"))

    async def shown() -> Body | None:
        seen = await stage.ask(SECRETARY, Call("ordering", f"{path}/lines/preview", line))
        planned = seen["line"]["planned"]
        return dict(seen["line"]) if planned and planned["article_no"] == CPAP else None

    says = "before the line is saved it says what will come instead"
    look_at = "POST inventory /stock/planned, as ordering asks it"
    await stage.eventually(says, shown, look_at=look_at, noting=lambda each: str(each["replaced_by_name"]))


async def told_instead(stage: Stage, order_no: str, file: str) -> None:
    """The store keeper sees what to send instead, the comment, and the file; no name."""
    with stage.timeline.step("the store keeper sees what comes instead, comment and referral") as step:
        path = f"/device-orders/{order_no}/picking"
        seen = await stage.ask(KEEPER, Call("ordering", path, method="GET"))
        (line,) = seen["lines"]
        numbers = (line["ordered_article_no"], line["article_no"])
        demand(numbers == (OLD_CPAP, CPAP), f"{numbers}", look_at="inventory's reservation")
        demand(line["comment"] == COMMENT, f"{line['comment']}", look_at=f"GET ordering {path}")
        opened = await stage.answer(KEEPER, Call("ordering", f"/attachments/{file}", method="GET"))
        demand(opened.content == REFERRAL, f"{opened.status_code}", look_at="GET ordering /attachments")
        step.note(f"{line['article_name']} instead of {line['ordered_article_name']}")
