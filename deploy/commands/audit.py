"""The commands about the audit log: verify, extract."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer

audit = typer.Typer(
    help="The audit log: verify that nobody changed it, and give a patient an extract.", no_args_is_help=True
)
Moment = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="Swedish time.")
]


@audit.command()
def verify() -> None:
    """Check every service's log against its key and its signed heads.

    Ends with 0 when all are unbroken, 3 when one is broken, 1 when they could not be looked at.
    """
    from deploy.audit import verify
    from deploy.commands.embedded import use_running_system

    use_running_system()
    raise typer.Exit(asyncio.run(verify()))


@audit.command()
def extract(
    patient_ref: Annotated[str, typer.Argument(help="The patient's reference, never the number.")],
    since: Moment = None,
    until: Moment = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Print who did what with a patient's data, where and when (HSLF-FS 2016:40 4 kap 9 §)."""
    from deploy.audit import extract
    from deploy.commands.embedded import use_running_system

    use_running_system()
    wanted = extract(patient_ref, since=swedish(since), until=swedish(until), as_json=as_json)
    raise typer.Exit(asyncio.run(wanted))


def swedish(moment: datetime | None) -> datetime | None:
    from shared.domain.days import STOCKHOLM

    return moment.replace(tzinfo=STOCKHOLM) if moment else None
