"""The main job: prescribe, withdraw and split, order, deliver, notify, invoice (S34 to S49)."""

from tools.demo.flows.acts import (
    CLERK,
    Line,
    Prescribed,
    draft,
    find_article,
    find_patient,
    prescribed_line,
    send,
    withdrawal_form,
)
from tools.demo.flows.outcomes import (
    delivered,
    invoiced_once,
    notified_once,
    ordered_once,
    reached_the_phone,
    withdrawal,
)
from tools.demo.flows.stage import Body, Call, Stage, demand

SPLIT = {"jordgubb": 10, "choklad": 5, "neutral": 5}
STEPS = ("drafted", "sent", "acknowledged", "confirmed", "despatched", "delivered")


async def play(stage: Stage) -> None:
    patient_ref = await find_patient(stage, "adult", by="dietitian")
    drink = await find_article(stage, "smak DEMO dryck", "energy_nutrition", by="dietitian")
    wanted = Prescribed(patient_ref, drink, packages=sum(SPLIT.values()), days=30, withdrawals=2)
    line = (await prescribed_line(stage, wanted, by="dietitian")).split_by_name(SPLIT)
    await see_preview(stage, line)
    withdrawal_no = await draft(stage, line, by=CLERK)
    confirmation = await send(stage, withdrawal_no, by=CLERK)
    (order_no,) = confirmation["order_nos"]
    see_split(await ordered_once(stage, order_no))
    await notified_once(stage, order_no)
    await delivered(stage, withdrawal_no)
    fee = await invoiced_once(stage, withdrawal_no)
    see_same_fee(fee, confirmation)
    await reached_the_phone(stage, order_no)
    await see_history(stage, withdrawal_no)


async def see_preview(stage: Stage, line: Line) -> None:
    """Ask first: allowed, what it costs, and what is left (N1)."""
    with stage.timeline.step("customer service asks what the withdrawal would be") as step:
        tried = await stage.ask(CLERK, Call("ordering", "/withdrawals/preview", withdrawal_form(line)))
        demand(tried["allowed"], f"refused: {tried['reasons']}", look_at="ordering's allowance")
        step.note(f"allowed, {tried['total']} kr, {tried['lines'][0]['withdrawals_left']} withdrawals left")


def see_split(order: Body) -> None:
    packages = [each["quantity"] for each in order["lines"]]
    demand(
        sorted(packages) == sorted(SPLIT.values()),
        f"the order is for {packages}",
        look_at="distributor.jsonl",
    )


def see_same_fee(fee: Body, confirmation: Body) -> None:
    """What is invoiced is what the confirmation showed."""
    shown = [each["amount"] for each in confirmation["fees"]]
    demand([fee["amount"]] == shown, f"invoiced {fee['amount']}, shown {shown}", look_at="billing's ledger")


async def see_history(stage: Stage, withdrawal_no: str) -> None:
    """Every step stands in the history with its time and who did it (S49)."""
    with stage.timeline.step("the history shows every step") as step:
        history = (await withdrawal(stage, withdrawal_no))["history"]
        told = [each["what"] for each in history]
        missing = [each for each in STEPS if each not in told]
        demand(not missing, f"the history lacks {missing}", look_at="GET ordering /withdrawals/{no}")
        demand(
            all(each["at"] and each["by"] for each in history), "who or when is missing", look_at="ordering"
        )
        step.note(" > ".join(told))
