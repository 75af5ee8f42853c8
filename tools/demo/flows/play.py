"""Playing the flows: chosen by name, begun by day with partners that work as usual, and summed up."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import httpx
from rich.console import Console

from tools.demo.flows.bad_days.file import folder_back
from tools.demo.flows.bad_days.unreached import queue_back
from tools.demo.flows.chapter import Flow
from tools.demo.flows.opening_hours import begin_by_day
from tools.demo.flows.patients.register import as_filed_again
from tools.demo.flows.programme import CHAPTERS, FLOWS, chosen
from tools.demo.flows.stage import Stage
from tools.demo.flows.timeline import StepFailed, Timeline
from tools.demo.flows.visit import home_again
from tools.demo.settings import DemoSettings

ANSWERS_WITHIN_SECONDS = 30.0
A_GATEWAY_RESTS = timedelta(minutes=6)
PEERS = ("distributor", "invoicing", "register", "sms_gateway")


def main(names: Sequence[str], list_only: bool) -> int:
    """Play the named flows or chapters, or all; give the exit code: 0 when every step came in time."""
    console = Console()
    if list_only:
        list_flows(console)
        return 0
    try:
        flows = chosen(list(names))
    except KeyError as unknown:
        known = [each.name for each in CHAPTERS] + [each.name for each in FLOWS]
        console.print(f"There is no flow {unknown}. There are: {', '.join(known)}.", highlight=False)
        return 2
    return asyncio.run(play(flows, DemoSettings(), console))


def list_flows(console: Console) -> None:
    for chapter in CHAPTERS:
        console.print(f"[bold]{chapter.name}[/bold]", highlight=False)
        for flow in chapter.flows:
            console.print(f"  {flow.name:<20} {flow.says}", highlight=False, soft_wrap=True)


async def begin_as_usual(stage: Stage) -> None:
    """Take back what a person, or a demo that was killed, told the partners to do otherwise."""
    if await home_again(stage):
        stage.timeline.remark("The run's clock was on a visit; it is where it was again.")
    if folder_back(stage):
        stage.timeline.remark("The folder of the day's files was away; it is back.")
    if await queue_back(stage):
        stage.timeline.remark("A distributor's queue took no orders; it takes them again.")
    otherwise = [peer for peer in PEERS if stage.control(peer).path.exists()]
    for peer in otherwise:
        stage.control(peer).forget()
        stage.timeline.remark(f"The {peer} was told to behave otherwise; it works as usual again.")
    if "sms_gateway" in otherwise:
        await stage.pass_time(A_GATEWAY_RESTS)
    if await as_filed_again(stage):
        stage.timeline.remark("The register says of everybody what is filed again.")


async def play(flows: Sequence[Flow], settings: DemoSettings, console: Console) -> int:
    timeline = Timeline(console)
    failed: dict[str, StepFailed] = {}
    async with httpx.AsyncClient(timeout=ANSWERS_WITHIN_SECONDS) as http:
        stage = Stage(settings, http, timeline)
        await begin_as_usual(stage)
        for number, flow in enumerate(flows, start=1):
            timeline.heading(f"{number}/{len(flows)} {flow.name}", flow.says)
            try:
                await begin_by_day(stage)
                await flow.play(stage)
            except StepFailed as failure:
                timeline.failed(failure)
                failed[flow.name] = failure
    timeline.summary(failed, played=len(flows))
    return 1 if failed else 0
