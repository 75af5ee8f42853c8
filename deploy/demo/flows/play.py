"""The flows by name, and playing them one after another."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx
from rich.console import Console

from deploy.demo.flows import blocking, drafts, ending, fees, main_job, messages, people, prescribing
from deploy.demo.flows.opening_hours import begin_by_day
from deploy.demo.flows.stage import Stage
from deploy.demo.flows.timeline import StepFailed, Timeline
from deploy.demo.settings import DemoSettings

ANSWERS_WITHIN_SECONDS = 30.0
PEERS = ("distributor", "invoicing", "register", "sms_gateway")


@dataclass(frozen=True)
class Flow:
    """One story: its name on the command line, what it shows, and how it is played."""

    name: str
    says: str
    play: Callable[[Stage], Awaitable[None]]


FLOWS = (
    Flow("main", "20 packages per withdrawal, split 10 + 5 + 5, from prescription to fee", main_job.play),
    Flow("block", "an article still on its way is blocked; customer service passes the block", blocking.play),
    Flow("child", "a child of 15 pays 120 kr, and never more than the goods cost", fees.child),
    Flow("asylum", "an asylum seeker pays 50 kr", fees.asylum),
    Flow("used-up", "the last withdrawal ends the line", ending.used_up),
    Flow("annul", "an annulled line cannot be withdrawn", ending.annulled),
    Flow("unusual", "an unusual quantity warns and goes on", prescribing.unusual),
    Flow("preview", "every reason at once, and nothing is kept", prescribing.preview),
    Flow("draft", "a draft is left and resumed", drafts.resumed),
    Flow("two-clerks", "two clerks at the same moment: one wins", drafts.two_clerks),
    Flow("sms-failed", "an SMS that fails goes on by letter", messages.failed),
    Flow("sms-unknown", "an SMS that nobody knows about becomes a task", messages.unknown),
    Flow("register", "the population register is silent, and answers again", people.silence),
    Flow("protected", "a person becomes protected, and is not any more", people.protection),
    Flow("merge", "a reserve number becomes a personal number, with all that hangs on it", people.merging),
)


def main(names: Sequence[str], list_only: bool) -> int:
    """Play the named flows, or all; give the exit code: 0 when every step came in time."""
    console = Console()
    known = {flow.name: flow for flow in FLOWS}
    if list_only:
        for flow in FLOWS:
            console.print(f"{flow.name:<11} {flow.says}", highlight=False, soft_wrap=True)
        return 0
    unknown = [name for name in names if name not in known]
    if unknown:
        console.print(
            f"There is no flow {', '.join(unknown)}. There are: {', '.join(known)}.", highlight=False
        )
        return 2
    chosen = [known[name] for name in names] or list(FLOWS)
    return asyncio.run(play(chosen, DemoSettings(), console))


def begin_as_usual(stage: Stage) -> None:
    """Take back what a person, or a demo that was killed, told the partners to do otherwise."""
    for peer in PEERS:
        control = stage.control(peer)
        if control.path.exists():
            control.forget()
            stage.timeline.remark(f"The {peer} was told to behave otherwise; it works as usual again.")


async def play(flows: Sequence[Flow], settings: DemoSettings, console: Console) -> int:
    timeline = Timeline(console)
    failed: list[str] = []
    async with httpx.AsyncClient(timeout=ANSWERS_WITHIN_SECONDS) as http:
        stage = Stage(settings, http, timeline)
        begin_as_usual(stage)
        for flow in flows:
            timeline.heading(flow.name, flow.says)
            try:
                await begin_by_day(stage)
                await flow.play(stage)
            except StepFailed as failure:
                timeline.failed(failure)
                failed.append(flow.name)
    timeline.summary(failed, played=len(flows))
    return 1 if failed else 0
