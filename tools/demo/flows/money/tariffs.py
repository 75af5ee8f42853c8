"""Flows about money: tariffs, waivers and corrections by two people; the statement (S64, S97, N5)."""

import json
import secrets
from datetime import date, timedelta
from decimal import Decimal

from tools.demo.flows.acts import (
    CLERK,
    Line,
    Prescribed,
    draft,
    find_article,
    find_patient,
    prescribed_line,
    send,
)
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.outcomes import invoiced_once, settled
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.load import TARIFF

ONE, OTHER = "economist", "economist_2"
FAR_AWAY = timedelta(days=365 * 10)
THICKENER_FEE = "LMN-30"
LEDGER = "billing's ledger: POST billing /fees/search"


async def tariff(stage: Stage) -> None:
    """Drafted by one, tried on last month's withdrawals, published by another, and prices any day (N5)."""
    first_day = stage.clock.today() + FAR_AWAY + timedelta(days=secrets.randbelow(5000))
    proposed = tariff_from(first_day, formula="135.00")
    with stage.timeline.step(f"one economist drafts a tariff from {first_day}") as step:
        kept = await stage.ask(ONE, Call("billing", "/tariffs/drafts", proposed))
        step.note(f"infant formula 135 kr; {kept['state']}")
    path = f"/tariffs/drafts/{kept['draft_id']}"
    with stage.timeline.step("it is tried on last month's withdrawals, and names nobody") as step:
        tried = await stage.ask(ONE, Call("billing", f"{path}/preview", method="GET"))
        step.note(f"{tried['withdrawals']} withdrawals, {tried['before']} kr > {tried['after']} kr")
    await second_person(stage, f"{path}/publish")
    await priced(stage, stage.clock.today(), "120.00")
    await priced(stage, first_day, "135.00")


def tariff_from(first_day: date, *, formula: str = "120.00", drink: str = "6.00") -> Body:
    """Give the demo's tariff with another first day and other prices."""
    proposed: Body = json.loads(TARIFF.read_text()) | {"valid_from": first_day.isoformat()}
    for each in proposed["types"]:
        if each["prescription_type"] == "infant_formula":
            each["amount"] = formula
    for each in proposed["articles"]:
        if each["per"] == "package":
            each["amount"] = drink
    return proposed


async def second_person(stage: Stage, path: str, form: Body | None = None) -> Body:
    """Who asked may not decide: somebody else does."""
    with stage.timeline.step("who asked may not decide") as step:
        step.note(", ".join(await stage.refusal(ONE, Call("billing", path, form))))
    with stage.timeline.step("another economist decides"):
        return dict(await stage.ask(OTHER, Call("billing", path, form)))


async def priced(stage: Stage, on: date, amount: str) -> None:
    tin = {"article_no": "900087", "prescription_type": "infant_formula", "packages": 4, "cost": "736.00"}
    with stage.timeline.step(f"what infant formula costs on {on}") as step:
        shown = await stage.ask(CLERK, Call("billing", "/tariffs/price", {"on": str(on), "lines": [tin]}))
        demand(shown["total"] == amount, f"it costs {shown['total']} kr", look_at="GET billing /tariffs")
        step.note(f"{shown['total']} kr by the tariff {shown['tariff']}")


async def waiver(stage: Stage) -> None:
    """A group's fees are waived: previewed, proposed and decided by two, and credited once (N5)."""
    withdrawal_no = await thickener(stage)
    today = stage.clock.today().isoformat()
    group = {"sent_from": today, "sent_through": today, "fee_codes": [THICKENER_FEE]}
    with stage.timeline.step("an economist asks what a waiver would come to") as step:
        seen = await stage.ask(ONE, Call("billing", "/waivers/preview", group))
        demand(seen["count"] >= 1, "it finds nothing", look_at=LEDGER)
        step.note(f"{seen['count']} fees, {seen['total']} kr")
    with stage.timeline.step("the waiver is proposed, with its reason") as step:
        asked = group | {"reason": "Demo: the goods were recalled"}
        kept = await stage.ask(ONE, Call("billing", "/waivers", asked))
        step.note(str(kept["state"]))
    await second_person(stage, f"/waivers/{kept['waiver_id']}/decide")
    await net_is(stage, withdrawal_no, "0.00", says="the fee is credited, once")


async def thickener(stage: Stage) -> str:
    """Withdraw goods whose fee nothing else in the demo has, and wait until it is invoiced."""
    patient_ref = (await newcomer(stage)).patient_ref
    powder = await find_article(stage, "förtjockning pulver", "specific_content", by="dietitian")
    wanted = Prescribed(patient_ref, powder, packages=3, days=30, withdrawals=1)
    line = (await prescribed_line(stage, wanted, by="dietitian")).whole()
    return await fee_of(stage, line)


async def fee_of(stage: Stage, line: Line) -> str:
    """Withdraw a line, and wait until invoicing has its fee; give the withdrawal's number."""
    confirmation = await send(stage, await draft(stage, line, by=CLERK), by=CLERK)
    await settled(stage, confirmation)
    await invoiced_once(stage, confirmation["withdrawal_no"])
    return str(confirmation["withdrawal_no"])


async def correction(stage: Stage) -> None:
    """A wrong fee is put right by two people, with a reason; both entries are sent (S97, Q9)."""
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    withdrawal_no = await fee_of(stage, line)
    charge = (await statement(stage, withdrawal_no))["fees"][0]
    asked = {"amount": "12.00", "reason": "Demo: two of the packages were broken"}
    path = f"/fees/{charge['event_id']}/correction"
    with stage.timeline.step("one economist asks for another amount") as step:
        await stage.ask(ONE, Call("billing", path, asked))
        step.note(f"{charge['amount']} kr > {asked['amount']} kr")
    await second_person(stage, f"{path}/approve", {"amount": asked["amount"]})
    await net_is(stage, withdrawal_no, "12.00", says="charge, credit and new charge stand in the statement")
    await told(stage, withdrawal_no, ["24.00", "-24.00", "12.00"])


async def told(stage: Stage, withdrawal_no: str, amounts: list[str]) -> None:
    """Wait until invoicing has exactly these entries of a withdrawal."""

    def booked() -> list[Decimal]:
        bodies = [each["body"] for each in stage.book("invoicing") if each["what"] == "asked"]
        own = [each for each in bodies if each["source"]["uttag"] == withdrawal_no]
        return [Decimal(each["amount"]) * (-1 if each["kind"] == "credit" else 1) for each in own]

    async def all_of_them() -> str | None:
        expected = sorted(Decimal(each) for each in amounts)
        return " + ".join(amounts) if sorted(booked()) == expected else None

    says = "invoicing has every entry, once"
    await stage.eventually(says, all_of_them, look_at="invoicing.jsonl", noting=str)


async def shown_to_patient(stage: Stage) -> None:
    """The patient sees "to be invoiced" until it is invoiced (S64, S159)."""
    patient_ref = await find_patient(stage, "adult", by="dietitian")
    line = await drink_line(stage, patient_ref)
    with stage.behaving("invoicing", "hold"):
        withdrawal_no = await fee_of(stage, line)
        await status_is(stage, withdrawal_no, "To be invoiced")
    await status_is(stage, withdrawal_no, "Invoiced")


async def status_is(stage: Stage, withdrawal_no: str, status: str) -> None:
    async def shown() -> str | None:
        found = await stage.ask("patient", Call("billing", "/fees/search", {"withdrawal_no": withdrawal_no}))
        statuses = {str(each["status"]) for each in found["fees"]}
        return f"{found['net']} kr" if statuses == {status} else None

    await stage.eventually(f"the patient reads {status!r}", shown, look_at=LEDGER, noting=str)


async def net_is(stage: Stage, withdrawal_no: str, net: str, *, says: str) -> None:
    async def shown() -> str | None:
        found = await statement(stage, withdrawal_no)
        return " + ".join(each["amount"] for each in found["fees"]) if found["net"] == net else None

    await stage.eventually(says, shown, look_at=LEDGER, noting=str)


async def statement(stage: Stage, withdrawal_no: str) -> Body:
    asked = {"withdrawal_no": withdrawal_no}
    return dict(await stage.ask(ONE, Call("billing", "/fees/search", asked)))
