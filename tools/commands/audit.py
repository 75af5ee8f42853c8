"""The commands about the audit log: verify, extract."""

import asyncio
from typing import Annotated

import typer

audit = typer.Typer(
    help="The audit log: verify that nobody changed it, and give a patient an extract.", no_args_is_help=True
)
FORMS = "A day, or a moment such as 2026-11-23T10:00 (Swedish time) or 2026-11-23T09:00:30Z."


@audit.command()
def verify(
    full: Annotated[
        bool, typer.Option("--full", help="From the start; a run that was broken off is gone on with.")
    ] = False,
) -> None:
    """Check every service's log against its key and its signed heads, from where the last run came to.

    Ends with 0 when all are unbroken, 3 when one is broken, 1 when they could not be looked at.
    """
    from deploy.audit import verify
    from tools.commands.embedded import use_running_system

    use_running_system()
    raise typer.Exit(asyncio.run(verify(full=full)))


@audit.command()
def extract(
    patient_ref: Annotated[str, typer.Argument(help="The patient's reference, never the number.")],
    since: Annotated[str | None, typer.Option(help=f"From when on. {FORMS}")] = None,
    until: Annotated[
        str | None, typer.Option(help="Until when: through a day's end, or before a moment.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Print who did what with a patient's data, where and when (HSLF-FS 2016:40 4 kap 9 §)."""
    from deploy.audit import extract
    from tools.commands.embedded import use_running_system

    use_running_system()
    raise typer.Exit(asyncio.run(extract(patient_ref, since=since, until=until, as_json=as_json)))
