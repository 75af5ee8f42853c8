"""The end of every run: trouble stops, everybody is there again, and all that waits is carried through."""

from services import SERVICES
from tests.simulation.clerk import Clerks
from tests.simulation.resting import A_MINUTE_AND_MORE, calm, close_the_day
from tests.simulation.world import World


def heal(world: World, clerks: Clerks) -> None:
    """Bring the world to rest, with every order delivered or over and the day closed."""
    stop_the_trouble(world)
    world.advance(A_MINUTE_AND_MORE)
    for wish in clerks.wishes:
        wish.repeat_until_answered(world)
    calm(world)
    clerks.finish()
    calm(world)
    close_the_day(world)


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
