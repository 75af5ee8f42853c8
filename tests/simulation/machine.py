"""Foods, and whatever may happen, in any order: a machine for Hypothesis (I1 to I29 of docs/chaos.md)."""

from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from services.notification.domain.outcomes import NotSent, Rejected, Unknown
from tests.simulation.clerk import Clerks
from tests.simulation.programs import CLOCK
from tests.simulation.resting import carry_on
from tests.simulation.seed import Patient, seeded
from tests.simulation.troubles import PICKS, Troubled, chosen

STATUSES: tuple[dict[str, Any], ...] = (
    {"protected": True},
    {"opted_out": True},
    {"deceased_on": "2026-11-20"},
    {},
)
OUTCOMES = (Unknown(), NotSent("http-503"), Rejected("http-400"))


class Simulation(Troubled):
    """Withdrawals of two patients, and what the distributor and invoicing do with them."""

    working: ClassVar[tuple[str, ...]] = ("ordering", "notification", "billing", "prescription")
    with_jobs: ClassVar[tuple[str, ...]] = ("notification", "billing", "ordering")
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

    @rule(patient=st.integers(0, 1), status=st.sampled_from((*STATUSES, None)), pick=PICKS)
    def change_the_patient_or_annul_a_line(
        self, patient: int, status: dict[str, Any] | None, pick: int
    ) -> None:
        running, who = self.free("prescription", pick), self.patients[patient]
        if running and status is None:
            self.clerks.annulling_line(who.drink_again).ask(self.world, running)
        elif running and status is not None:
            self.clerks.status(who.ref, **status).ask(self.world, running)

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

    def to_act_on(self) -> list[str]:
        distributor = self.world.distributor
        return [each for each in distributor.known if distributor.steps(each)]
