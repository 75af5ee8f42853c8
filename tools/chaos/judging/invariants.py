"""The numbered invariants that a finished trial must fulfil, one function each (docs/chaos.md)."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain

from services import SERVICES
from shared.events.inventory import ArticleChanged
from shared.events.ordering import WithdrawalSent
from shared.messaging.consuming import Subscription
from shared.messaging.relay import REFILLED_FOR
from shared.partners import Order
from shared.repository.audit.chain import breaks
from shared.sealed import Seals
from tools.chaos.judging.evidence import Evidence, Row
from tools.chaos.judging.pieces import PIECES
from tools.chaos.judging.promises import PROMISES, Check, moment, sent

POISON = "poison-"
IGNORED = frozenset(
    {
        ("ordering", "prescription.line_ended.v1"),
        ("ordering", "inventory.device_loss_reported.v1"),
        ("prescription", "tasks.task_raised.v1"),
    }
)
"""Facts for which a consumer may do nothing, such as a task without a care unit: it stores no inbox row."""


def broken(evidence: Evidence, *, subscriptions: Sequence[Subscription], seals: Seals) -> list[str]:
    """Name every invariant that does not hold, with the case."""
    found = [f"{number_of(check)} {case}" for check in (*CHECKS, *PROMISES) for case in check(evidence)]
    found += [f"I21 {case}" for case in unheard(evidence, subscriptions)]
    found += [
        f"I29 {service}: {case}"
        for service in SERVICES
        for case in breaks(evidence.audit[service], seals.audit_keys(service))
    ]
    return found


def number_of(check: Check) -> str:
    return check.__name__.partition("_")[0].upper()


def i1_flavours_sum_up_to_the_prescribed_packages(evidence: Evidence) -> Iterator[str]:
    prescribed = {
        line["line_id"]: line["packages"]
        for each in evidence.of("prescription", "prescriptions").values()
        for line in each["lines"]
    }
    for withdrawal in sent(evidence):
        for item in withdrawal["choice"]["items"]:
            packages = [share["packages"] for share in item["split"]]
            if sum(packages) != prescribed.get(item["line_id"]) or min(packages) < 1:
                yield f"{withdrawal['_id']} {item['line_id']}: {packages}"


def i2_no_line_is_used_more_often_than_prescribed(evidence: Evidence) -> Iterator[str]:
    used = Counter(
        item["line_id"]
        for each in sent(evidence)
        for item in each["choice"]["items"]
        if item["line_id"] not in each["given_back"]
    )
    for prescription in evidence.of("prescription", "prescriptions").values():
        for line in prescription["lines"]:
            if used[line["line_id"]] > line["withdrawals"]:
                yield f"{line['line_id']}: {used[line['line_id']]} of {line['withdrawals']}"


def i5_a_sent_withdrawal_has_one_order(evidence: Evidence) -> Iterator[str]:
    orders = Counter(order["withdrawal_no"] for order in evidence.of("ordering", "orders").values())
    for withdrawal in sent(evidence):
        if orders[withdrawal["_id"]] != 1:
            yield f"{withdrawal['_id']}: {orders[withdrawal['_id']]} orders"


def i8_no_line_is_delivered_twice(evidence: Evidence) -> Iterator[str]:
    for order in evidence.of("ordering", "orders").values():
        for line in order["lines"]:
            if line["delivered"] > line["packages"]:
                yield f"{order['_id']}: {line['delivered']} of {line['packages']} delivered"


def i11_a_withdrawal_has_each_fee_once(evidence: Evidence) -> Iterator[str]:
    entries = Counter(
        (fee["withdrawal_no"], fee["entry"]["fee_no"], fee["entry"]["kind"])
        for fee in evidence.of("billing", "fees").values()
    )
    yield from (f"{key}: {count}" for key, count in entries.items() if count > 1)


def i12_a_fee_is_in_one_file_at_most(evidence: Evidence) -> Iterator[str]:
    batches = evidence.of("billing", "batches")
    listed = Counter(chain.from_iterable(each["event_ids"] for each in batches.values()))
    yield from (f"{event_id}: in {count} files" for event_id, count in listed.items() if count > 1)
    for fee in evidence.of("billing", "fees").values():
        if (fee["batch"] is not None) != (listed[fee["_id"]] == 1):
            yield f"{fee['_id']}: says {fee['batch']}, is listed {listed[fee['_id']]} times"


def i13_a_file_is_what_its_batch_says(evidence: Evidence) -> Iterator[str]:
    fees = evidence.of("billing", "fees")
    names = set()
    for batch in evidence.of("billing", "batches").values():
        name = f"egenavgift_{batch['_id']}.jsonl"
        names.add(name)
        if batch["written"] and name not in evidence.files:
            yield f"{name}: counts as written and is not there"
        if batch["written"] and evidence.files.get(name) != batch["sha256"]:
            yield f"{name}: its content is not what the batch says"
        total = sum((_signed(fees[each]) for each in batch["event_ids"] if each in fees), Decimal(0))
        if total != Decimal(batch["total"]["amount"]):
            yield f"{batch['_id']}: {total} in the ledger, {batch['total']['amount']} in the batch"
        for ends, digest in batch["copies"]:
            copy = f"egenavgift_{batch['_id']}{ends}"
            names.add(copy)
            if batch["written"] and evidence.files.get(copy) != digest:
                yield f"{copy}: its content is not what the batch says"
    yield from (f"{name}: of no batch" for name in evidence.files if name.removesuffix(".tmp") not in names)


def i15_no_fee_disappears(evidence: Evidence) -> Iterator[str]:
    charged = {fee["withdrawal_no"] for fee in evidence.of("billing", "fees").values()}
    for account in evidence.of("billing", "accounts").values():
        if account["charged"] and account["_id"] not in charged:
            yield f"{account['_id']}: charged, without an entry"


def i17_an_order_has_one_notice_at_most(evidence: Evidence) -> Iterator[str]:
    got = Counter(str(each["reference"]) for each in evidence.messages_booked)
    yield from (f"{reference}: {count}" for reference, count in got.items() if count > 1)


def i20_a_fact_is_told_exactly_when_its_change_is_kept(evidence: Evidence) -> Iterator[str]:
    outbox, before = evidence.outbox["ordering"], _told_no_longer(evidence)
    for topic, subject in ((WithdrawalSent.topic, "_id"), (Order.topic, "order_nos")):
        told = Counter(row["subject"] for row in outbox if row["topic"] == topic)
        days = {
            each: date.fromisoformat(row["sent_on"])
            for row in sent(evidence)
            for each in ([row[subject]] if subject == "_id" else row[subject])
        }
        kept = Counter(days.keys())
        yield from (
            f"{topic} {key}: kept {kept[key]}, told {told[key]}"
            for key in told | kept
            if told[key] != kept[key] and not (told[key] == 0 and days[key] <= before)
        )


def _told_no_longer(evidence: Evidence) -> date:
    """Give the day up to which what was published may be gone: a trial's clock may run months ahead."""
    told = [moment(row["committed_at"]) for rows in evidence.outbox.values() for row in rows]
    return (max(told) - REFILLED_FOR).date() if told else date.min


def i24_nothing_is_parked_that_is_sound(evidence: Evidence) -> Iterator[str]:
    for service, rows in evidence.parked.items():
        for row in rows:
            if row["state"] == "parked" and not row["message_id"].startswith(POISON):
                yield f"{service}: {row['_id']} {row['reason']}"


def i31_replies_about_an_order_take_effect_in_the_order_they_were_sent(evidence: Evidence) -> Iterator[str]:
    """Each conversation of the distributor for itself: a copy that it answers apart is another."""
    said: dict[str, tuple[str, int]] = {}
    for entry in evidence.orders_booked:
        if entry["what"] == "answered":
            said.setdefault(entry["body"]["message_id"], (entry["key"], entry["number"]))
    for order in evidence.of("ordering", "orders").values():
        heard: dict[str, list[int]] = {}
        for key, number in (
            said[each["message_id"]] for each in order["replies"] if each["message_id"] in said
        ):
            heard.setdefault(key, []).append(number)
        yield from (f"{key}: {numbers}" for key, numbers in heard.items() if numbers != sorted(numbers))


def unheard(evidence: Evidence, subscriptions: Sequence[Subscription]) -> Iterator[str]:
    """Find facts that were committed and that a consumer has no inbox row of."""
    for subscription in subscriptions:
        if subscription.partner_exchange or (subscription.service, subscription.topic) in IGNORED:
            continue
        marks = {
            _message_of(key)
            for key in evidence.inbox[subscription.service]
            if key.startswith(f"{subscription.queue}|")
        }
        for row in chain.from_iterable(evidence.outbox.values()):
            if row["topic"] != subscription.topic or _is_ignored(subscription, row):
                continue
            if row["_id"] not in marks:
                yield f"{subscription.queue} has not heard {row['_id']} ({json.dumps(row['subject'])})"


def _is_ignored(subscription: Subscription, row: Row) -> bool:
    """Prescription keeps no copy of a device: what may be prescribed there are foods and consumables."""
    if (subscription.service, subscription.topic) != ("prescription", ArticleChanged.topic):
        return False
    return json.loads(row["body"]).get("device") is not None


def _message_of(key: str) -> str:
    """Take the message's id out of an inbox row's: a handler may have split its cause into parts."""
    return key.partition("|")[2].partition(":")[0]


def _signed(fee: Row) -> Decimal:
    amount = Decimal(fee["entry"]["amount"]["amount"])
    return amount if fee["entry"]["kind"] == "charge" else -amount


CHECKS: tuple[Check, ...] = (
    i1_flavours_sum_up_to_the_prescribed_packages,
    i2_no_line_is_used_more_often_than_prescribed,
    i5_a_sent_withdrawal_has_one_order,
    i8_no_line_is_delivered_twice,
    i11_a_withdrawal_has_each_fee_once,
    i12_a_fee_is_in_one_file_at_most,
    i13_a_file_is_what_its_batch_says,
    i15_no_fee_disappears,
    i17_an_order_has_one_notice_at_most,
    i20_a_fact_is_told_exactly_when_its_change_is_kept,
    i24_nothing_is_parked_that_is_sound,
    i31_replies_about_an_order_take_effect_in_the_order_they_were_sent,
    *PIECES,
)
