"""The commands about messages that failed and were set aside."""

import asyncio
from typing import Annotated

import typer

MESSAGE = "The short name from the list, or the message's id."
parked = typer.Typer(
    help="Messages that failed and were set aside: list, show, replay, discard.", no_args_is_help=True
)


@parked.command("list")
def parked_list(
    every_state: Annotated[bool, typer.Option("--all", help="Also the replayed and the discarded.")] = False,
) -> None:
    """List what is parked in every service."""
    from deploy.operations import list_parked
    from tools.commands.embedded import use_running_system

    use_running_system()
    raise typer.Exit(asyncio.run(list_parked(every_state=every_state)))


@parked.command("show")
def parked_show(message: Annotated[str, typer.Argument(help=MESSAGE)]) -> None:
    """Show one parked message with its reason and stack."""
    from deploy.operations import show_parked
    from tools.commands.embedded import use_running_system

    use_running_system()
    raise typer.Exit(asyncio.run(show_parked(message)))


@parked.command("replay")
def parked_replay(message: Annotated[str, typer.Argument(help=MESSAGE)]) -> None:
    """Send one parked message to its handler again."""
    from deploy.operations import replay_parked
    from tools.commands.embedded import use_running_system

    use_running_system()
    raise typer.Exit(asyncio.run(replay_parked(message)))


@parked.command("discard")
def parked_discard(
    message: Annotated[str, typer.Argument(help=MESSAGE)],
    because: Annotated[str, typer.Option("--because", help="Why it will never be handled.")],
) -> None:
    """Set one parked message aside for good; it stays readable."""
    from deploy.operations import discard_parked
    from tools.commands.embedded import use_running_system

    use_running_system()
    raise typer.Exit(asyncio.run(discard_parked(message, because=because)))
