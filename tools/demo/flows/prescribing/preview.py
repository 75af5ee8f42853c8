"""Flows about prescribing: an unusual quantity, and every reason at once (S19, S20, N1)."""

from tools.demo.flows.acts import Prescribed, find_article, find_patient, prescribe
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.patients import demo_patient

RULES = "the rules of prescription, services/prescription/domain/"


async def unusual(stage: Stage) -> None:
    """Prescribe far more than the article's warning level: it warns, and is saved all the same."""
    patient_ref = await find_patient(stage, "adult_4", by="dietitian")
    drink = await find_article(stage, "demodryck", "energy_nutrition", by="dietitian")
    wanted = Prescribed(patient_ref, drink, packages=400, days=30, withdrawals=2)
    with stage.timeline.step("the dietitian tries 400 packages for 30 days") as step:
        tried = await stage.ask("dietitian", Call("prescription", "/prescriptions/preview", wanted.form))
        demand(tried["allowed"], f"a warning must not stop: {tried['reasons']}", look_at=RULES)
        demand(
            bool(tried["warnings"]), "no warning came", look_at=f"the warning level of {wanted.article_no}"
        )
        step.note(tried["warnings"][0]["detail"])
    saved = await prescribe(stage, wanted, by="dietitian")
    demand(bool(saved["warnings"]), "the warning is not on the saved prescription", look_at=RULES)
    await annul(stage, saved, reason="Demo: the quantity was a slip of the pen")


async def preview(stage: Stage) -> None:
    """Ask for something that is wrong in many ways: all reasons come at once, and nothing is kept."""
    patient_ref = await find_patient(stage, "adult", by="dietitian")
    formula = await find_article(stage, "", "infant_formula", by="dietitian")
    before = await count(stage, patient_ref)
    wanted = Prescribed(patient_ref, formula, packages=10, days=100, withdrawals=4)
    with stage.timeline.step("the dietitian tries infant formula for a grown-up, for 400 days") as step:
        form = wanted.form | {"prescription_type": "infant_formula"}
        rules = await reasons(stage, "dietitian", form)
        demand({"infant-formula-not-from-16", "more-than-365-days"} <= rules, f"only {rules}", look_at=RULES)
        step.note(", ".join(sorted(rules)))
    with stage.timeline.step("the physician tries the same for the grown-up") as step:
        rules = await reasons(stage, "physician", wanted.form | {"care_unit": "DEMO-101"})
        demand("physician-only-under-16" in rules, f"only {rules}", look_at=RULES)
        step.note(", ".join(sorted(rules)))
    with stage.timeline.step("nothing of it was kept"):
        demand(await count(stage, patient_ref) == before, "a preview kept a prescription", look_at=RULES)
    await not_shown(stage, "protected", "protected-identity")
    await not_shown(stage, "no_fixed_address", "no-fixed-address")


async def not_shown(stage: Stage, key: str, rule: str) -> None:
    """Look for someone not served here: the guide's routine comes, and no name (S66, S67)."""
    patient = demo_patient(key)
    with stage.timeline.step(f"the dietitian looks for {patient.says}: the routine, no name") as step:
        rules = await stage.refusal(
            "dietitian", Call("prescription", "/patients/find", {"number": patient.number})
        )
        demand(rule in rules, f"refused for {rules}", look_at=RULES)
        step.note(rule)


async def reasons(stage: Stage, person: str, form: Body) -> set[str]:
    tried = await stage.ask(person, Call("prescription", "/prescriptions/preview", form))
    demand(not tried["allowed"], "it was allowed", look_at=RULES)
    return {each["rule"] for each in tried["reasons"]}


async def count(stage: Stage, patient_ref: str) -> int:
    path = f"/patients/{patient_ref}/prescriptions"
    return len(await stage.ask("dietitian", Call("prescription", path, method="GET")))


async def annul(stage: Stage, saved: Body, *, reason: str) -> None:
    """Annul every line of a prescription."""
    for line in saved["lines"]:
        path = f"/prescriptions/{saved['prescription_no']}/lines/{line['line_id']}/annul"
        with stage.timeline.step("the dietitian annuls the line") as step:
            await stage.ask("dietitian", Call("prescription", path, {"reason": reason}))
            step.note(line["line_id"])
