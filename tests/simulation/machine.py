"""Everything that may happen, in any order: a machine for Hypothesis (I1 to I29 of docs/chaos.md)."""

from typing import Any, Literal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.notification.domain.outcomes import NotSent, Rejected, Unknown
from tests.simulation.clerk import Clerks
from tests.simulation.healing import carry_on, heal
from tests.simulation.oracle import wrong_at_rest, wrong_now
from tests.simulation.programs import CLOCK
from tests.simulation.seed import Patient, seeded
from tests.simulation.world import Running, World

WORKING = ("ordering", "notification", "billing", "prescription")
PICKS = st.integers(0, 30)
SERVICE = st.sampled_from(WORKING)
STATUSES: tuple[dict[str, Any], ...] = (
    {"protected": True},
    {"opted_out": True},
    {"deceased_on": "2026-11-20"},
    {},
)
OUTCOMES = (Unknown(), NotSent("http-503"), Rejected("http-400"))
LONGEST_DAYS = 3

OnTheBus = Literal["twice", "taken back", "ack lost", "confirm lost", "publish refused"]
ToAProcess = Literal["stopped", "answer lost", "another started", "killed"]


class Broken(AssertionError):
    """An invariant does not hold."""


class Simulation(RuleBasedStateMachine):
    """Picks are taken among what there is, so that every number means something and shrinks."""

    world: World
    clerks: Clerks

    @initialize(orders=st.integers(0, 2), steps=st.integers(0, 2))
    def begin(self, orders: int, steps: int) -> None:
        """Begin with orders that have gone some way already."""
        self.world = seeded().world()
        self.clerks = Clerks(self.world)
        self.patients = seeded().patients
        self.began = CLOCK.now()
        for patient in self.patients[:orders]:
            self.withdraw(patient, patient.drink, 0)
        self.world.deliver_all()
        for order_no in self.world.distributor.known:
            carry_on(self.world, order_no, steps=steps)
        self.world.deliver_all()

    @rule(patient=st.integers(0, 1), again=st.booleans(), pick=PICKS)
    def send_a_withdrawal(self, patient: int, again: bool, pick: int) -> None:
        who = self.patients[patient]
        self.withdraw(who, who.drink_again if again else who.drink, pick)

    def withdraw(self, patient: Patient, line_id: str, pick: int) -> None:
        running = self.free("ordering", pick)
        draft = self.clerks.draft(patient, line_id, running) if running else None
        running = self.free("ordering", pick)
        if draft and draft.is_well and running:
            self.clerks.sending(draft).ask(self.world, running)

    @precondition(lambda self: self.clerks.drafts())
    @rule(pick=PICKS, where=PICKS)
    def annul_a_withdrawal(self, pick: int, where: int) -> None:
        running = self.free("ordering", where)
        if running:
            self.clerks.annulling(chosen(self.clerks.drafts(), pick)).ask(self.world, running)

    @precondition(lambda self: self.clerks.wishes)
    @rule(pick=PICKS, where=PICKS)
    def ask_again_with_the_same_key(self, pick: int, where: int) -> None:
        wish = chosen(self.clerks.wishes, pick)
        running = self.free(wish.service, where)
        if running:
            wish.ask(self.world, running)

    @rule(patient=st.integers(0, 1), status=st.sampled_from((*STATUSES, None)), pick=PICKS)
    def change_the_patient_or_annul_a_line(
        self, patient: int, status: dict[str, Any] | None, pick: int
    ) -> None:
        running, who = self.free("prescription", pick), self.patients[patient]
        if running and status is None:
            self.clerks.annulling_line(who.drink_again).ask(self.world, running)
        elif running and status is not None:
            self.clerks.status(who.ref, **status).ask(self.world, running)

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

    @rule(service=SERVICE, after=st.integers(0, 24))
    def kill_at_a_fault_point(self, service: str, after: int) -> None:
        for running in self.world.of(service)[:1]:
            running.process.doomed_after = after

    @rule(service=SERVICE, what=st.sampled_from(ToAProcess.__args__), after=st.integers(0, 24))  # type: ignore[attr-defined]
    def trouble_a_process(self, service: str, what: ToAProcess, after: int) -> None:
        found = self.world.of(service)
        if what == "another started" and len(found) < len(WORKING):
            self.world.start(service)
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
        for service in WORKING:
            if not self.world.of(service):
                self.world.start(service)
            for running in self.world.free(service)[:1]:
                self.world.sweep(running)

    @rule(service=st.sampled_from(("notification", "billing", "ordering")))
    def do_what_is_due(self, service: str) -> None:
        self.world.run_jobs(service)

    @rule(seconds=st.sampled_from((0.3, 3.0, 61.0, 3600.0, 6 * 3600.0)))
    def let_time_pass(self, seconds: float) -> None:
        if (CLOCK.now() - self.began).days < LONGEST_DAYS:
            self.world.advance(seconds)

    @precondition(lambda self: self.to_act_on())
    @rule(pick=PICKS, which=PICKS, heard=st.booleans())
    def let_the_distributor_act(self, pick: int, which: int, heard: bool) -> None:
        order_no = chosen(self.to_act_on(), pick)
        self.world.distributor.act(order_no, chosen(self.world.distributor.steps(order_no), which))
        if heard:
            self.world.deliver_all()

    @precondition(lambda self: self.world.distributor.to_be_stopped)
    @rule(pick=PICKS)
    def let_the_distributor_answer_an_annulment(self, pick: int) -> None:
        self.world.distributor.answer_stop(chosen(self.world.distributor.to_be_stopped, pick))

    @precondition(lambda self: self.world.invoicing.booked)
    @rule(pick=PICKS, outcome=st.sampled_from(OUTCOMES))
    def let_invoicing_answer_and_the_gateway_fail(self, pick: int, outcome: Any) -> None:
        self.world.invoicing.acknowledge(chosen(list(self.world.invoicing.booked), pick))
        self.world.gateway_outcomes.append(outcome)

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

    def to_act_on(self) -> list[str]:
        distributor = self.world.distributor
        return [each for each in distributor.known if distributor.steps(each)]


def chosen(found: Any, pick: int) -> Any:
    return found[pick % len(found)]


def demand_nothing(wrong: list[str]) -> None:
    if wrong:
        raise Broken("\n".join(wrong))
