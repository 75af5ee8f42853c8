"""Checks that the oracle notices each planted bug, with the failure that shows it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import aio_pika

from shared.fault import Order
from tools.chaos.clerks.clerk import CLERK, Step
from tools.chaos.clerks.intents import Intent
from tools.chaos.judging.findings import Findings
from tools.chaos.points import Drive, Visit
from tools.chaos.sweep import Outcome, Sweep
from tools.chaos.trial import Trial

PATIENCE_SECONDS = 12.0
REST_SECONDS = 8.0
TURN_SECONDS = 2.5
ASLEEP_SECONDS = 6
"""Three times as long as another replica takes to look around for what nobody sends."""
REPEATED_AFTER_SECONDS = 1.5

Scenario = Callable[[Trial, str], Awaitable[Findings]]


@dataclass(frozen=True)
class Kill:
    """A kill at one point of a service that has the bug, before and after."""

    process: str
    point: str
    drive: Drive = "job"
    hit: int = 1

    async def __call__(self, trial: Trial, bug: str) -> Findings:
        outcomes: list[Outcome] = []
        sweep = Sweep(trial, tell=outcomes.append, bug=bug, rest_seconds=REST_SECONDS)
        await sweep.run([[Visit(self.process, self.point, self.hit, self.drive)]])
        return outcomes[0].findings


async def lose_a_binding(trial: Trial, bug: str) -> Findings:
    """Take a queue off its exchange for a while: what is published meanwhile comes back."""
    queue_name = "ordering.hears.prescription.prescription_registered.v1"
    topic = queue_name.partition(".hears.")[2]
    await bugged(trial, "prescription", bug)
    connection = await aio_pika.connect(trial.system.urls()["RABBITMQ_URL"])
    async with connection:
        queue = await (await connection.channel()).get_queue(queue_name)
        await queue.unbind("events", topic)
        working = asyncio.create_task(trial.job())
        await asyncio.sleep(1)
        await queue.bind("events", topic)
        intent = await working
    return await at_rest(trial, [intent])


async def want_no_messages(trial: Trial, bug: str) -> Findings:
    """Let a patient say no while notification is down, and the goods are despatched."""
    trial.system.services["notification"].stop()
    intent = await trial.job()
    await asyncio.sleep(TURN_SECONDS)
    await opt_out(trial, intent, opted_out=True)
    intent.silent = True
    await bugged(trial, "notification", bug)
    findings = await at_rest(trial, [intent])
    await opt_out(trial, intent, opted_out=False)
    return findings


async def opt_out(trial: Trial, intent: Intent, *, opted_out: bool) -> None:
    path, form = f"/patients/{intent.patient_ref}/status", {"protected": False, "opted_out": opted_out}
    await trial.office.ask(Step(CLERK, "prescription", path, f"{intent.key}-{opted_out}", form))


async def wake_a_zombie(trial: Trial, bug: str) -> Findings:
    """Hold one replica before its claim for longer than another needs to do the work."""
    order = Order(point="notification.sms.before_claim", action="sleep", seconds=ASLEEP_SECONDS, times=9)
    trial.system.restart("notification", [order], bug=bug)
    await trial.system.until_ready("notification")
    other = trial.system.add_replica("notification")
    trial.system.restart(other)
    await trial.system.until_ready(other)
    intents = await asyncio.gather(*(trial.job() for _ in range(4)))
    await asyncio.sleep(2 * ASLEEP_SECONDS)
    findings = await at_rest(trial, intents)
    trial.system.services.pop(other).stop()
    return findings


async def poison_a_queue(trial: Trial, bug: str) -> Findings:
    await bugged(trial, "ordering", bug)
    await trial.drives.poison("ordering")
    return await at_rest(trial, [])


async def repeat_a_request(trial: Trial, bug: str) -> Findings:
    await bugged(trial, "ordering", bug)
    intent = await trial.job()
    for _ in range(2):
        await trial.repeat(intent)
        await asyncio.sleep(REPEATED_AFTER_SECONDS)
    return await at_rest(trial, [intent])


async def bugged(trial: Trial, service: str, bug: str) -> None:
    trial.system.restart(service, bug=bug)
    await trial.system.until_ready(service)


async def at_rest(trial: Trial, intents: Sequence[Intent]) -> Findings:
    return (await trial.rest(intents, since="", within_seconds=REST_SECONDS)).findings


SCENARIOS: Mapping[str, tuple[str, Scenario]] = MappingProxyType(
    {
        "acknowledge_before_commit": ("ordering", Kill("ordering", "hear.before_handler")),
        "inbox_outside_the_transaction": ("ordering", Kill("ordering", "commit.in_transaction")),
        "count_a_returned_message_as_told": ("prescription", lose_a_binding),
        "mark_before_confirmation": ("prescription", Kill("prescription", "relay.before_publish")),
        "write_the_file_in_place": ("billing", Kill("billing", "export.after_write", "close")),
        "let_the_inbox_hold_anything_twice": ("ordering", Kill("ordering", "send.after_commit")),
        "ask_early_whether_a_patient_may_be_told": ("notification", want_no_messages),
        "let_a_zombie_claim": ("notification", wake_a_zombie),
        "swallow_a_failed_write": ("ordering", Kill("ordering", "commit.in_transaction")),
        "throw_a_failing_message_back": ("ordering", poison_a_queue),
        "forget_the_inbox_after_a_second": ("ordering", repeat_a_request),
        "send_an_unknown_message_again": ("notification", Kill("notification", "sms.after_call")),
    }
)
"""Which service has the bug, and what happens to it."""


async def caught(trial: Trial, bug: str | None, *, as_for: str) -> list[str]:
    """Play the scenario of a bug, with it or without; give what was found that was not found before."""
    service, scenario = SCENARIOS[as_for]
    trial.office.patience_seconds = PATIENCE_SECONDS
    before = set((await trial.verdict()).lines())
    findings = await scenario(trial, bug or "")
    findings.add(await trial.verdict())
    trial.system.restart(service)
    await trial.system.until_ready(service)
    return [line for line in dict.fromkeys(findings.lines()) if line not in before]
