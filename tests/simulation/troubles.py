"""What goes wrong in every machine: a bus, processes and time that are as unkind as they may be."""

from datetime import datetime
from typing import Any, ClassVar, Literal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.simulation.healing import heal
from tests.simulation.oracle import wrong_at_rest, wrong_now
from tests.simulation.programs import CLOCK
from tests.simulation.world import Running, World

PICKS = st.integers(0, 30)
MOST_REPLICAS = 3
LONGEST_DAYS = 3

OnTheBus = Literal["twice", "taken back", "ack lost", "confirm lost", "publish refused"]
ToAProcess = Literal["stopped", "answer lost", "another started", "killed"]


class Broken(AssertionError):
    """An invariant does not hold."""


class Troubled(RuleBasedStateMachine):
    """Picks are taken among what there is, so that every number means something and shrinks."""

    working: ClassVar[tuple[str, ...]]
    """The services that are disturbed."""
    with_jobs: ClassVar[tuple[str, ...]]
    world: World
    clerks: Any
    began: datetime

    @precondition(lambda self: self.clerks.wishes)
    @rule(pick=PICKS, where=PICKS)
    def ask_again_with_the_same_key(self, pick: int, where: int) -> None:
        wish = chosen(self.clerks.wishes, pick)
        running = self.free(wish.service, where)
        if running:
            wish.ask(self.world, running)

    @precondition(lambda self: self.world.bus.waiting)
    @rule(pick=PICKS, where=PICKS)
    def deliver_any_message(self, pick: int, where: int) -> None:
        envelope = chosen(self.world.bus.waiting, pick)
        running = self.free(envelope.queue.partition(".")[0], where)
        if running:
            self.world.deliver(envelope, running)

    @precondition(lambda self: self.world.bus.waiting)
    @rule()
    def deliver_all_that_can_be(self) -> None:
        self.world.deliver_all()

    @rule(what=st.sampled_from(OnTheBus.__args__), pick=PICKS)  # type: ignore[attr-defined]
    def be_an_unkind_bus(self, what: OnTheBus, pick: int) -> None:
        bus = self.world.bus
        held = [each for each in bus.envelopes if each.holder]
        if what == "twice" and bus.envelopes:
            bus.duplicate(chosen(bus.envelopes, pick))
        elif what == "taken back" and held:
            bus.take_back(chosen(held, pick))
        elif what == "ack lost":
            bus.loses_acks += 1
        elif what == "confirm lost":
            bus.loses_confirms += 1
        elif what == "publish refused":
            bus.refuses += 1

    @rule(service=PICKS, after=st.integers(0, 24))
    def kill_at_a_fault_point(self, service: int, after: int) -> None:
        for running in self.world.of(chosen(self.working, service))[:1]:
            running.process.doomed_after = after

    @rule(service=PICKS, what=st.sampled_from(ToAProcess.__args__), after=st.integers(0, 24))  # type: ignore[attr-defined]
    def trouble_a_process(self, service: int, what: ToAProcess, after: int) -> None:
        name = chosen(self.working, service)
        found = self.world.of(name)
        if what == "another started" and len(found) <= MOST_REPLICAS:
            self.world.start(name)
        elif found and what == "stopped":
            found[0].process.stops_after = after
        elif found and what == "answer lost":
            found[0].connection.loses_answers += 1
        elif found and what == "killed":
            self.world.kill(chosen(found, after))

    @rule(pick=PICKS)
    def repair(self, pick: int) -> None:
        """Let one who stands still go on, start what is down, and sweep."""
        asleep = [each for each in self.world.running if each.process.stops_after is not None]
        if asleep:
            chosen(asleep, pick).process.wake()
            self.world.settle()
        for service in self.working:
            if not self.world.of(service):
                self.world.start(service)
            for running in self.world.free(service)[:1]:
                self.world.sweep(running)

    @rule(service=PICKS)
    def do_what_is_due(self, service: int) -> None:
        self.world.run_jobs(chosen(self.with_jobs, service))

    @rule(seconds=st.sampled_from((0.3, 3.0, 61.0, 3600.0, 6 * 3600.0)))
    def let_time_pass(self, seconds: float) -> None:
        if (CLOCK.now() - self.began).days < LONGEST_DAYS:
            self.world.advance(seconds)

    @invariant()
    def nothing_is_wrong_now(self) -> None:
        demand_nothing([*wrong_now(self.world), *self.clerks.troubles])

    def teardown(self) -> None:
        if not hasattr(self, "clerks"):
            return
        try:
            heal(self.world, self.clerks)
            demand_nothing([*wrong_at_rest(self.world, self.clerks.accepted), *self.clerks.troubles])
        finally:
            self.world.end()

    def free(self, service: str, pick: int) -> Running | None:
        free = self.world.free(service)
        return chosen(free, pick) if free else None


def chosen(found: Any, pick: int) -> Any:
    return found[pick % len(found)]


def demand_nothing(wrong: list[str]) -> None:
    if wrong:
        raise Broken("\n".join(wrong))
