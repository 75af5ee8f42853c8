"""More of the numbered invariants: those that compare one service's data with another's."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from services import SERVICES
from shared.domain.days import local_day
from shared.events.ordering import OrderAnnulled, OrderDelivered, OrderUndeliverable, WithdrawalSent
from shared.events.prescription import PatientChanged
from tools.chaos.judging.evidence import Evidence, Row

Check = Callable[[Evidence], Iterator[str]]

OVER = frozenset({OrderDelivered.topic, OrderUndeliverable.topic, OrderAnnulled.topic})
FUTURE = "poison-future-"
ENDS = frozenset({"sent", "rejected", "unknown", "suppressed", "expired"})


def i3_nothing_is_withdrawn_that_is_not_prescribed(evidence: Evidence) -> Iterator[str]:
    lines = lines_of(evidence)
    for withdrawal in sent(evidence):
        for item in withdrawal["choice"]["items"]:
            prescription, line = lines.get(item["line_id"], ({}, {}))
            yield from (
                f"{withdrawal['_id']} {item['line_id']}: {why}"
                for why in against(withdrawal, prescription, line)
            )


def against(withdrawal: Row, prescription: Row, line: Row) -> Iterator[str]:
    on = withdrawal["sent_on"]
    if not line:
        yield "no such line"
        return
    if not prescription["registered_on"] <= on <= prescription["valid_through"]:
        yield f"sent on {on}, valid {prescription['registered_on']} to {prescription['valid_through']}"
    if prescription["product_area"] != withdrawal["product_area"]:
        yield f"of the area {prescription['product_area']}, sent as {withdrawal['product_area']}"
    if prescription["patient_ref"] != withdrawal["patient_ref"]:
        yield "another patient's"
    if line["annulment"] and line["annulment"]["on"] < on:
        yield f"annulled on {line['annulment']['on']}, sent on {on}"


def i7_an_article_on_its_way_is_not_ordered_again(evidence: Evidence) -> Iterator[str]:
    """Follow ordering's facts along their time, but for stretches of it that came twice."""
    articles = {line_id: line["article_no"] for line_id, (_, line) in lines_of(evidence).items()}
    kept = evidence.of("ordering", "withdrawals")
    waiting: dict[str, set[str]] = {}
    over: set[str] = set()
    """Also what is over before it was sent, by a clock that was set back in between."""
    blocked: dict[tuple[str, str], str] = {}
    told = [row for row in evidence.outbox["ordering"] if row["topic"] in {WithdrawalSent.topic, *OVER}]
    # of the same moment: what ends first, for nothing tells in which order they were
    for row in sorted(told, key=lambda each: (each["committed_at"], each["topic"] == WithdrawalSent.topic)):
        fact = json.loads(row["body"])
        number = str(fact["withdrawal_no"])
        if row["topic"] == WithdrawalSent.topic:
            waiting[number] = set(fact["order_nos"]) - over
            for line_id in {line["line_id"] for line in fact["lines"]}:
                block = (fact["patient_ref"], articles.get(line_id, line_id))
                other = blocked.setdefault(block, number)
                passed = kept.get(number, {}).get("passed_on") or came_twice(row["committed_at"], evidence)
                if other != number and waiting.get(other) and not passed:
                    yield f"{number}: {block[1]} was on its way in {other}"
                blocked[block] = number
        else:
            over.add(fact["order_no"])
            waiting.get(number, set()).discard(fact["order_no"])


def came_twice(at: str, evidence: Evidence) -> bool:
    return any(first <= at <= last for first, last in evidence.twice)


def i14_a_fee_is_taken_back_once(evidence: Evidence) -> Iterator[str]:
    """What is credited was charged, is not removed too, and is credited once with the same amount."""
    fees = evidence.of("billing", "fees")
    credits_ = [fee["entry"] for fee in fees.values() if fee["entry"]["kind"] == "credit"]
    for event_id, count in Counter(each["reverses"] for each in credits_).items():
        if count > 1:
            yield f"{event_id}: credited {count} times"
    for each in credits_:
        charge = fees.get(each["reverses"])
        if charge is None or charge["stage"] == "removed":
            yield f"{each['event_id']}: credits what is not charged"
        elif charge["entry"]["amount"] != each["amount"]:
            yield f"{each['event_id']}: credits another amount than was charged"
    gone = {each["reverses"] for each in credits_} | {
        key for key, fee in fees.items() if fee["stage"] == "removed"
    }
    for withdrawal in evidence.of("ordering", "withdrawals").values():
        for fee_no in withdrawal["credited"]:
            if not any(_is(fees[key]["entry"], withdrawal["_id"], fee_no) for key in gone if key in fees):
                yield f"{withdrawal['_id']}: fee {fee_no} is given back, and still charged"


def _is(entry: Row, withdrawal_no: str, fee_no: int) -> bool:
    return bool(entry["withdrawal_no"] == withdrawal_no and entry["fee_no"] == fee_no)


def i16_a_day_is_a_day_in_stockholm(evidence: Evidence) -> Iterator[str]:
    for batch in evidence.of("billing", "batches").values():
        day = local_day(moment(batch["created_at"])).isoformat()
        if not batch["day"] == day == f"{batch['_id'][:4]}-{batch['_id'][4:6]}-{batch['_id'][6:8]}":
            yield f"batch {batch['_id']} of {batch['day']}: made on {day}"
    days = {each["_id"]: each["day"] for each in evidence.of("billing", "batches").values()}
    for fee in evidence.of("billing", "fees").values():
        due_on, day = fee["entry"]["due_on"], days.get(fee["batch"], "")
        if fee["batch"] and due_on > day:
            yield f"fee {fee['_id']}: in the file of {day}, due on {due_on}"
    for row in evidence.outbox["ordering"]:
        fact = json.loads(row["body"]) if row["topic"] == WithdrawalSent.topic else None
        if fact and local_day(moment(fact["sent_at"])).isoformat() != fact["sent_on"]:
            yield f"{fact['withdrawal_no']}: sent at {fact['sent_at']}, on {fact['sent_on']}"


def i18_nobody_withheld_or_dead_is_told(evidence: Evidence) -> Iterator[str]:
    """A message that the gateway got after the change was committed; the dead count for I19 too."""
    since: dict[str, datetime] = {}
    for row in evidence.outbox["prescription"]:
        fact = json.loads(row["body"]) if row["topic"] == PatientChanged.topic else {}
        if fact.get("protected") or fact.get("deceased_on"):
            since.setdefault(fact["patient_ref"], moment(row["committed_at"]))
    messages = evidence.of("notification", "messages")
    for booked in evidence.messages_booked:
        message = messages.get(str(booked["reference"]), {})
        began = since.get(message.get("patient_ref", ""))
        if began and moment(booked["at"]) > began:
            yield f"{booked['reference']}: sent at {booked['at']}, the patient is withheld since {began}"


def i22_every_copy_is_what_its_owner_has(evidence: Evidence) -> Iterator[str]:
    """Whatever came late or in another order, the newest version stands everywhere."""
    owned = evidence.of("inventory", "articles")
    devices = {number for number, row in owned.items() if row.get("device")}
    foods = owned.keys() - devices
    kept_in = (
        ("prescription", "articles", foods),
        ("ordering", "articles", foods),
        ("ordering", "device_articles", devices),
        ("billing", "article_names", owned.keys()),
    )
    for service, collection, numbers in kept_in:
        copies = evidence.of(service, collection)
        for number in sorted(numbers):
            version, copied = owned[number]["version"], copies.get(number, {}).get("version")
            if copied != version:
                yield f"{service}: article {number} is {copied}, inventory has {version}"
    patients = {
        ref: row for ref, row in evidence.of("prescription", "patients").items() if not row["merged_into"]
    }
    for ref, patient in patients.items():
        known = evidence.of("ordering", "allowances").get(ref, {}).get("person") or {}
        if known.get("version") != patient["version"]:
            yield f"ordering: patient {ref} is {known.get('version')}, prescription has {patient['version']}"


def i23_the_same_word_twice_is_one_effect(evidence: Evidence) -> Iterator[str]:
    for order in evidence.of("ordering", "orders").values():
        yield from twice(order["_id"], (each["message_id"] for each in order["replies"]))
    for line_id, (_, line) in lines_of(evidence).items():
        yield from twice(line_id, line["sent"])
    for account in evidence.of("billing", "accounts").values():
        yield from twice(account["_id"], (each["fee_no"] for each in account["reversals"]))


def twice(what: str, names: Iterable[object]) -> Iterator[str]:
    yield from (f"{what}: {name} counts {many} times" for name, many in Counter(names).items() if many > 1)


def i25_who_wakes_up_late_changes_nothing(evidence: Evidence) -> Iterator[str]:
    """A message's history has one sending, and no attempt after its end but by another way."""
    for message in evidence.of("notification", "messages").values():
        steps = [step["what"] for step in message["history"]]
        if steps.count("sent") > 1:
            yield f"{message['_id']}: sent {steps.count('sent')} times"
        for before, after in pairwise(steps):
            if before in ENDS and after == "attempting":
                yield f"{message['_id']}: attempted after it was {before}"


def i27_a_fact_from_the_future_is_parked(evidence: Evidence) -> Iterator[str]:
    for service, rows in evidence.parked.items():
        for row in rows:
            if row["message_id"].startswith(FUTURE) and (row["state"] != "parked" or not row["reason"]):
                yield f"{service}: {row['message_id']} is {row['state']}"
    for service in SERVICES:
        yield from (
            f"{service}: {key} counts as heard" for key in evidence.inbox[service] if f"|{FUTURE}" in key
        )


def i28_nobody_is_named(evidence: Evidence) -> Iterator[str]:
    yield from evidence.leaks


def lines_of(evidence: Evidence) -> dict[str, tuple[Row, Row]]:
    prescriptions = evidence.of("prescription", "prescriptions").values()
    return {line["line_id"]: (each, line) for each in prescriptions for line in each["lines"]}


def sent(evidence: Evidence) -> list[Row]:
    return [each for each in evidence.of("ordering", "withdrawals").values() if each["order_nos"]]


def moment(text: Any) -> datetime:
    return datetime.fromisoformat(str(text))


PROMISES: tuple[Check, ...] = (
    i3_nothing_is_withdrawn_that_is_not_prescribed,
    i7_an_article_on_its_way_is_not_ordered_again,
    i14_a_fee_is_taken_back_once,
    i16_a_day_is_a_day_in_stockholm,
    i18_nobody_withheld_or_dead_is_told,
    i22_every_copy_is_what_its_owner_has,
    i23_the_same_word_twice_is_one_effect,
    i25_who_wakes_up_late_changes_nothing,
    i27_a_fact_from_the_future_is_parked,
    i28_nobody_is_named,
)
