"""The command line of ./sesam: each command calls the module that does the work."""

import asyncio
import os
from typing import Annotated

import typer

from tools.commands.audit import audit
from tools.commands.chaos import app as chaos
from tools.commands.imports import imports
from tools.commands.keys import keys
from tools.commands.outbox import outbox
from tools.commands.parked import parked

HELP = "Öppna Sesam: prescribe, order, deliver and invoice special foods and assistive devices."
PortBase = Annotated[
    int,
    typer.Option(
        "--port-base", envvar="SESAM_PORT_BASE", min=1024, max=65000, help="First of the 14 ports used."
    ),
]

app = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False, rich_markup_mode=None)
app.add_typer(parked, name="parked")
app.add_typer(outbox, name="outbox")
app.add_typer(imports, name="import")
app.add_typer(chaos, name="chaos")
app.add_typer(audit, name="audit")
app.command()(keys)
bench_ = typer.Typer()
app.add_typer(bench_, name="bench")


@app.command()
def run(port_base: PortBase = 8100) -> None:
    """Start everything on this machine and stay until Ctrl-C."""
    from tools.commands.embedded import run

    raise typer.Exit(run(port_base))


@app.command()
def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase the embedded system's data."""
    from tools.commands.embedded import reset

    raise typer.Exit(reset(ask=not yes))


@bench_.callback(invoke_without_command=True)
def bench(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    turns: Annotated[int, typer.Option(min=1, help="Turns of system and floor; medians are told.")] = 3,
    orders: Annotated[int, typer.Option(min=32, help="Orders per turn.")] = 1024,
    per_second: Annotated[float, typer.Option(min=1, help="Pace of the latency part.")] = 60.0,
) -> None:
    """Measure the main job against a floor of bare drivers, in one run."""
    from tools.commands.bench import bench

    if context.invoked_subcommand is None:
        raise typer.Exit(bench(as_json=as_json, turns=turns, orders=orders, per_second=per_second))


@bench_.command("devices")
def devices(
    turns: Annotated[int, typer.Option(min=1, help="Turns of system and floor; medians are told.")] = 3,
    orders: Annotated[int, typer.Option(min=32, help="Orders per turn.")] = 512,
) -> None:
    """Measure orders of devices up to reservation and pick list, for many articles and for one."""
    from tools.commands.bench import devices

    raise typer.Exit(devices(turns=turns, orders=orders))


@bench_.command("catalogue")
def catalogue(
    articles: Annotated[int, typer.Option(min=1_000, help="Articles in the catalogue.")] = 100_000,
) -> None:
    """Measure searches among a region's devices, and what is free of a page of hits."""
    from tools.commands.bench import catalogue

    raise typer.Exit(catalogue(articles=articles))


@bench_.command("growth")
def growth(
    size: Annotated[
        int, typer.Option(min=6_000, help="Withdrawals in the large database; a tenth in the small one.")
    ] = 30_000,
) -> None:
    """Ask what doors and jobs ask in two databases; fails when more data makes one slower."""
    from tools.commands.bench import growth

    raise typer.Exit(growth(size))


@app.command()
def clock(
    moment: Annotated[str | None, typer.Argument(help="Swedish time, such as 2026-11-23T10:00.")] = None,
    real: Annotated[bool, typer.Option("--real", help="Follow the real time again.")] = False,
) -> None:
    """Show or set the embedded system's clock."""
    from tools.commands.clock import clock

    raise typer.Exit(clock(moment, real=real))


@app.command()
def demo(
    names: Annotated[
        list[str] | None, typer.Argument(help="Flows to play; all of them when none is named.")
    ] = None,
    list_only: Annotated[bool, typer.Option("--list", help="Name the flows and play none.")] = False,
) -> None:
    """Play the main job against the running system and print its timeline."""
    from tools.commands.embedded import use_running_system
    from tools.demo.flows import main

    if not list_only:
        use_running_system()
    raise typer.Exit(main(names or [], list_only))


PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command(context_settings=PASS_ON)
def test(context: typer.Context) -> None:
    """Run every test, on real servers; what follows is passed on to pytest."""
    from tools.commands.quality import test

    raise typer.Exit(test(context.args))


@app.command()
def check() -> None:
    """Check format, lint, types, layers and documents, and run the fast tests."""
    from tools.commands.quality import check

    raise typer.Exit(check())


@app.command()
def fuzz(
    cases: Annotated[int, typer.Option("--cases", min=100, help="How many requests.")] = 20_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed asks the same.")] = 20_261_123,
) -> None:
    """Send generated requests to all five services in memory; no 5xx, nothing undocumented."""
    from tools.commands.fuzz import fuzz

    raise typer.Exit(fuzz(cases=cases, seed=seed))


@app.command()
def mutate(
    where: Annotated[
        list[str] | None, typer.Argument(help="Modules of rules or folders of them; all when none is named.")
    ] = None,
    rules: Annotated[int, typer.Option("--rules", min=1, help="How many wrong rules.")] = 220,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed plants the same.")] = 20_261_129,
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="Let the tests of all other folders look too.")
    ] = False,
) -> None:
    """Plant wrong rules one by one in a copy, and see whether the tests notice; takes hours."""
    from tools.commands.mutate import mutate

    raise typer.Exit(mutate(where or [], rules=rules, seed=seed, everywhere=everywhere))


@app.command()
def fix() -> None:
    """Correct format and lint where that can be done by itself."""
    from tools.commands.quality import fix

    raise typer.Exit(fix())


@app.command()
def docs(
    check: Annotated[bool, typer.Option("--check", help="Only say whether they are stale.")] = False,
) -> None:
    """Write the documents that are made from the code."""
    from tools.docs import main

    raise typer.Exit(main(check))


@app.command()
def topology(
    tests: Annotated[
        int | None, typer.Option("--tests", min=0, help="For this many test workers instead.")
    ] = None,
) -> None:
    """Print RabbitMQ's definitions: exchanges, queues, bindings, policies, users.

    Load them into a broker of yours with `rabbitmqctl import_definitions`.
    """
    from tools.commands.topology import topology

    raise typer.Exit(topology(test_workers=tests))


@app.command()
def replay(
    since: Annotated[
        str,
        typer.Option(
            "--since",
            help="A day, or a moment such as 2026-11-23T10:00 (Swedish time) or 2026-11-23T09:00:30Z.",
        ),
    ],
    services: Annotated[
        list[str] | None, typer.Option("--service", help="Only this service's facts.")
    ] = None,
) -> None:
    """Publish the facts again that were kept since a moment, after a broker lost its disk."""
    from deploy.operations import replay_since
    from services import SERVICES
    from tools.commands.embedded import use_running_system
    from tools.embedded.refusals import one_of

    wanted = [one_of(each, SERVICES, what="service") for each in services or SERVICES]
    use_running_system()
    raise typer.Exit(asyncio.run(replay_since(since, services=wanted)))


def main() -> None:
    from tools.commands.troubles import main as run_in_words

    os.umask(0o077)
    run_in_words(app)


if __name__ == "__main__":
    main()
