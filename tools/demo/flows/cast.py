"""Who is new in a flow: people registered by hand under reserve numbers, so that each flow has its own."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from tools.demo.flows.acts import CLERK, Line, Prescribed, find_article, prescribed_line
from tools.demo.flows.stage import Call, Stage

DRINK = ("demodryck", "energy_nutrition")
HOME = {"line1": "Provvägen 31", "postal_code": "21120", "city": "MALMÖ"}


@dataclass(frozen=True)
class Newcomer:
    """Somebody who was never here before."""

    patient_ref: str
    number: str
    form: dict[str, Any]


async def newcomer(stage: Stage, says: str = "somebody new", *, years: int = 40, **more: Any) -> Newcomer:
    """Register a person by hand under a new reserve number of the region's form (S65)."""
    born = date(stage.clock.today().year - years, 1, 1 + secrets.randbelow(28))
    form = {
        "number": f"{born:%Y%m%d}T{secrets.randbelow(1000):03d}",
        "number_type": "skane",
        "born": born.isoformat(),
        "protected": False,
        "name": "Ny Testsson",
        "phone": "070-1740621",
        "address": HOME,
    } | more
    with stage.timeline.step(f"customer service registers {says} under a reserve number"):
        kept = await stage.ask(CLERK, Call("prescription", "/patients", form))
    return Newcomer(str(kept["patient_ref"]), str(form["number"]), form)


async def drink_line(
    stage: Stage, patient_ref: str, *, packages: int = 4, withdrawals: int = 2, by: str = "dietitian"
) -> Line:
    """Prescribe the drink that everybody likes, and choose all packages of one flavour."""
    drink = await find_article(stage, *DRINK, by=by)
    wanted = Prescribed(patient_ref, drink, packages=packages, days=30, withdrawals=withdrawals)
    return (await prescribed_line(stage, wanted, by=by)).split(packages)
