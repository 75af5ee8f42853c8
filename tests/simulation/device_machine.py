"""Devices, and whatever may happen with them, in any order: a machine for Hypothesis (I9, I10, I14)."""

from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.simulation.device_clerk import STOREROOM, WAREHOUSE, DeviceClerks, device_clerks
from tests.simulation.device_jobs import stock
from tests.simulation.programs import CLOCK
from tests.simulation.seed import FILTER, HOSE, MASK, seeded
from tests.simulation.troubles import PICKS, Troubled, chosen

PATIENT = st.integers(0, 1)
PLACE = st.sampled_from((STOREROOM, WAREHOUSE))
MOST_ORDERS = 8


class DeviceSimulation(Troubled):
    """Two patients, a storeroom and a warehouse with few pieces, so that orders wait and compete."""

    working: ClassVar[tuple[str, ...]] = ("inventory", "ordering", "billing")
    with_jobs: ClassVar[tuple[str, ...]] = ("inventory", "billing", "ordering")
    clerks: DeviceClerks

    @initialize(orders=st.integers(0, 2))
    def begin(self, orders: int) -> None:
        """Begin with filled shelves, and some orders on their way."""
        self.world = seeded().world()
        self.clerks = device_clerks(self.world)
        self.patients = seeded().patients
        self.began = CLOCK.now()
        stock(self.clerks)
        self.world.deliver_all()
        for number in range(orders):
            self.clerks.order(self.patients[number], masks=1, joint=bool(number))
        self.world.deliver_all()

    @rule(place=PLACE, number=st.integers(301, 304))
    def receive_a_device(self, place: str, number: int) -> None:
        self.clerks.receive_device(place, f"D{number}")

    @rule(place=PLACE, article_no=st.sampled_from((HOSE, FILTER, MASK)), quantity=st.integers(1, 3))
    def receive_goods(self, place: str, article_no: str, quantity: int) -> None:
        self.clerks.receive(place, article_no, quantity=quantity)

    @rule(patient=PATIENT, masks=st.integers(0, 2), joint=st.booleans(), home=st.booleans())
    def order_a_device(self, patient: int, masks: int, joint: bool, home: bool) -> None:
        if len(self.clerks.in_inventory()) >= MOST_ORDERS:
            return
        if home:
            self.clerks.order_home(self.patients[patient])
        else:
            self.clerks.order(self.patients[patient], masks=masks, joint=joint)

    @rule(patient=PATIENT, pick=PICKS)
    def hand_out_a_device(self, patient: int, pick: int) -> None:
        devices = self.clerks.on_shelf(STOREROOM)
        if devices:
            self.clerks.hand_out(self.patients[patient], chosen(devices, pick))

    @precondition(lambda self: self.clerks.in_inventory())
    @rule(pick=PICKS, heard=st.booleans())
    def do_what_comes_next(self, pick: int, heard: bool) -> None:
        self.clerks.carry_on(chosen(self.clerks.in_inventory(), pick))
        if heard:
            self.world.deliver_all()

    @precondition(lambda self: self.clerks.in_inventory())
    @rule(pick=PICKS, split=st.booleans())
    def annul_or_split_an_order(self, pick: int, split: bool) -> None:
        order_no = chosen(self.clerks.in_inventory(), pick)
        (self.clerks.split if split else self.clerks.annul)(order_no)

    @precondition(lambda self: self.clerks.lent())
    @rule(pick=PICKS)
    def hand_a_device_back(self, pick: int) -> None:
        self.clerks.hand_back(*chosen(self.clerks.lent(), pick))

    @precondition(lambda self: self.clerks.lent())
    @rule(pick=PICKS, other=PICKS, is_collected=st.booleans())
    def exchange_a_device(self, pick: int, other: int, is_collected: bool) -> None:
        patient_ref, old = chosen(self.clerks.lent(), pick)
        devices = self.clerks.on_shelf(STOREROOM)
        if devices:
            self.clerks.exchange(patient_ref, chosen(devices, other), old, is_collected=is_collected)

    @precondition(lambda self: self.clerks.lent())
    @rule(pick=PICKS)
    def order_a_device_collected(self, pick: int) -> None:
        self.clerks.collect(*chosen(self.clerks.lent(), pick))

    @precondition(lambda self: self.clerks.to_collect())
    @rule(pick=PICKS, came=st.booleans(), annulled=st.booleans())
    def close_or_annul_a_collection(self, pick: int, came: bool, annulled: bool) -> None:
        number, devices = chosen(sorted(self.clerks.to_collect().items()), pick)
        if annulled:
            self.clerks.annul_collection(number)
        else:
            self.clerks.close_collection(number, *(devices if came else ()))

    @precondition(lambda self: self.clerks.at_unit())
    @rule(pick=PICKS, place=PLACE, fetched=st.booleans())
    def end_what_waits_at_the_unit(self, pick: int, place: str, fetched: bool) -> None:
        """It is handed over in exchange for something that the patient has, or never fetched."""
        order_no, patient_ref = chosen(self.clerks.at_unit(), pick)
        had = [device_no for whose, device_no in self.clerks.lent() if whose == patient_ref]
        if fetched and had:
            self.clerks.hand_over(order_no, old=chosen(had, pick))
        elif not fetched:
            self.clerks.not_fetched(order_no, place)

    @rule(pick=PICKS, to=st.sampled_from(("quarantine", "shelf")))
    def set_a_device_apart_or_release_it(self, pick: int, to: str) -> None:
        if devices := self.clerks.devices():
            self.clerks.set_apart(chosen(devices, pick), to)

    @rule(pick=PICKS, number=st.integers(901, 903), replaced=st.booleans())
    def give_a_device_another_number(self, pick: int, number: int, replaced: bool) -> None:
        """A worn label is replaced, or the supplier sends another device for it."""
        if devices := self.clerks.devices():
            act = self.clerks.replace if replaced else self.clerks.renumber
            act(chosen(devices, pick), f"D{number}")

    @precondition(lambda self: self.clerks.handed_out())
    @rule(pick=PICKS)
    def take_back_a_mistake(self, pick: int) -> None:
        self.clerks.regret(chosen(self.clerks.handed_out(), pick))
