"""Bad days with money: a refused row, two at once, and a tariff at midnight (S97, Q5)."""

import asyncio
from datetime import date, time, timedelta

from tools.demo.flows.acts import CLERK, draft, send
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.money.tariffs import ONE, OTHER, fee_of, net_is, statement, tariff_from
from tools.demo.flows.opening_hours import begin_by_day, pass_until
from tools.demo.flows.outcomes import notified_once, settled
from tools.demo.flows.stage import REFUSED, Body, Call, Stage, demand
from tools.demo.flows.tasks import listed, resolved

BEFORE_MIDNIGHT, AFTER_MIDNIGHT, MORNING = time(23, 50), time(0, 10), time(8, 1)
DEARER = "7.00"
CORRECTIONS = "services/billing/domain/fees/correction.py"


async def refused_row(stage: Stage) -> None:
    """Invoicing refuses a fee: an economist sees it, and two people put it right (S46, S97)."""
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    with stage.behaving("invoicing", "reject"):
        withdrawal_no = await fee_of(stage, line)
        fee = (await statement(stage, withdrawal_no))["fees"][0]
        task_id = f"fee-rejected:{fee['event_id']}"
        task = await listed(stage, task_id, says="invoicing refuses the row: it is work", by=ONE)
    path = f"/fees/{fee['event_id']}/correction"
    with stage.timeline.step("one economist finds the fault, and another agrees"):
        asked = {"amount": "20.00", "reason": "Demo: the code was unknown to invoicing"}
        await stage.ask(ONE, Call("billing", path, asked))
        await stage.ask(OTHER, Call("billing", f"{path}/approve", {"amount": asked["amount"]}))
    await net_is(stage, withdrawal_no, "20.00", says="the new entry stands")
    await resolved(stage, task, how="done", by=ONE)


async def two_economists(stage: Stage) -> None:
    """Two correct the same fee at the same moment: one is first, and the other decides on it (S97)."""
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    withdrawal_no = await fee_of(stage, line)
    fee = (await statement(stage, withdrawal_no))["fees"][0]
    path = f"/fees/{fee['event_id']}/correction"
    with stage.timeline.step("both ask at the same moment: one is first") as step:
        asks = {ONE: "10.00", OTHER: "14.00"}
        answers = await asyncio.gather(
            *(
                stage.answer(who, Call("billing", path, {"amount": amount, "reason": "Demo: a wrong amount"}))
                for who, amount in asks.items()
            )
        )
        refused = [who for who, answer in zip(asks, answers, strict=True) if answer.status_code == REFUSED]
        demand(len(refused) == 1, f"{len(refused)} were refused", look_at=CORRECTIONS)
        (second,) = refused
        (first,) = set(asks) - {second}
        step.note(f"{first} was first, {second} is told that a correction waits")
    with stage.timeline.step("the second one decides on it"):
        await stage.ask(second, Call("billing", f"{path}/approve", {"amount": asks[first]}))
    await net_is(stage, withdrawal_no, asks[first], says="one correction, and not two")


async def midnight(stage: Stage) -> None:
    """A new tariff begins at midnight between draft and sending: the day of sending decides (Q5).

    The day after, the tariff is as before again.
    """
    tomorrow = stage.clock.today() + timedelta(days=1)
    await published(stage, tomorrow, drink=DEARER)
    await published(stage, tomorrow + timedelta(days=1), drink="6.00")
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    await pass_until(stage, BEFORE_MIDNIGHT)
    withdrawal_no = await draft(stage, line, by=CLERK, says="makes a withdrawal just before midnight")
    await pass_until(stage, AFTER_MIDNIGHT)
    confirmation = await send(stage, withdrawal_no, by=CLERK)
    with stage.timeline.step("the fee is the new day's, and names its tariff") as step:
        (fee,) = confirmation["fees"]
        expected = ("28.00", tomorrow.isoformat())
        demand((fee["amount"], fee["tariff"]) == expected, f"{fee}", look_at="shared/domain/tariff.py")
        step.note(f"4 x {DEARER} kr by the tariff {fee['tariff']}")
    await settled(stage, confirmation)
    await pass_until(stage, MORNING)
    await notified_once(stage, confirmation["order_nos"][0])
    await pass_until(stage, BEFORE_MIDNIGHT)
    await begin_by_day(stage)


async def published(stage: Stage, first_day: date, *, drink: str) -> None:
    """Publish a tariff by two people, unless an earlier play of today has."""
    known = await stage.ask(ONE, Call("billing", "/tariffs", method="GET"))
    if first_day.isoformat() in {each["tariff"] for each in known}:
        return
    with stage.timeline.step(f"two economists publish a tariff from {first_day}: {drink} kr a package"):
        drafted = await stage.ask(
            ONE, Call("billing", "/tariffs/drafts", tariff_from(first_day, drink=drink))
        )
        await stage.ask(OTHER, Call("billing", f"/tariffs/drafts/{drafted['draft_id']}/publish"))
    await heard(stage, first_day)


async def heard(stage: Stage, first_day: date) -> None:
    """Wait until the services have what they need: the tariff is priced with by everybody the same."""

    async def priced() -> Body | None:
        drink = {"article_no": "900001", "prescription_type": "energy_nutrition", "packages": 1, "cost": "96"}
        asked = {"on": first_day.isoformat(), "lines": [drink]}
        shown = await stage.ask(CLERK, Call("billing", "/tariffs/price", asked))
        return dict(shown) if shown["tariff"] == first_day.isoformat() else None

    await stage.eventually("it prices its first day", priced, look_at="GET billing /tariffs")
