"""What is done with devices while a service is killed: all ways from the shelf to the patient and back."""

from collections.abc import Callable, Sequence

from tests.simulation.clerk import Wish
from tests.simulation.device_clerk import STOREROOM, WAREHOUSE, DeviceClerks, device_clerks, order_nos
from tests.simulation.healing import start_who_is_down
from tests.simulation.kills import Job, all_again, ended
from tests.simulation.oracle import i9_i10_every_piece_is_in_one_place
from tests.simulation.resting import A_MINUTE_AND_MORE, calm
from tests.simulation.seed import BATTERY, FILTER, HOSE, MASK, seeded
from tests.simulation.world import World

OWN, CENTRAL, LATE, POWER, WORN = ("D101", "D102"), ("D201", "D202"), "D203", "D301", "D901"
ROUNDS, MOST_ACTS = 3, 6
"""So often everybody goes so far with each order before the others hear of it."""
EXCHANGED_IN = 1
"""In the second round each hand-over is known before the next: it is an exchange for what came then."""

Act = Callable[[World, DeviceClerks], None]


def play(world: World, clerks: DeviceClerks) -> None:
    """Play it.

    Two hand-outs, one of them by mistake, and one of a device that is gone; four orders: one is annulled,
    one waits and is exchanged for what the patient got before, one goes its way in parts, one is delivered
    home. A device is handed back and lent again, and another is set apart.
    """
    one, other = seeded().patients
    stock(clerks)
    all_again(world, clerks)
    made = [clerks.hand_out(one, OWN[0]), clerks.hand_out(other, OWN[0]), clerks.hand_out(other, OWN[1])]
    sent = [clerks.order(one, masks=2, joint=True), clerks.order(other), clerks.order(one)]
    clerks.order_home(other)
    all_again(world, clerks)
    for order_no in _numbers(made[:1]):
        clerks.regret(order_no)
    for order_no in _numbers(sent[1:2]):
        clerks.annul(order_no)
    for order_no in _numbers(sent[:1]):
        clerks.split(order_no)
    all_again(world, clerks)
    clerks.set_apart(OWN[0], "quarantine")
    clerks.exchanging = True
    for number in range(ROUNDS):
        for order_no in clerks.in_inventory():
            _as_far_as_possible(world, clerks, order_no)
            if number == EXCHANGED_IN:
                calm(world)
        _rest(world)
    clerks.hand_back(other.ref, OWN[1])
    clerks.receive_device(WAREHOUSE, LATE)
    clerks.receive(WAREHOUSE, MASK, quantity=2)
    all_again(world, clerks)
    clerks.hand_out(one, OWN[1])
    all_again(world, clerks)


def play_on(world: World, clerks: DeviceClerks) -> None:
    """Play it and more: a device gets a new label and is exchanged, one is never fetched, two collected."""
    play(world, clerks)
    one, other = seeded().patients
    clerks.renumber(OWN[1], WORN)
    clerks.set_apart(OWN[0], "shelf")
    last = clerks.order(other)
    all_again(world, clerks)
    _rest(world)
    for free in clerks.on_shelf(STOREROOM)[:1]:
        clerks.exchange(one.ref, free, WORN)
    for order_no in _numbers([last]):
        _never_fetched(world, clerks, order_no)
    all_again(world, clerks)
    _collected(world, clerks)


def _collected(world: World, clerks: DeviceClerks) -> None:
    """Exchange a device whose old one is collected, and order another one collected; both come."""
    free = clerks.on_shelf(STOREROOM)
    for (patient_ref, old), new in zip(clerks.lent()[:1], free, strict=False):
        clerks.exchange(patient_ref, new, old, is_collected=True)
    for patient_ref, device_no in clerks.lent()[1:2]:
        clerks.collect(patient_ref, device_no)
    all_again(world, clerks)
    for number, devices in clerks.to_collect().items():
        clerks.close_collection(number, *devices)
    all_again(world, clerks)


def _never_fetched(world: World, clerks: DeviceClerks, order_no: str) -> None:
    """Bring goods to the unit, and let nobody fetch them."""
    for _ in range(MOST_ACTS):
        if any(order_no == each for each, _ in clerks.at_unit()):
            clerks.not_fetched(order_no, STOREROOM)
            return
        clerks.carry_on(order_no)
        _rest(world)


def _as_far_as_possible(world: World, clerks: DeviceClerks, order_no: str) -> None:
    for _ in range(MOST_ACTS):
        done = clerks.carry_on(order_no)
        world.troubles += set(i9_i10_every_piece_is_in_one_place(world)) - set(world.troubles)
        if done is None or not done.is_well:
            return


def stock(clerks: DeviceClerks) -> None:
    """Receive CPAPs with hoses and filters into storeroom and warehouse, of two lots; one mask."""
    for storeroom_no, devices in ((STOREROOM, OWN), (WAREHOUSE, CENTRAL)):
        for device_no in devices:
            clerks.receive_device(storeroom_no, device_no)
        for article_no in (HOSE, FILTER):
            clerks.receive(storeroom_no, article_no, quantity=1, lot="A", best_before="2027-03-01")
            clerks.receive(storeroom_no, article_no, quantity=3, lot="B", best_before="2027-06-01")
    clerks.receive(WAREHOUSE, MASK, quantity=1)
    clerks.receive_device(WAREHOUSE, POWER, article_no=BATTERY)


def _numbers(wishes: Sequence[Wish | None]) -> list[str]:
    """Name the orders that were answered."""
    return [no for each in wishes if each is not None for no in order_nos(each.answer)]


def _rest(world: World) -> None:
    calm(world)
    start_who_is_down(world)
    world.advance(A_MINUTE_AND_MORE)


def played(*, copies: int = 1, newest_first: bool = False, act: Act = play) -> list[str]:
    """Play without a kill: with every message so often, or the newest delivered first."""
    world = seeded().world()
    world.bus.copies, world.newest_first = copies, newest_first
    clerks = device_clerks(world)
    act(world, clerks)
    return ended(world, clerks)


DEVICES = Job(device_clerks, play_on)
