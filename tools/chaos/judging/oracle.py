"""Judges a trial: compares what clerks wanted with the databases and with what partners received."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from services.notification.gateways.whole_file import name_of
from tools.chaos.clerks.intents import Intent
from tools.chaos.judging.evidence import Evidence, Row
from tools.chaos.judging.findings import Findings

NOTICE = "delivery-notice:"
ENDED_MESSAGES = frozenset({"sent", "delivered", "unknown", "rejected", "suppressed", "expired", "by_hand"})
SENT = frozenset({"ordered", "delivered", "annulled"})
ORDER = "order.v1"
OVER = frozenset({"invoiced", "credited", "removed", "nothing_due"})
"""Stages after which nothing more comes of a fee."""
WRITTEN = frozenset({"letter", "email"})


def judge(intents: Sequence[Intent], evidence: Evidence, *, whole: bool) -> Findings:
    """Compare; `whole` also looks for what no intent explains, when the intents are all there were."""
    found = Findings()
    booked = Booked(evidence)
    for intent in intents:
        if intent.outcome == "unknown" and not intent.impatient:
            found.stuck.append(f"{intent.key}: asked until patience ended: {intent.why}")
        if intent.outcome == "failed":
            found.stuck.append(f"{intent.key}: refused, though nothing spoke against it: {intent.why}")
        _judge_one(intent, evidence, booked, found)
    if whole:
        _unexplained(intents, evidence, booked, found)
    found.copies = booked.copies
    return found


class Booked:
    """What the partners wrote down, by what it is about."""

    def __init__(self, evidence: Evidence) -> None:
        self.orders: dict[str, list[Row]] = defaultdict(list)
        self.fees: dict[str, list[Row]] = defaultdict(list)
        self.copies = 0
        for entry in evidence.orders_booked:
            if entry["what"] in {"asked", "asked-again"} and entry["body"]["type"] == ORDER:
                self.orders[entry["body"]["order_no"]].append(entry)
        for entry in evidence.fees_booked:
            if entry["what"] in {"asked", "asked-again"}:
                self.fees[entry["body"]["source"]["uttag"]].append(entry)
        self.messages = Counter(str(entry["reference"]) for entry in evidence.messages_booked)
        self._outgoing = Counter(name.partition(".")[0] for name in evidence.outgoing)
        for entries in self.orders.values():
            self.copies += len(entries) - 1

    def notices(self, message: Row | None, reference: str) -> int:
        """Count what left for the patient: by the gateway, and as letters or e-mails."""
        written = message is not None and message["channel"] in WRITTEN
        return self._outgoing[name_of(reference, "")] if written else self.messages[reference]

    def fees_of(self, withdrawal_no: str) -> dict[str, list[Row]]:
        by_event: dict[str, list[Row]] = defaultdict(list)
        for entry in self.fees.get(withdrawal_no, []):
            by_event[entry["body"]["event_id"]].append(entry)
        return by_event


def content(entry: Row) -> Mapping[str, Any]:
    """Give what was said: a fee that is sent again is another message with the same words (S46)."""
    apart = {"copy"} if entry["body"].get("type") == ORDER else {"copy", "message_id"}
    return {name: value for name, value in entry["body"].items() if name not in apart}


def _judge_one(intent: Intent, evidence: Evidence, booked: Booked, found: Findings) -> None:
    if intent.withdrawal_no is None:
        return
    who = f"{intent.key} ({intent.withdrawal_no})"
    withdrawal = evidence.of("ordering", "withdrawals").get(intent.withdrawal_no)
    if withdrawal is None:
        found.lost.append(f"{who}: the draft was answered and is not there")
        return
    orders = orders_of(intent.withdrawal_no, evidence)
    if not orders:
        if intent.outcome == "ok":
            found.lost.append(f"{who}: the sending was answered and is not there")
        found.unexpected += [f"{who}: unsent, yet {what}" for what in effects(intent.withdrawal_no, booked)]
        return
    if intent.outcome != "ok":
        found.recovered.append(who)
    _judge_sending(who, intent, orders, booked, found)
    for order_no, order in orders.items():
        _judge_order(who, order_no, order, booked, found)
        _judge_notice(who, order, evidence, booked, found)
    if intent.net is None:
        _judge_fees(who, withdrawal, evidence, booked, found)
    else:
        judge_net(who, intent, evidence, booked, found)
    _judge_end(who, withdrawal, intent, evidence, found)


def _judge_sending(
    who: str, intent: Intent, orders: Mapping[str, Row], booked: Booked, found: Findings
) -> None:
    if len(orders) > 1:
        found.doubled.append(f"{who}: orders {', '.join(orders)}")
    if len(set(intent.answers)) > 1:
        found.broken.append(f"I26 {who}: the same key got {len(set(intent.answers))} answers")
    if intent.silent and any(booked.messages[f"{NOTICE}{each}"] for each in orders):
        found.broken.append(f"I19 {who}: a message to a patient who wants none")


def orders_of(withdrawal_no: str, evidence: Evidence) -> dict[str, Row]:
    orders = evidence.of("ordering", "orders")
    return {number: order for number, order in orders.items() if order["withdrawal_no"] == withdrawal_no}


def effects(withdrawal_no: str, booked: Booked) -> Iterator[str]:
    if booked.fees.get(withdrawal_no):
        yield "invoicing has a fee"


def _judge_order(who: str, order_no: str, order: Row, booked: Booked, found: Findings) -> None:
    got = booked.orders.get(order_no, [])
    if not got:
        found.lost.append(f"{who}: the distributor has no order {order_no}")
        return
    if any(content(entry) != content(got[0]) for entry in got):
        found.doubled.append(f"{who}: the distributor has order {order_no} in two wordings")
    wanted = {line["article_no"]: line["packages"] for line in order["lines"]}
    told = {line["article_no"]: line["quantity"] for line in got[0]["body"]["lines"]}
    if wanted != told:
        found.broken.append(f"I5 {who}: ordered {wanted}, told the distributor {told}")


def _judge_notice(who: str, order: Row, evidence: Evidence, booked: Booked, found: Findings) -> None:
    order_no = order["_id"]
    reference = f"{NOTICE}{order_no}"
    message = evidence.of("notification", "messages").get(reference)
    got = booked.notices(message, reference)
    if got > 1:
        found.doubled.append(f"{who}: {got} messages for order {order_no}")
    if order["despatched_at"] is None:
        return  # delivered before the despatch was consumed: there is nothing left to announce
    if message is None:
        found.lost.append(f"{who}: no notice of order {order_no} was ever written")
    elif message["state"] not in ENDED_MESSAGES:
        found.stuck.append(f"{who}: the notice of {order_no} is {message['state']}")
    elif message["state"] == "sent" and got == 0:
        found.lost.append(f"{who}: the notice of {order_no} counts as sent and the gateway has none")
    elif message["state"] == "unknown":
        found.unnotified += 1
        _demand_task(who, message, evidence, found)


def _demand_task(who: str, message: Row, evidence: Evidence, found: Findings) -> None:
    """An unknown outcome must be before a person's eyes (Q24)."""
    if f"message:{message['_id']}" not in evidence.of("notification", "tasks"):
        found.stuck.append(f"{who}: nobody is told that the outcome of {message['_id']} is unknown")


def _judge_fees(who: str, withdrawal: Row, evidence: Evidence, booked: Booked, found: Findings) -> None:
    number = withdrawal["_id"]
    priced = sorted(str(fee["amount"]) for fee in withdrawal["fees"])
    fees = [
        fee
        for fee in evidence.of("billing", "fees").values()
        if fee["withdrawal_no"] == number and fee["entry"]["kind"] == "charge"
    ]
    ledger = sorted(fee["entry"]["amount"]["amount"] for fee in fees)
    if len(ledger) < len(priced):
        found.lost.append(f"{who}: priced {priced}, the ledger has {ledger}")
    elif ledger != priced:
        found.doubled.append(f"{who}: priced {priced}, the ledger has {ledger}")
    got = booked.fees_of(number)
    missing = [fee["_id"] for fee in fees if fee["_id"] not in got]
    found.lost += [f"{who}: invoicing has no fee {each}" for each in missing]
    if len(got) > len(fees):
        found.doubled.append(f"{who}: invoicing has {len(got)} fees, the ledger {len(fees)}")
    for event_id, entries in got.items():
        if any(content(each) != content(entries[0]) for each in entries):
            found.doubled.append(f"{who}: fee {event_id} was told in two wordings")
    waiting = [fee["stage"] for fee in fees if fee["stage"] != "invoiced"]
    found.stuck += [f"{who}: a fee is {stage}" for stage in waiting]


def judge_net(who: str, intent: Intent, evidence: Evidence, booked: Booked, found: Findings) -> None:
    """Judge what an operation has corrected, waived or stopped: the sum here and at invoicing (I14)."""
    wanted, number = Decimal(intent.net or 0), intent.withdrawal_no or ""
    fees = [fee for fee in evidence.of("billing", "fees").values() if fee["withdrawal_no"] == number]
    net = sum((signed(fee["entry"]) for fee in fees if fee["stage"] != "removed"), Decimal(0))
    told = {event_id: entries[0]["body"] for event_id, entries in booked.fees_of(number).items()}
    at_invoicing = sum((signed(each) for each in told.values()), Decimal(0))
    found.stuck += [f"{who}: a fee is {fee['stage']}" for fee in fees if fee["stage"] not in OVER]
    for where, amount in (("the ledger", net), ("invoicing", at_invoicing)):
        if amount != wanted:
            (found.lost if amount > wanted else found.doubled).append(
                f"{who}: {where} has {amount} kr, {wanted} kr is due"
            )


def signed(entry: Row) -> Decimal:
    """Give what an entry adds: the ledger keeps an amount with its currency, invoicing gets it as text."""
    kept = entry["amount"]
    amount = Decimal(kept["amount"] if isinstance(kept, dict) else kept)
    return amount if entry["kind"] == "charge" else -amount


def _judge_end(who: str, withdrawal: Row, intent: Intent, evidence: Evidence, found: Findings) -> None:
    if withdrawal["state"] not in SENT:
        found.broken.append(f"I4 {who}: a sent withdrawal is {withdrawal['state']}")
    elif withdrawal["state"] != intent.ends:
        found.stuck.append(f"{who}: the withdrawal is {withdrawal['state']}")
    for item in withdrawal["choice"]["items"]:
        prescription = evidence.of("prescription", "prescriptions").get(item["line_id"].rpartition("-")[0])
        lines = prescription["lines"] if prescription else []
        counted = [line["sent"] for line in lines if line["line_id"] == item["line_id"]]
        if counted != [[withdrawal["_id"]]]:
            found.stuck.append(f"{who}: prescription counts {counted} for {item['line_id']}")


def _unexplained(intents: Sequence[Intent], evidence: Evidence, booked: Booked, found: Findings) -> None:
    """Find effects that nobody asked for."""
    known = {intent.withdrawal_no for intent in intents}
    orders = evidence.of("ordering", "orders")
    for order_no in booked.orders:
        if order_no not in orders:
            found.unexpected.append(f"the distributor has order {order_no}, which ordering has not (I6)")
    for number, withdrawal in evidence.of("ordering", "withdrawals").items():
        if withdrawal["order_nos"] and number not in known:
            found.unexpected.append(f"withdrawal {number} was sent, which nobody asked for")
    messages = evidence.of("notification", "messages")
    for reference in booked.messages:
        if reference not in messages:
            found.unexpected.append(f"the gateway has {reference}, which notification has not")
        if reference.startswith(NOTICE) and reference.removeprefix(NOTICE) not in orders:
            found.unexpected.append(f"the gateway has {reference}, of no order")
    for number in booked.fees:
        if not evidence.of("ordering", "withdrawals").get(number, {}).get("order_nos"):
            found.unexpected.append(f"invoicing has a fee for {number}, which was never sent")
