"""Flows about what is withdrawn and where it goes: flavours, shapes, addresses (S36 to S44)."""

from tools.demo.flows.acts import (
    CLERK,
    HOME,
    Line,
    Prescribed,
    draft,
    find_article,
    prescribed_line,
    send,
    withdrawal_form,
)
from tools.demo.flows.cast import DRINK, drink_line, newcomer
from tools.demo.flows.outcomes import delivered, ordered_once, settled, withdrawal
from tools.demo.flows.stage import Body, Call, Stage, demand

FLAVOURS = "services/ordering/domain/flavours.py"
DELIVERY = "services/ordering/domain/withdrawing/delivery_rules.py"
SUMMER_HOUSE = {"line1": "Stugvägen 2", "postal_code": "27030", "city": "DEMOBY"}
DOOR_CODE = "1357"


async def flavours(stage: Stage) -> None:
    """Fewer packages are allowed, more are not; last time's choice is offered (S43, S44, S54, S56)."""
    person = await newcomer(stage)
    line = await drink_line(stage, person.patient_ref, packages=6, withdrawals=3)
    await tried(stage, line.split(3, 1), set(), says="fewer than prescribed: 3 + 1 of 6")
    await tried(stage, line.split(5, 2), {"too-many-packages"}, says="more than prescribed: 5 + 2 of 6")
    await settled(stage, await send(stage, await draft(stage, line.split(3, 2, 1), by=CLERK), by=CLERK))
    await see_last_choice(stage, line)
    await a_named_flavour_stays(stage, person.patient_ref, line.article["variants"])
    await shapes(stage, person.patient_ref)


async def see_last_choice(stage: Stage, line: Line) -> None:
    with stage.timeline.step("the next time it is offered as last time: 3 + 2 + 1") as step:
        allowance = await stage.ask(CLERK, Call("ordering", f"/allowances/{line.patient_ref}", method="GET"))
        shown = next(each for each in allowance["lines"] if each["line_id"] == line.line_id)
        packages = [each["packages"] for each in shown["last_choice"]]
        demand(packages == [3, 2, 1], f"offered {packages}", look_at=FLAVOURS)
        step.note(f"{shown['withdrawals_left']} withdrawals left")


async def a_named_flavour_stays(stage: Stage, patient_ref: str, variants: list[Body]) -> None:
    """A flavour that was prescribed by its name is not swapped at the withdrawal (S54)."""
    named, other = variants[0], variants[1]
    wanted = Prescribed(patient_ref, named, packages=2, days=30, withdrawals=1)
    line = await prescribed_line(stage, wanted, by="dietitian")
    swapped = Line(patient_ref, line.line_id, named, 2, [{"article_no": other["article_no"], "packages": 2}])
    await tried(stage, swapped, {"flavour-fixed"}, says=f"{named['variant_name']} was prescribed by its name")


async def shapes(stage: Stage, patient_ref: str) -> None:
    """Pasta has shapes as drinks have flavours (S56)."""
    pasta = await find_article(stage, "demopasta glutenfri", "coeliac_metabolic", by="dietitian")
    wanted = Prescribed(patient_ref, pasta, packages=8, days=30, withdrawals=1)
    line = (await prescribed_line(stage, wanted, by="dietitian")).split_by_name({"penne": 5, "fusilli": 3})
    await settled(stage, await send(stage, await draft(stage, line, by=CLERK), by=CLERK))


async def tried(stage: Stage, line: Line, expected: set[str], *, says: str) -> None:
    with stage.timeline.step(says) as step:
        shown = await stage.ask(CLERK, Call("ordering", "/withdrawals/preview", withdrawal_form(line)))
        rules = {each["rule"] for each in shown["reasons"]}
        demand(rules == expected, f"the reasons are {rules}", look_at=FLAVOURS)
        step.note(", ".join(sorted(rules)) or "allowed")


async def delivery(stage: Stage) -> None:
    """An address for this time only, a door code that is erased, an address kept for later (S39 to S42)."""
    person = await newcomer(stage)
    line = await drink_line(stage, person.patient_ref, withdrawals=3)
    there = HOME | {"address": SUMMER_HOUSE, "door_code": DOOR_CODE, "instructions": "Ring på"}
    withdrawal_no = await draft(
        stage, line, by=CLERK, says="sends it to a summer house, once", delivery=there
    )
    confirmation = await send(stage, withdrawal_no, by=CLERK)
    order = await ordered_once(stage, confirmation["order_nos"][0])
    see_place(order, SUMMER_HOUSE["line1"], DOOR_CODE)
    await delivered(stage, withdrawal_no)
    with stage.timeline.step("when the goods have come the door code is gone"):
        kept = (await withdrawal(stage, withdrawal_no))["delivery"]
        demand(kept["door_code"] is None, "the door code is still there", look_at=DELIVERY)
    await offered(stage, person.patient_ref, home="Provvägen 31", saved=[])
    again = HOME | {"address": SUMMER_HOUSE, "keep_address": True, "address_label": "Stugan"}
    withdrawal_no = await draft(stage, line, by=CLERK, says="sends it there and keeps it", delivery=again)
    await settled(stage, await send(stage, withdrawal_no, by=CLERK))
    await offered(stage, person.patient_ref, home="Provvägen 31", saved=["Stugan"])


def see_place(order: Body, line1: str, door_code: str | None) -> None:
    place = order["deliver"]
    told = (place["street"], place.get("door_code"))
    demand(told == (line1, door_code), f"the order says {told}", look_at="distributor.jsonl")


async def offered(stage: Stage, patient_ref: str, *, home: str, saved: list[str]) -> None:
    """Wait until the next withdrawal is prefilled so."""

    async def shown() -> str | None:
        call = Call("ordering", f"/allowances/{patient_ref}", method="GET")
        prefill = (await stage.ask(CLERK, call))["prefill"]
        labels = [each["label"] for each in prefill["saved_addresses"]]
        as_it_should = prefill["address"]["line1"] == home and labels == saved
        return ", ".join([home, *labels]) if as_it_should else None

    says = "the next withdrawal offers the own address" + (f" and {saved}" if saved else "")
    await stage.eventually(says, shown, look_at=f"GET ordering /allowances/{patient_ref}", noting=str)


async def pickup(stage: Stage) -> None:
    """At a pick-up point a parent fetches for a minor, and the child's name is not there (S36, S37, Q6)."""
    child = await newcomer(stage, "a child of nine", years=9, name="Barn Testsson")
    drink = await find_article(stage, *DRINK, by="physician")
    wanted = Prescribed(child.patient_ref, drink, packages=2, days=30, withdrawals=1)
    line = (await prescribed_line(stage, wanted, by="physician")).split(2)
    point = {"kind": "pickup", "rule": "pickup", "notice": "sms", "pickup_point": "demo-stationen"}
    with stage.timeline.step("the child's own name at the pick-up point is refused") as step:
        call = Call("ordering", "/withdrawals/preview", withdrawal_form(line, delivery=point))
        rules = {each["rule"] for each in (await stage.ask(CLERK, call))["reasons"]}
        demand("minor-needs-parent" in rules, f"the reasons are {rules}", look_at=DELIVERY)
        step.note(", ".join(rules))
    parent = point | {"receiver": {"kind": "guardian", "name": "Vera Testsson"}}
    withdrawal_no = await draft(stage, line, by=CLERK, says="names the parent", delivery=parent)
    confirmation = await send(stage, withdrawal_no, by=CLERK)
    order = await ordered_once(stage, confirmation["order_nos"][0])
    demand("Barn" not in str(order), "the child is named in the order", look_at="distributor.jsonl")
    see_place(order, "Provgatan 9", None)
    await delivered(stage, withdrawal_no)
