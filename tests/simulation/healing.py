"""The end of every run: trouble stops, everybody is there again, and all that waits is carried through."""

from services import SERVICES
from tests.simulation.clerk import Clerks
from tests.simulation.outside import State
from tests.simulation.programs import CLOCK
from tests.simulation.world import World

HOUR = 3600.0
EVENING, MORNING = 20, 9
A_MINUTE_AND_MORE = 65.0
ONWARDS: dict[State, State] = {
    "open": "acked",
    "acked": "despatched",
    "shortened": "despatched",
    "despatched": "delivered",
}


def heal(world: World, clerks: Clerks) -> None:
    """Bring the world to rest, with every order delivered or over and the day closed."""
    stop_the_trouble(world)
    world.advance(A_MINUTE_AND_MORE)
    for wish in clerks.wishes:
        wish.repeat_until_answered(world)
    calm(world)
    for order_no in world.distributor.to_be_stopped:
        world.distributor.answer_stop(order_no)
    calm(world)
    for order_no in world.distributor.known:
        carry_on(world, order_no, steps=len(ONWARDS))
    calm(world)
    close_the_day(world)


def carry_on(world: World, order_no: str, *, steps: int) -> None:
    """Let the distributor take an order so far on its straight way."""
    for _ in range(steps):
        state = world.distributor.known[order_no].state
        if state in ONWARDS:
            world.distributor.act(order_no, ONWARDS[state])


def stop_the_trouble(world: World) -> None:
    world.bus.loses_acks = world.bus.loses_confirms = world.bus.refuses = 0
    world.gateway_outcomes.clear()
    for running in list(world.running):
        running.process.doomed_after = None
        running.connection.loses_answers = 0
        running.process.wake()
    world.settle()
    start_who_is_down(world)


def start_who_is_down(world: World) -> None:
    for service in SERVICES:
        if not world.of(service):
            world.start(service)


def calm(world: World) -> None:
    """Deliver, sweep and let time pass until nothing more is said."""
    for _ in range(6):
        said = world.commits
        world.advance(6)
        for running in list(world.running):
            world.sweep(running)
        world.deliver_all()
        for service in ("notification", "billing"):
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
        calm(world)
