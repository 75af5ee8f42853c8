"""Flows about what decides: rules by date, an exemption, and quantities both ways (S14 to S21, Q26, N14)."""

from datetime import date, timedelta

from tools.demo.flows.acts import CLERK, Prescribed, find_article
from tools.demo.flows.cast import DRINK, newcomer
from tools.demo.flows.prescribing.preview import RULES, reasons
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.people import PEOPLE

CLOCK_GOES_BACK = date(2027, 10, 31)
ELSEWHERE = "dietitian_elsewhere"


async def explain(stage: Stage) -> None:
    """Ask which rule decides, for anybody and any day, also over a leap day and summer time (N14, Q4)."""
    physician = {"prescription_type": "infant_formula", "profession": "physician"}
    await explained(stage, physician | {"born": "2010-03-01", "on": "2026-02-28"}, allowed=True)
    refused = await explained(stage, physician | {"born": "2010-03-01", "on": "2026-03-01"}, allowed=False)
    codes = {each["code"] for each in refused["verdicts"]}
    with stage.timeline.step("on the 16th birthday two rules say no, each with its source") as step:
        expected = {"physician-only-under-16", "infant-formula-not-from-16"}
        demand(expected <= codes, f"only {codes}", look_at="services/prescription/rulebook/foods.json")
        step.note("; ".join(f"{each['rule']} ({each['source']})" for each in refused["verdicts"]))
    case = {"prescription_type": "energy_nutrition", "profession": "dietitian", "age": 40}
    asked = case | {"on": CLOCK_GOES_BACK.isoformat()}
    shown = await explained(stage, asked, allowed=True)
    with stage.timeline.step("365 days over a leap day and the days when the clock changes") as step:
        demand(shown["valid_through"] == "2028-10-30", f"{shown['valid_through']}", look_at=RULES)
        step.note(f"{CLOCK_GOES_BACK} > {shown['valid_through']}")


async def explained(stage: Stage, case: Body, *, allowed: bool) -> Body:
    says = "may" if allowed else "may not"
    who = f"a {case['profession']} on {case['on']}"
    with stage.timeline.step(f"asked of the rules: {who} {says}") as step:
        shown = await stage.ask("order_placer", Call("prescription", "/rules/explain", case))
        demand(shown["allowed"] is allowed, f"{shown['verdicts']}", look_at=RULES)
        step.note(", ".join(str(each["rule"]) for each in shown["verdicts"]))
    return dict(shown)


async def exemption(stage: Stage) -> None:
    """A named dietitian prescribes to a child, for a unit and some days (S21, Q26)."""
    child = await newcomer(stage, "a child of five", years=5)
    drink = await find_article(stage, *DRINK, by=ELSEWHERE)
    wanted = Prescribed(child.patient_ref, drink, packages=4, days=30, withdrawals=2, care_unit="DEMO-102")
    await turned_away(stage, wanted, says="before: the dietitian may not prescribe to a child")
    with stage.timeline.step("customer service keeps the exemption that the head of unit gave") as step:
        kept = await stage.ask(CLERK, Call("prescription", "/exemptions", exempted(stage)))
        step.note(f"through {kept['valid_through']}")
    with stage.timeline.step(
        "the dietitian prescribes, and the responsible physician is on the line"
    ) as step:
        saved = await stage.ask(ELSEWHERE, Call("prescription", "/prescriptions", wanted.form))
        physician = saved["lines"][0]["responsible_physician"]
        demand(physician["sub"] == PEOPLE["physician"].sub, f"{physician}", look_at=RULES)
        step.note(physician["name"])
    with stage.timeline.step("customer service ends the exemption"):
        await stage.ask(CLERK, Call("prescription", f"/exemptions/{kept['exemption_id']}/end"))
    await turned_away(stage, wanted, says="afterwards: the dietitian may not")


async def turned_away(stage: Stage, wanted: Prescribed, *, says: str) -> None:
    with stage.timeline.step(says) as step:
        rules = await reasons(stage, ELSEWHERE, wanted.form)
        demand("dietitian-only-from-16" in rules, f"only {rules}", look_at=RULES)
        step.note(", ".join(sorted(rules)))


def exempted(stage: Stage) -> Body:
    today = stage.clock.today()
    return {
        "dietitian": PEOPLE[ELSEWHERE].sub,
        "care_units": ["DEMO-102"],
        "valid_from": today.isoformat(),
        "valid_through": (today + timedelta(days=30)).isoformat(),
        "responsible_physician": PEOPLE["physician"].sub,
        "responsible_physician_name": PEOPLE["physician"].name,
        "authorised_by": "TSTNMT2321000156-2001",
    }


async def quantity(stage: Stage) -> None:
    """By consumption per day or by packages; rounding, rest and cost are shown (S14 to S17)."""
    person = await newcomer(stage)
    drink = await find_article(stage, *DRINK, by="dietitian")
    line = {"article_no": drink["article_no"], "days": 30, "withdrawals": 12}
    ways: tuple[tuple[str, Body], ...] = (
        ("2.5 bottles a day for 30 days", {"per_day": "2.5"}),
        ("19 packages for each withdrawal", {"packages": 19}),
    )
    for says, asked in ways:
        with stage.timeline.step(f"the dietitian asks for {says}") as step:
            form = Prescribed(person.patient_ref, drink, 1, 30, 12).form | {"lines": [line | asked]}
            shown = await stage.ask("dietitian", Call("prescription", "/prescriptions/preview", form))
            (sum_of,) = shown["calculations"]
            demand((sum_of["packages"], sum_of["cost"]) == (19, "1824.00"), f"{sum_of}", look_at=RULES)
            step.note(
                f"{sum_of['pieces']} {sum_of['piece']}, {sum_of['packages']} packages, "
                f"{sum_of['pieces_left_over']} left over, {sum_of['cost']} kr each time"
            )
