"""What must hold: after every step what can be seen then, and at rest all (I1 to I29 of docs/chaos.md)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import Any

import bson

from services import SERVICES
from services.billing.domain.fees.account import CORRECTED
from shared.repository.audit.chain import breaks
from tests.simulation.outside import State
from tests.simulation.programs import CLOCK, FOLDER
from tests.simulation.world import World
from tests.support import test_seals
from tools.chaos.judging import invariants, pieces
from tools.chaos.judging.evidence import STATES, Evidence, hash_of_file

Row = dict[str, Any]
SAME_STATE: dict[State, str] = {
    "open": "sent", "acked": "acknowledged", "refused": "refused", "shortened": "confirmed",
    "despatched": "despatched", "delivered": "delivered", "undeliverable": "undeliverable",
    "cancelled": "cancelled",
}  # fmt: skip
NOT_HERE = frozenset({invariants.i2_no_line_is_used_more_often_than_prescribed})
"""Counts what was given back too; here withdrawals are given back, and `i2_i3` counts what stands."""
CHECKS = tuple(each for each in invariants.CHECKS if each not in NOT_HERE)


def rows(world: World, service: str, collection: str) -> list[Row]:
    return [bson.decode(each) for each in world.disks[service].documents[collection].values()]


def by_id(world: World, service: str, collection: str) -> dict[str, Row]:
    return {row["_id"]: row for row in rows(world, service, collection)}


NOTHING = Evidence(
    states={}, outbox={}, inbox={}, parked={}, audit={}, orders_booked=(), fees_booked=(), messages_booked=(),
    files={}, answers={}, outgoing=(),
)  # fmt: skip


def evidence(world: World) -> Evidence:
    """Show the chaos trials' own oracle what there is."""
    files = FOLDER.glob("egenavgift_*") if FOLDER.exists() else ()
    return replace(
        NOTHING,
        states={
            (service, name): by_id(world, service, name)
            for service, names in STATES.items()
            for name in names
        },
        outbox={each: rows(world, each, "outbox") for each in SERVICES},
        inbox={each: frozenset(world.disks[each].documents["inbox"]) for each in SERVICES},
        parked={each: rows(world, each, "parked") for each in SERVICES},
        audit={each: rows(world, each, "audit") for each in SERVICES},
        messages_booked=[{"reference": each.message_id} for each in world.messages],
        files={each.name: hash_of_file(each) for each in files},
    )


def wrong_now(world: World) -> list[str]:
    """Name what may not be so at any moment, whatever is under way."""
    return [
        *world.troubles,
        *world.distributor.troubles,
        *world.invoicing.troubles,
        *i2_i3_no_line_is_used_more_often_than_prescribed(world),
        *i6_no_order_comes_before_its_withdrawal(world),
        *i7_an_article_is_on_its_way_in_one_order(world),
        *i9_i10_every_piece_is_in_one_place(world),
    ]


def wrong_at_rest(world: World, accepted: dict[str, list[str]]) -> list[str]:
    """Name all that is wrong when everything is delivered; `accepted` are the clerks' own notes."""
    seen = evidence(world)
    subscriptions = [
        subscription for each in world.running for subscription in each.program.assembled.subscriptions.all
    ]
    found = [f"{each.__name__.partition('_')[0].upper()} {case}" for each in CHECKS for case in each(seen)]
    found += [f"I21 {case}" for case in invariants.unheard(seen, subscriptions)]
    for service in SERVICES:
        broken = breaks(seen.audit[service], test_seals().audit_keys(service))
        found += [f"I29 {service}: {case}" for case in broken]
    return [
        *wrong_now(world),
        *found,
        *i5_every_accepted_withdrawal_is_with_the_distributor(world, accepted),
        *i11_every_fee_comes_to_what_ordering_said_last(world),
        *i11_billing_heard_the_newest_price(world),
        *i14_no_fee_waits_after_its_day(world),
        *i15_every_fee_is_told_once(world),
        *i20_nothing_waits_to_be_told(world),
        *i22_all_services_and_the_distributor_say_the_same(world),
    ]


def i2_i3_no_line_is_used_more_often_than_prescribed(world: World) -> Iterator[str]:
    for allowance in rows(world, "ordering", "allowances"):
        for line in allowance["lines"]:
            used = line["used_by"]
            if len(set(used)) < len(used) or len(used) > line["withdrawals"]:
                yield f"I2 {line['line_id']}: {used} of {line['withdrawals']}"


def i6_no_order_comes_before_its_withdrawal(world: World) -> Iterator[str]:
    orders = world.disks["ordering"].documents["orders"]
    yield from (f"I6 {each}: is not ours" for each in world.distributor.known if each not in orders)


def i7_an_article_is_on_its_way_in_one_order(world: World) -> Iterator[str]:
    for allowance in rows(world, "ordering", "allowances"):
        blocked = Counter(each["article_no"] for each in allowance["on_the_way"])
        yield from (f"I7 {article}: in {count} orders" for article, count in blocked.items() if count > 1)


def i9_i10_every_piece_is_in_one_place(world: World) -> Iterator[str]:
    kept = {("inventory", name): by_id(world, "inventory", name) for name in STATES["inventory"]}
    seen = replace(NOTHING, states=kept)
    for check in pieces.AT_ANY_MOMENT:
        yield from (f"{invariants.number_of(check)} {case}" for case in check(seen))


def i14_no_fee_waits_after_its_day(world: World) -> Iterator[str]:
    for fee in rows(world, "billing", "fees"):
        if fee["stage"] == "deferred" and fee["entry"]["due_on"] < CLOCK.today().isoformat():
            yield f"I14 {fee['_id']}: was due on {fee['entry']['due_on']}"


def i5_every_accepted_withdrawal_is_with_the_distributor(
    world: World, accepted: dict[str, list[str]]
) -> Iterator[str]:
    known = world.distributor.known
    for withdrawal_no, order_nos in accepted.items():
        if [each for each in order_nos if each in known] != order_nos or len(order_nos) != 1:
            yield f"I5 {withdrawal_no}: {order_nos} accepted, not all are with the distributor"
    promised = set(chain.from_iterable(accepted.values()))
    yield from (f"I5 {each}: nobody was told of it" for each in known if each not in promised)


def i11_every_fee_comes_to_what_ordering_said_last(world: World) -> Iterator[str]:
    """Charges less what was taken back: what was sent, less when less came, or nothing (Q32)."""
    booked: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for fee in rows(world, "billing", "fees"):
        booked[fee["withdrawal_no"], fee["entry"]["fee_no"] % CORRECTED].append(fee)
    for withdrawal in rows(world, "ordering", "withdrawals"):
        due = {each["fee_no"]: each["amount"] for each in withdrawal["due"]}
        for fee in withdrawal["fees"]:
            number = fee["fee_no"]
            wanted = Decimal(0 if number in withdrawal["credited"] else due.get(number, fee["amount"]))
            pages = booked.pop((withdrawal["_id"], number), [])
            if not pages or sum(map(_counts, pages)) != wanted:
                stages = [(each["entry"]["fee_no"], each["entry"]["kind"], each["stage"]) for each in pages]
                yield f"I11 {withdrawal['_id']} {number}: {stages}, not {wanted}"
    orders = world.disks["ordering"].documents["device_orders"]
    yield from (f"I11 {each}: booked, and of no withdrawal" for each in booked if each[0] not in orders)


def i11_billing_heard_the_newest_price(world: World) -> Iterator[str]:
    accounts = {each["_id"]: each for each in rows(world, "billing", "accounts")}
    for withdrawal in rows(world, "ordering", "withdrawals"):
        if withdrawal["revision"]:
            heard = accounts.get(withdrawal["_id"], {}).get("repriced")
            if heard is None or heard["revision"] != withdrawal["revision"]:
                yield f"I11 {withdrawal['_id']}: revision {withdrawal['revision']}, heard {heard}"


def _counts(fee: Row) -> Decimal:
    if fee["stage"] == "removed":
        return Decimal(0)
    amount = Decimal(fee["entry"]["amount"]["amount"])
    return amount if fee["entry"]["kind"] == "charge" else -amount


def i15_every_fee_is_told_once(world: World) -> Iterator[str]:
    told = {each["_id"] for each in rows(world, "billing", "fees") if each["told_at"] is not None}
    yield from (f"I15 {each}: told and not booked alike" for each in told ^ set(world.invoicing.booked))


def i20_nothing_waits_to_be_told(world: World) -> Iterator[str]:
    for service in SERVICES:
        for row in rows(world, service, "outbox"):
            if row["published_at"] is None:
                yield f"I20 {service}: {row['topic']} {row['subject']} was never told"


def i22_all_services_and_the_distributor_say_the_same(world: World) -> Iterator[str]:
    orders = {each["_id"]: each for each in rows(world, "ordering", "orders")}
    for order_no, known in world.distributor.known.items():
        ours = orders[order_no]["state"] if order_no in orders else "unknown"
        if ours != SAME_STATE[known.state]:
            yield f"I22 {order_no}: {ours}, the distributor says {known.state}"
    counted = {
        line["line_id"]: sorted(line["used_by"])
        for allowance in rows(world, "ordering", "allowances")
        for line in allowance["lines"]
    }
    for prescription in rows(world, "prescription", "prescriptions"):
        for line in prescription["lines"]:
            used = sorted(set(line["sent"]) - set(line["given_back"]))
            if used != counted[line["line_id"]]:
                yield f"I22 {line['line_id']}: {used} and {counted[line['line_id']]}"
