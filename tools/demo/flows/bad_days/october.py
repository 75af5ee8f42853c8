"""A bad day of the calendar: the night in October when the clock goes back, lived through (Q4, Q5, N11)."""

import re
from calendar import SUNDAY, monthrange
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic

from shared.domain.days import LONGEST_DAYS, STOCKHOLM
from tools.demo.flows.acts import CLERK, Line, draft, send
from tools.demo.flows.bad_days.money import published
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.money.files import CLOSING, NIGHT, close_all, filed, reconciled, see_file
from tools.demo.flows.money.tariffs import ONE, statement
from tools.demo.flows.opening_hours import pass_until
from tools.demo.flows.outcomes import invoiced_once, notified_once, settled
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.flows.visit import visiting

EVENING, TWICE, EIGHT, OPEN = time(20), time(2, 30), time(8), time(8, 1)
AN_HOUR = timedelta(hours=1)
SUMMER, WINTER = timedelta(hours=2), timedelta(hours=1)
DAYS = ("close the day", "add up the days")
IDLE = re.compile(r'^sesam_job_idle_seconds\{what="(.+)"\} (\S+)$', re.MULTILINE)
SURELY_SECONDS = 1.0
"""A run of a job that ended so long after the clock was set began after it, too."""


async def october(stage: Stage) -> None:
    """The last night of 25 hours is visited: both hours between 2 and 3 are of one day, with one file."""
    sunday = last_sunday_of_october(before=stage.clock.today())
    saturday = sunday - timedelta(days=1)
    await close_all(stage)
    stage.timeline.remark(f"The run's clock is set back to {saturday} {EVENING:%H:%M}.")
    async with visiting(stage, at(saturday, EVENING)):
        arrived = monotonic()
        await has_tariff(stage, sunday)
        fees = await both_hours(stage, sunday)
        await looked(stage, since=arrived)
        await pass_until(stage, CLOSING)
        await one_file(stage, sunday, fees)
        await pass_until(stage, NIGHT)
        await reconciled(stage, sunday, fees)
    await looked(stage, since=monotonic())
    stage.timeline.remark(f"The run's clock is where it was: {stage.clock.today()}.")


async def both_hours(stage: Stage, sunday: date) -> list[Body]:
    """Live through half past two in summer time, and once more in winter time; give the fee of each."""
    await pass_until(stage, TWICE)
    fees = [await lived_through(stage, sunday, SUMMER)]
    with stage.timeline.step("an hour passes, and it is half past two again"):
        await stage.pass_time(AN_HOUR)
    fees.append(await lived_through(stage, sunday, WINTER))
    await told_in_the_morning(stage, sunday, fees)
    return fees


async def has_tariff(stage: Stage, sunday: date) -> None:
    """A run that was begun this year has none for last October: it is published the day before."""
    known = await stage.ask(ONE, Call("billing", "/tariffs", method="GET"))
    if not any(date.fromisoformat(each["tariff"]) <= sunday for each in known):
        await published(stage, sunday, drink="6.00")


async def lived_through(stage: Stage, sunday: date, offset: timedelta) -> Body:
    """Prescribe, withdraw and get a fee at half past two, in summer time or in winter time."""
    local = stage.clock.now().astimezone(STOCKHOLM)
    says = f"somebody new at {local:%H:%M}, {offset // AN_HOUR} h ahead of UTC,"
    here = (local.date(), local.hour, local.utcoffset())
    demand(here == (sunday, TWICE.hour, offset), f"it is {local}", look_at="the run's clock.json")
    line = await drink_line(stage, (await newcomer(stage, says)).patient_ref, withdrawals=1)
    await lasts_through(stage, line, sunday + timedelta(days=LONGEST_DAYS))
    confirmation = await send(stage, await draft(stage, line, by=CLERK), by=CLERK)
    await settled(stage, confirmation)
    await invoiced_once(stage, confirmation["withdrawal_no"])
    fee = dict((await statement(stage, confirmation["withdrawal_no"]))["fees"][0])
    return fee | {"order_no": confirmation["order_nos"][0]}


async def told_in_the_morning(stage: Stage, sunday: date, fees: list[Body]) -> None:
    """Nobody is woken: the notices of both hours wait for the same eight o'clock (Q24)."""
    await pass_until(stage, OPEN)
    for each in fees:
        message = await notified_once(stage, each["order_no"])
        sent_at = datetime.fromisoformat(message["at"])
        demand(sent_at >= at(sunday, EIGHT), f"it went at {sent_at}", look_at="sms.jsonl")


async def lasts_through(stage: Stage, line: Line, day: date) -> None:
    """The hour decides nothing: a line lasts through day 365 after the day of prescribing (Q4)."""
    with stage.timeline.step(f"the line lasts through {day}"):
        patient = await stage.ask(CLERK, Call("prescription", f"/patients/{line.patient_ref}", method="GET"))
        (own,) = [each for each in patient["active_lines"] if each["line_id"] == line.line_id]
        demand(own["valid_through"] == day.isoformat(), own["valid_through"], look_at="shared/domain/days.py")


async def looked(stage: Stage, *, since: float) -> None:
    """Wait until billing has looked at the clock that was set, and knows when it closes its day."""

    async def did() -> str | None:
        told = (await stage.answer(ONE, Call("billing", "/metrics", method="GET"))).text
        idle = {what: float(seconds) for what, seconds in IDLE.findall(told)}
        ended = min(monotonic() - idle[each] for each in DAYS)
        return ", ".join(DAYS) if ended > since + SURELY_SECONDS else None

    await stage.eventually("billing knows what is due next", did, look_at="GET billing /metrics", noting=str)


async def one_file(stage: Stage, sunday: date, fees: list[Body]) -> None:
    """At 18, 25 hours after the last closing, the day is closed by itself: one file with both fees."""
    first, second = [await filed(stage, each, says="the fee is in the day's file") for each in fees]
    with stage.timeline.step("it is one file, of the long day, with the fees of both hours and no others"):
        look_at = "GET billing /batches"
        demand(first["batch_id"] == second["batch_id"], "two files", look_at=look_at)
        demand(first["day"] == sunday.isoformat(), first["day"], look_at=look_at)
        demand(first["rows"] == len(fees), f"{first['rows']} rows", look_at=look_at)
    rows = see_file(stage, first, fees)
    with stage.timeline.step(f"both are fees of {sunday}"):
        days = {each["bill_not_before"] for each in rows}
        demand(days == {sunday.isoformat()}, f"{days}", look_at="shared/domain/days.py")


def at(day: date, local: time) -> datetime:
    return datetime.combine(day, local, STOCKHOLM).astimezone(UTC)


def last_sunday_of_october(*, before: date) -> date:
    """Give the last day of 25 hours that is quite over, with the night after it."""
    for year in (before.year, before.year - 1):
        last = date(year, 10, monthrange(year, 10)[1])
        sunday = last - timedelta(days=(last.weekday() - SUNDAY) % 7)
        if sunday + timedelta(days=2) < before:
            return sunday
    raise ValueError(f"no October before {before}")
