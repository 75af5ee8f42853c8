"""How a world comes to rest: it is delivered and swept until nothing more is said, and a day is closed."""

from tests.simulation.outside import State
from tests.simulation.programs import CLOCK
from tests.simulation.world import World

HOUR = 3600.0
EVENING, MORNING = 20, 9
A_MINUTE_AND_MORE = 65.0
MOST_PASSES = 12
ONWARDS: dict[State, State] = {
    "open": "acked",
    "acked": "despatched",
    "shortened": "despatched",
    "despatched": "delivered",
}


def carry_on(world: World, order_no: str, *, steps: int) -> None:
    """Let the distributor take an order so far on its straight way."""
    for _ in range(steps):
        state = world.distributor.known[order_no].state
        if state in ONWARDS:
            world.distributor.act(order_no, ONWARDS[state])


def calm(world: World) -> None:
    """Deliver, sweep and let time pass until nothing more is said."""
    for _ in range(MOST_PASSES):
        said = world.commits
        world.advance(6)
        for running in list(world.running):
            world.sweep(running)
        world.deliver_all()
        for service in world.due:
            world.run_jobs(service)
        world.deliver_all()
        if world.commits == said:
            return


def close_the_day(world: World) -> None:
    """Go past the evening to the next morning: the day's file is written, and what waited is sent."""
    for hour in (EVENING, MORNING):
        world.run_jobs("billing")
        world.advance((hour - CLOCK.now().hour) % 24 * HOUR)
        calm(world)
