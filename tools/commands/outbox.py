"""The commands about orders that no queue of their distributor took."""

import asyncio
from typing import Annotated

import typer

ORDERS = "Order numbers, or the messages' ids, from the list."
outbox = typer.Typer(
    help="Orders that no queue of their distributor took: list, send, discard.", no_args_is_help=True
)


@outbox.command("list")
def outbox_list() -> None:
    """List what is set aside in every service."""
    from deploy.set_aside import list_aside
    from tools.commands.embedded import use_running_system

    use_running_system()
    raise typer.Exit(asyncio.run(list_aside()))


@outbox.command("send")
def outbox_send(
    orders: Annotated[list[str] | None, typer.Argument(help=f"{ORDERS} All when none is named.")] = None,
) -> None:
    """Send what was set aside, now that the distributor has its queue."""
    from deploy.set_aside import send_aside
    from tools.commands.embedded import use_running_system

    use_running_system()
    raise typer.Exit(asyncio.run(send_aside(orders or [])))


@outbox.command("discard")
def outbox_discard(orders: Annotated[list[str], typer.Argument(help=ORDERS)]) -> None:
    """Let what was set aside never be sent, such as an order that was annulled meanwhile."""
    from deploy.set_aside import discard_aside
    from tools.commands.embedded import use_running_system

    use_running_system()
    raise typer.Exit(asyncio.run(discard_aside(orders)))
