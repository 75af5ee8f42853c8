"""Flows about fees: a child of 15, goods cheaper than the fee, and an asylum seeker (S61, S62, Q1, Q25)."""

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
from tools.demo.flows.cast import newcomer
from tools.demo.flows.outcomes import invoiced_once, settled
from tools.demo.flows.stage import Body, Stage, demand

CHILD = Decimal(120)
ASYLUM = Decimal(50)


async def child(stage: Stage) -> None:
    patient_ref = (await newcomer(stage, "a child of 15", years=15)).patient_ref
    flour = await find_article(stage, "mjöl", "coeliac_metabolic", by="physician")
    dear = Prescribed(patient_ref, flour, packages=20, days=30, withdrawals=1)
    line = await prescribed_line(stage, dear, by="physician")
    await pays(stage, line.whole(), CHILD, reason="under16")
    patient_ref = (await newcomer(stage, "a child whose goods are cheap", years=9)).patient_ref
    cheap = Prescribed(patient_ref, flour, packages=1, days=30, withdrawals=1)
    line = await prescribed_line(stage, cheap, by="physician")
    await pays(stage, line.whole(), Decimal(flour["package_price"]), reason="under16")


async def asylum(stage: Stage) -> None:
    patient_ref = await find_patient(stage, "asylum_seeker", by="dietitian")
    drink = await find_article(stage, "fiber drick", "energy_nutrition", by="dietitian")
    wanted = Prescribed(patient_ref, drink, packages=10, days=30, withdrawals=1)
    line = await prescribed_line(stage, wanted, by="dietitian")
    await pays(stage, line.split(4, 3, 3), ASYLUM, reason="asylum")


async def pays(stage: Stage, line: Line, amount: Decimal, *, reason: str) -> None:
    """Withdraw, and see that the confirmation and invoicing say this amount by this rule."""
    confirmation = await send(stage, await draft(stage, line, by=CLERK), by=CLERK)
    shown = [(Decimal(each["amount"]), each["reason"]) for each in confirmation["fees"]]
    demand(shown == [(amount, reason)], f"the fee is {shown}", look_at="shared/domain/tariff.py, the tariff")
    await settled(stage, confirmation)
    fee: Body = await invoiced_once(stage, confirmation["withdrawal_no"])
    demand(Decimal(fee["amount"]) == amount, f"invoiced {fee['amount']} kr", look_at="billing's ledger")
