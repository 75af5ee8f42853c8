"""The whole job, with a kill at each fault point that one service stands at, the first, the second ..."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from tests.simulation.clerk import Clerks
from tests.simulation.healing import heal, start_who_is_down
from tests.simulation.oracle import rows, wrong_at_rest
from tests.simulation.process import Process
from tests.simulation.resting import A_MINUTE_AND_MORE, calm, carry_on, close_the_day
from tests.simulation.seed import seeded
from tests.simulation.world import World

AT_THE_START = 2
"""Points that a process passes before it can be doomed: its first sweep."""


@dataclass(frozen=True)
class Kill:
    """One kill, and what was wrong afterwards."""

    service: str
    point: str
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Job:
    """What is done while a service is killed, and who does it."""

    clerks: Callable[[World], Any]
    play: Callable[[World, Any], None]


def kills(service: str, job: Job) -> Iterator[Kill]:
    """Kill the service at its first point, at its second, and so on to the last of the job."""
    number = 0
    while (kill := killed_after(service, number, job)) is not None:
        yield kill
        number += 1


def some_kills(service: str, job: Job, *, one_in: int) -> Iterator[Kill]:
    """Kill the service where it first stands at each point, and at one in so many of all."""
    passed = _passed(service, job)
    first = {passed.index(point) for point in passed}
    for place in sorted(first | set(range(0, len(passed), one_in))):
        if (kill := killed_after(service, place, job)) is not None:
            yield kill


def first_kills(service: str, points: Collection[str], job: Job) -> Iterator[Kill]:
    """Kill the service where it first stands at each of some points; what it never passes is left out."""
    passed = _passed(service, job)
    for place in sorted(passed.index(point) for point in points if point in passed):
        if (kill := killed_after(service, place, job)) is not None:
            yield kill


def killed_at(service: str, point: str, job: Job, *, hit: int = 1) -> Kill:
    """Kill the service where it stands at a point for the first, second ... time."""
    places = [place for place, each in enumerate(_passed(service, job)) if each == point]
    kill = killed_after(service, places[hit - 1], job)
    assert kill is not None
    assert kill.point == point
    return kill


def _passed(service: str, job: Job) -> list[str]:
    """Play the job without a kill, and name the points that the service stood at."""
    world = seeded().world()
    (process,) = [each.process for each in world.of(service)]
    job.play(world, job.clerks(world))
    world.end()
    return process.passed[AT_THE_START:]


def killed_after(service: str, points: int, job: Job) -> Kill | None:
    """Play the job with a kill after so many fault points; None when there are not so many."""
    world = seeded().world()
    clerks = job.clerks(world)
    (doomed,) = [each.process for each in world.of(service)]
    doomed.doomed_after = points
    job.play(world, clerks)
    wrong = tuple(ended(world, clerks))
    return (
        None if _outlived_it(doomed, points) else Kill(service, doomed.passed[points + AT_THE_START], wrong)
    )


def play(world: World, clerks: Clerks) -> None:
    """One withdrawal is delivered and one annulled; then the day is closed."""
    for patient in seeded().patients:
        if world.free("ordering"):
            clerks.draft(patient, patient.drink, world.free("ordering")[0])
        all_again(world, clerks)
        for draft in clerks.drafts()[-1:]:
            clerks.sending(draft)
        all_again(world, clerks)
    _everybody(world, lambda: clerks.annulling(clerks.drafts()[-1]))
    all_again(world, clerks)
    for order_no in world.distributor.to_be_stopped:
        world.distributor.answer_stop(order_no)
    for _ in range(3):
        for order_no in world.distributor.known:
            carry_on(world, order_no, steps=1)
        _everybody(world, lambda: calm(world))
    close_the_day(world)


FOODS = Job(Clerks, play)


def all_again(world: World, clerks: Clerks) -> None:
    """Everybody without an answer asks again, at whoever is there."""
    _everybody(world, lambda: calm(world))
    for wish in clerks.wishes:
        if not wish.is_well and world.free(wish.service):
            wish.ask(world, world.free(wish.service)[0])


def _everybody(world: World, act: Callable[[], object]) -> None:
    act()
    start_who_is_down(world)
    world.advance(A_MINUTE_AND_MORE)


def used_twice_and_given_back_once() -> list[str]:
    """Let one withdrawal of a line arrive, and annul the next one."""
    world = seeded().world()
    clerks, patient = Clerks(world), seeded().patients[0]
    for _ in range(2):
        draft = clerks.draft(patient, patient.drink, world.free("ordering")[0])
        clerks.sending(draft).ask(world, world.free("ordering")[0])
        calm(world)
        if len(world.distributor.known) == 1:
            carry_on(world, next(iter(world.distributor.known)), steps=3)
            calm(world)
    clerks.annulling(clerks.drafts()[-1]).ask(world, world.free("ordering")[0])
    return ended(world, clerks)


def delivered_short(
    *, doomed_after: int | None = None, is_told_backwards: bool = False, comes_twice: bool = False
) -> list[str]:
    """Let less come than was ordered: with a kill of billing, every message twice, or the last one first."""
    world = seeded().world()
    clerks, patient = Clerks(world), seeded().patients[0]
    draft = clerks.draft(patient, patient.drink, world.free("ordering")[0])
    clerks.sending(draft).ask(world, world.free("ordering")[0])
    if not is_told_backwards:
        calm(world)
    (order_no,) = world.distributor.known
    for state in ("acked", "shortened"):
        world.distributor.act(order_no, state)
        _hear(world, "ordering")
    if comes_twice:
        for envelope in world.bus.waiting:
            world.bus.duplicate(envelope)
    world.of("billing")[0].process.doomed_after = doomed_after
    for envelope in reversed(world.bus.waiting):
        if running := world.free(envelope.queue.partition(".")[0]):
            world.deliver(envelope, running[0])
    wrong = ended(world, clerks)
    revisions = [each["revision"] for each in rows(world, "ordering", "withdrawals")]
    return wrong if revisions == [1] else [*wrong, f"nothing came short: {revisions}"]


def _hear(world: World, service: str) -> None:
    """Deliver what waits for one service; the others hear later."""
    for envelope in world.bus.waiting:
        if envelope.queue.partition(".")[0] == service:
            world.deliver(envelope, world.free(service)[0])


def everything_comes_twice() -> list[str]:
    """Let every request be asked twice under its key, and every message be delivered twice."""
    world = seeded().world()
    clerks, patient = Clerks(world), seeded().patients[0]
    draft = clerks.draft(patient, patient.drink, world.free("ordering")[0])
    for wish in (draft, clerks.sending(draft)):
        for _ in range(2):
            wish.ask(world, world.free("ordering")[0])
    for envelope in world.bus.waiting:
        world.bus.duplicate(envelope)
    return ended(world, clerks)


def ended(world: World, clerks: Clerks) -> list[str]:
    heal(world, clerks)
    wrong = [*wrong_at_rest(world, clerks.accepted), *clerks.troubles]
    world.end()
    return wrong


def _outlived_it(process: Process, points: int) -> bool:
    return len(process.passed) <= points + AT_THE_START
