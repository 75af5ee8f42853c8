"""What people do with devices in the flows: receive goods, hand out, and ask what it costs."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.people import PEOPLE

SECRETARY, NURSE, COLLEAGUE, KEEPER = "secretary", "sleep_nurse", "sleep_nurse_2", "warehouse_keeper"
ECONOMIST = "economist"
UNIT, STOREROOM, WAREHOUSE = "DEMO-101", "DEMO-S1", "DEMO-W1"
CPAP, HOSE, FILTER = "910001", "910100", "910101"
HUMIDIFIER, CHAMBER, MASK = "910200", "910201", "910301"
LEDGER = "billing's ledger: POST billing /fees/search"
CONFLICT = 409


@dataclass(frozen=True)
class Outcome:
    """How a hand-out went: its order, or the rule that inventory refused it by."""

    status: int
    body: Body

    @property
    def order_no(self) -> str:
        return str(self.body["order_no"])


def device_number() -> str:
    """Give a number that no device of the demo has yet."""
    return f"D{secrets.randbelow(10**9):09d}"


async def receive(
    stage: Stage, by: str, place: str, *, devices: Iterable[tuple[str, str]] = (), counted: Iterable[str] = ()
) -> None:
    """Receive devices, article and number, and a piece of each counted article."""
    forms: list[Body] = [
        {"article_no": article, "devices": [{"device_no": number}]} for article, number in devices
    ]
    forms += [{"article_no": article, "quantity": 1} for article in counted]
    with stage.timeline.step(f"goods are received into {place}") as step:
        for form in forms:
            await stage.ask(by, Call("inventory", "/goods/receive", {"storeroom_no": place} | form))
        step.note(", ".join(str(each["article_no"]) for each in forms))


async def cpap_on_shelf(stage: Stage) -> str:
    """Put a CPAP with its standard components into the unit's own storeroom; give its number."""
    number = device_number()
    await receive(stage, NURSE, STOREROOM, devices=[(CPAP, number)], counted=[HOSE, FILTER])
    return number


async def hand_out(stage: Stage, patient_ref: str, device_no: str, *, fee: bool = True) -> str:
    """Hand out a device by its number in the prescriber's name; give the order's number."""
    outcome = await asked_to_hand_out(stage, hand_out_form(patient_ref, device_no, fee=fee))
    demand(outcome.status < CONFLICT, f"{outcome.status}: {outcome.body}", look_at="the log of ordering")
    return outcome.order_no


def hand_out_form(patient_ref: str, device_no: str, *, fee: bool | None = None) -> Body:
    answered = {} if fee is None else {"fee": fee}
    return {
        "patient_ref": patient_ref,
        "care_unit": UNIT,
        "device_no": device_no,
        "prescriber": PEOPLE[NURSE].sub,
        **answered,
    }


async def asked_to_hand_out(stage: Stage, form: Body, *, by: str = SECRETARY) -> Outcome:
    """Ask for a hand-out until ordering knows all that it needs; inventory may refuse it."""

    async def answered() -> Outcome | None:
        answer = await stage.answer(by, Call("ordering", "/hand-outs", form))
        known = answer.is_success or answer.status_code == CONFLICT
        return Outcome(answer.status_code, answer.json()) if known else None

    who = "the secretary" if by == SECRETARY else "a colleague"
    says = f"{who} hands out {form['device_no']} in the prescriber's name"
    look_at = "POST ordering /hand-outs: whether ordering knows patient, device, prescriber and rule book"
    return await stage.eventually(says, answered, look_at=look_at, noting=lambda each: str(each.status))


async def order_is(stage: Stage, order_no: str, state: str) -> Body:
    """Wait until an order of devices has come so far."""

    async def shown() -> Body | None:
        order = await stage.ask(SECRETARY, Call("ordering", f"/device-orders/{order_no}", method="GET"))
        return dict(order) if order["state"] == state else None

    return await stage.eventually(
        f"the order is {state}",
        shown,
        look_at=f"GET ordering /device-orders/{order_no}",
        noting=lambda each: str(each["state_text"]),
    )


async def has_now(stage: Stage, patient_ref: str, device_no: str, *, has: bool = True) -> None:
    """See whether a device stands among what the patient has."""

    async def shown() -> str | None:
        path = f"/patients/{patient_ref}/loans"
        loans = await stage.ask(NURSE, Call("inventory", path, method="GET"))
        found = [each for each in loans if each["device_no"] == device_no]
        return device_no if bool(found) == has else None

    says = "the device is on the patient's list" if has else "the device is not on the patient's list"
    await stage.eventually(says, shown, look_at="GET inventory /patients/{ref}/loans", noting=str)


async def fee_is(stage: Stage, order_no: str, stages: list[str]) -> list[Body]:
    """Wait until the fees of an order have come so far; give them."""

    async def shown() -> list[Body] | None:
        asked = {"withdrawal_no": order_no}
        found = await stage.ask(ECONOMIST, Call("billing", "/fees/search", asked))
        fees: list[Body] = found["fees"]
        return fees if sorted(each["stage"] for each in fees) == sorted(stages) else None

    says = f"its fee is {', '.join(stages)}" if stages else "it costs nothing"
    return await stage.eventually(says, shown, look_at=LEDGER, noting=_read)


def _read(fees: list[Body]) -> str:
    return "; ".join(f"{each['amount']} kr, {each['status']}, due {each['due_on']}" for each in fees)
