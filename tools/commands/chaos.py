"""The commands that disturb a system of their own on purpose: sweep and soak."""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tools.embedded.processes import end_as_by_ctrl_c

if TYPE_CHECKING:
    from tools.chaos.plan import Trouble
    from tools.chaos.sweep import Round

app = typer.Typer(
    help="Kill and disturb a system of its own on real servers, and see that nothing is lost or doubled.",
    no_args_is_help=True,
)


@app.callback()
def prepare() -> None:
    """Stop everything that was started, however the command ends."""
    end_as_by_ctrl_c()


Seed = Annotated[int | None, typer.Option("--seed", help="Repeat what an earlier run decided by chance.")]
Folder = Annotated[Path | None, typer.Option("--folder", help="Where databases, logs and the ledger go.")]


@app.command("sweep")
def sweep(
    points: Annotated[
        list[str] | None,
        typer.Option("--points", help="Only points that begin so, such as ordering.commit; may be repeated."),
    ] = None,
    seed: Seed = None,
    folder: Folder = None,
    list_only: Annotated[bool, typer.Option("--list", help="Name the kills and do none.")] = False,
    one_by_one: Annotated[
        bool, typer.Option("--alone", help="One kill in a round: three times as long.")
    ] = False,
) -> None:
    """Kill every process with -9 at every fault point, on the first and the second hit."""
    from tools.chaos.points import chosen
    from tools.chaos.sweep import alone, together

    visits = chosen(points or [])
    if list_only:
        for visit in visits:
            print(f"{visit.name} #{visit.hit}  ({visit.drive})")
        raise typer.Exit
    seed = seed_or_new(seed)
    rounds = alone(visits) if one_by_one else together(visits, seed=seed)
    raise typer.Exit(asyncio.run(swept(rounds, seed, room(folder))))


@app.command("soak")
def soak(
    *,
    minutes: Annotated[float, typer.Option("--minutes", min=0.5, help="How long troubles come.")] = 10,
    faults: Annotated[int, typer.Option("--faults", min=0, help="How many troubles.")] = 60,
    withdrawals: Annotated[int, typer.Option("--withdrawals", min=1, help="At least so many.")] = 100,
    seed: Seed = None,
    plan: Annotated[
        Path | None, typer.Option("--plan", exists=True, help="Play this plan, or an earlier ledger's.")
    ] = None,
    folder: Folder = None,
) -> None:
    """Let clerks work during random failures: kills, stops, lost confirms, a wiped broker."""
    from tools.chaos.plan import made, read
    from tools.chaos.points import every_visit

    seed = seed_or_new(seed)
    points = sorted({visit.name for visit in every_visit() if visit.drive == "job"})
    troubles = read(plan) if plan else made(faults, seed=seed, over_seconds=minutes * 60, points=points)
    raise typer.Exit(asyncio.run(soaked(troubles, seed, withdrawals, room(folder))))


async def soaked(troubles: "list[Trouble]", seed: int, withdrawals: int, folder: Path) -> int:
    from tools.chaos.judging import ledger
    from tools.chaos.nemesis import Nemesis
    from tools.chaos.processes.proxy import Proxy
    from tools.chaos.soak import Soak
    from tools.chaos.trial import Trial

    print(f"soak: {len(troubles)} troubles, seed {seed}, everything in {folder}", flush=True)
    async with Trial(folder, name=f"soak-{seed}", proxied=True) as trial:
        proxy: Proxy = trial.proxy
        nemesis = Nemesis(trial.system, proxy, began=trial.system.began, drives=trial.drives)
        run = await Soak(trial, nemesis, seed=seed, at_least=withdrawals).run(troubles)
    totals = {
        "seed": seed,
        "troubles": dict(Counter(name.partition(" ")[0] for name in nemesis.made)),
        "played": nemesis.made,
        "waited_in_vain": len(nemesis.waited),
        "never_reached": nemesis.missed,
        "commands_failed": nemesis.commands_failed,
        "proxy": proxy.counts,
        **trial.intents.counts(),
        "drained_seconds": round(run.drained_seconds, 1),
        "seconds": round(run.seconds),
        "plan": [each.model_dump() for each in troubles],
    }
    return 0 if ledger.close(run.findings, totals, path=folder / "ledger.json") else 1


async def swept(rounds: "Sequence[Round]", seed: int, folder: Path) -> int:
    from tools.chaos.judging import ledger
    from tools.chaos.sweep import Sweep, plan_of
    from tools.chaos.trial import Trial

    started, kills = time.monotonic(), sum(map(len, rounds))
    print(f"sweep: {kills} kills in {len(rounds)} rounds, seed {seed}, everything in {folder}", flush=True)
    async with Trial(folder, name=f"sweep-{seed}") as trial:
        run = Sweep(trial, tell=ledger.Progress(len(rounds)).tell)
        await run.run(rounds)
        findings = await trial.verdict()
    for outcome in run.outcomes:
        findings.add(outcome.findings)
    totals = {
        "seed": seed,
        **ledger.sweep_totals(run.outcomes),
        **trial.intents.counts(),
        "seconds": round(time.monotonic() - started),
        "plan": plan_of(rounds),
    }
    return 0 if ledger.close(findings, totals, path=folder / "ledger.json") else 1


def seed_or_new(seed: int | None) -> int:
    return time.time_ns() % 1_000_000 if seed is None else seed


def room(folder: Path | None) -> Path:
    """Give the folder that was named, else a new one."""
    return folder.resolve() if folder else Path(tempfile.mkdtemp(prefix="sesam-chaos-"))
