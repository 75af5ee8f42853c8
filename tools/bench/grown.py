"""Databases of a given size, as years of work leave them: what is over grows, what is open is today's.

The documents are varied and are made by the services' own types and codec, so that they are what is kept.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from types import MappingProxyType
from typing import Any

from pymongo import MongoClient
from pymongo.collection import Collection as Place

from services.billing.domain.fees.ledger import Entry, Fee, Stage, event_id_of
from services.billing.domain.fees.withdrawal import Withdrawal as BilledWithdrawal
from services.billing.domain.files.batch import Batch
from services.billing.repository.collections import BATCHES, FEES
from services.billing.repository.collections import WITHDRAWALS as BILLED
from services.notification.domain.message import Message
from services.notification.domain.message import State as MessageState
from services.notification.domain.task import Task
from services.notification.repository.collections import MESSAGES, TASKS
from services.ordering.domain.allowance import Allowance
from services.ordering.domain.allowance import Line as AllowedLine
from services.ordering.domain.delivery import Delivery
from services.ordering.domain.order import Order, OrderedLine
from services.ordering.domain.order import State as OrderState
from services.ordering.domain.withdrawal import Choice, Item, Withdrawal
from services.ordering.domain.withdrawal import State as WithdrawalState
from services.ordering.repository.collections import ALLOWANCES, ORDERS, WITHDRAWALS
from services.prescription.application.sealing import name_keys
from services.prescription.domain.patients.copies import Copy
from services.prescription.domain.patients.patients import Patient, Status
from services.prescription.domain.patients.person import Person
from services.prescription.domain.patients.search import searchable_texts
from services.prescription.domain.patients.serving import Tie
from services.prescription.domain.prescriptions.prescriptions import Line, Prescription
from services.prescription.repository.collections import COPIES, PATIENTS, PRESCRIPTIONS, TIES
from shared.domain.days import local_day
from shared.domain.money import Money
from shared.events.ordering import Notify
from shared.events.values import PrescriptionType
from shared.repository import Collection
from shared.repository.codec import to_document
from shared.repository.mongo.indexes import indexes_of
from shared.repository.refs import Loaded
from shared.sealed import Seals
from tools.bench.grown_devices import GrownDevices

Rows = Iterator[tuple[str, Any]]

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
DAYS = 720
OPEN = 300
"""So many of each kind are open today, in a small database and in a large one."""
PASSED_ONE_IN = 6
"""One withdrawal in so many was sent past a block, far more than in life, so that a month fills a page."""
PAGE = 2_000
AT_ONCE = 4
"""So many collections are filled together: the database writes while documents are made."""
UNITS, PRESCRIBERS, CLERKS, ARTICLES = 5, 5, 10, 70
"""So few that the first page of a list is full in the small database too: a longer answer takes longer."""
OF_A_UNIT = 600
"""So many withdrawals to a care unit: where more patients are, there are more units."""
TYPES: tuple[PrescriptionType, ...] = (
    "coeliac_metabolic", "infant_formula", "energy_nutrition", "specific_content", "diabetes",
)  # fmt: skip
ROLES = ("prescriber", "economist", "customer_service", "assortment_manager")
HOME = Delivery("home", "signature", "patient", None, None, "sms", None, "sv")
NAMES = ("Andersson", "Berg")


class Grown:
    """So many withdrawals, with all that follows from them."""

    def __init__(self, size: int, seals: Seals) -> None:
        self.size = size
        self._seals = seals
        self._units = max(UNITS, size // OF_A_UNIT)
        self._keys = [name_keys(searchable_texts(f"{name}, Prov"), seals) for name in NAMES]

    def fill(self, url: str, prefix: str) -> None:
        """Write everything, and make the indexes afterwards: that costs less."""
        with MongoClient[dict[str, Any]](url, w=1) as client, ThreadPoolExecutor(AT_ONCE) as threads:
            for filled in [
                threads.submit(self._fill, client[f"{prefix}_{service}"][collection.name], collection, rows)
                for (service, collection), rows in self._all.items()
            ]:
                filled.result()

    def _fill(
        self, place: Place[dict[str, Any]], collection: Collection[Any], rows: Callable[[], Rows]
    ) -> None:
        made = rows()
        while page := list(islice(made, PAGE)):
            place.insert_many([to_document(collection, key, Loaded(each, 1)) for key, each in page])
        if indexes := indexes_of([collection]).get(collection.name):
            place.create_indexes(indexes)

    @property
    def _all(self) -> Mapping[tuple[str, Collection[Any]], Callable[[], Rows]]:
        return MappingProxyType({
            ("prescription", PATIENTS): self._patients, ("prescription", COPIES): self._copies,
            ("prescription", PRESCRIPTIONS): self._prescriptions, ("prescription", TIES): self._ties,
            ("ordering", ALLOWANCES): self._allowances, ("ordering", WITHDRAWALS): self._withdrawals,
            ("ordering", ORDERS): self._orders, ("billing", BILLED): self._billed,
            ("billing", FEES): self._fees, ("billing", BATCHES): self._batches,
            ("notification", MESSAGES): self._messages, ("notification", TASKS): self._tasks,
            **GrownDevices(self).rows,
        })  # fmt: skip

    def at(self, number: int) -> datetime:
        """Spread what happened over the years, the open over the last days."""
        minutes = DAYS * 24 * 60 * (self.size - number) / self.size
        return NOW - timedelta(minutes=minutes)

    def is_open(self, number: int) -> bool:
        return number >= self.size - OPEN

    def patient(self, number: int) -> str:
        return f"p{number * 7919 % (self.size // 10):08}"

    def _patients(self) -> Rows:
        for number in range(self.size // 10):
            ref = f"p{number:08}"
            born = local_day(NOW) - timedelta(days=number % 30_000)
            keys = self._keys[number % self._units == 0]  # as many of the name, however many there are
            person = Person("sealed", "personnummer", born, "sealed", "sealed", "sealed", name_keys=keys)
            yield ref, Patient(ref, number, person, Status(protected=False), registered_by="bench")

    def _copies(self) -> Rows:
        for number in range(self.size // 10):
            due = NOW + timedelta(minutes=number % 40_000 - 5)
            ref = f"p{number:08}"
            yield ref, Copy(ref, NOW, due, f"d{number}", False, False, None, "12")

    def _prescriptions(self) -> Rows:
        for number in range(self.size // 3):
            at = self.at(number * 3)
            is_active = local_day(at) + timedelta(days=365) >= local_day(NOW)
            last = local_day(at) + timedelta(days=365)
            line = Line(
                f"F{number}-1", f"9{number % ARTICLES:05}", f"Vara {number % ARTICLES}", False, None, 10, 30,
                3, state="active" if is_active else "expired", renew_on=last,
            )  # fmt: skip
            unit, prescriber = f"U{number // 5 % self._units}", f"prescriber-{number // 25 % PRESCRIBERS}"
            yield f"F{number:08}", Prescription(
                f"F{number:08}", self.patient(number), TYPES[number % 5], "foods", unit, prescriber,
                "dietitian", True, "region", local_day(at), last, (line,),
                due_at=NOW + timedelta(days=1 + number % 365) if is_active else None,
            )  # fmt: skip

    def _ties(self) -> Rows:
        for number in range(self.size):
            closed = None if self.is_open(number) else self.at(number)
            yield f"order:B{number}", Tie(
                f"order:B{number}", "order", self.patient(number), f"U{number % UNITS}", "foods", None,
                self.at(number), closed, is_open=closed is None,
            )  # fmt: skip

    def _allowances(self) -> Rows:
        for number in range(self.size // 10):
            line = AllowedLine(
                f"F{number}-1", f"F{number:08}", f"9{number % ARTICLES:05}", 10, 30, 3, local_day(NOW),
                TYPES[number % 5], "foods", f"U{number // 5 % self._units}", "prescriber-1", True, "region",
            )  # fmt: skip
            yield f"p{number:08}", Allowance(f"p{number:08}", lines=(line,))

    def _withdrawals(self) -> Rows:
        ends: tuple[WithdrawalState, ...] = ("delivered",) * 9 + ("annulled",)
        for number in range(self.size):
            at = self.at(number)
            state: WithdrawalState = "new" if self.is_open(number) else ends[number % 10]
            choice = Choice((Item(f"F{number // 3}-1"),), HOME)
            yield f"U{number:08}", Withdrawal(
                f"U{number:08}", self.patient(number), choice, "region", "foods", (f"U{number % UNITS}",),
                "customer_service", f"clerk-{number % CLERKS}", at, state, touched_at=at,
                passed_on=None if number % PASSED_ONE_IN else local_day(at),
            )  # fmt: skip

    def _orders(self) -> Rows:
        moving: tuple[OrderState, ...] = ("sent", "acknowledged", "confirmed", "despatched")
        for number in range(self.size):
            at = self.at(number)
            is_open = self.is_open(number)
            article = f"9{number % ARTICLES:05}"
            yield f"B{number:08}", Order(
                f"B{number:08}", f"U{number:08}", self.patient(number), "demo-a", at,
                (OrderedLine(1, f"F{number // 3}-1", article, "Vara", 10, Money.of(100)),),
                Notify(channel="sms"), moving[number % 4] if is_open else "delivered",
                over_at=None if is_open else at, quiet_from=at if is_open else None,
            )  # fmt: skip

    def _billed(self) -> Rows:
        for number in range(self.size):
            yield f"U{number:08}", BilledWithdrawal(
                f"U{number:08}", self.patient(number), local_day(self.at(number)), heard=True,
                settled=not self.is_open(number),
            )  # fmt: skip

    def _fees(self) -> Rows:
        waiting: tuple[Stage, ...] = ("held", "told", "rejected", "deferred")
        for number in range(self.size):
            is_open, batch = self.is_open(number), f"B{number // 500:06}"
            stage: Stage = waiting[number % 4] if is_open else "invoiced"
            yield self._fee(number, "charge", stage, None if is_open else batch)
        # a waiver takes back at once what it takes back, so its entries lie together
        for number in range(0, self.size, 33):
            if not self.is_open(number):
                yield self._fee(number, "credit", "invoiced", f"B{number // 500:06}")

    def _fee(self, number: int, kind: Any, stage: Stage, batch: str | None) -> tuple[str, Fee]:
        at, withdrawal_no, ref = self.at(number), f"U{number:08}", self.patient(number)
        event_id = event_id_of(withdrawal_no, 1, kind=kind)
        entry = Entry(
            event_id, kind, None, withdrawal_no, 1, ref, f"LMN-{number % 9}", "Egenavgift",
            Money(Decimal(30 + number % 300)), "type", "T2026", at, local_day(at), "4711", "foods",
            f"U{number // 5 % self._units}", TYPES[number % 5], because="w1" if kind == "credit" else None,
        )  # fmt: skip
        told = None if stage in ("held", "deferred") else at
        return event_id, Fee(event_id, ref, withdrawal_no, entry, stage, (), told_at=told, batch=batch)

    def _batches(self) -> Rows:
        for number in range(max(1, self.size // 500)):
            at = self.at(number * 500)
            name = f"B{number:06}"
            yield (
                name,
                Batch(
                    name, local_day(at), at, (), Money.of(number), written=True, answer="accepted", over=True
                ),
            )

    def _messages(self) -> Rows:
        waiting: tuple[MessageState, ...] = ("due", "attempting", "unknown")
        for number in range(self.size):
            at, is_open = self.at(number), self.is_open(number)
            yield f"m{number:08}", Message(
                f"m{number:08}", f"B{number:08}", self.patient(number), "sms", None, "sv",
                waiting[number % 3] if is_open else "delivered", at, at + timedelta(days=2), attempted_at=at,
                report_by=at if is_open else None,
            )  # fmt: skip

    def _tasks(self) -> Rows:
        for number in range(self.size):
            at, role = self.at(number), ROLES[number % 4]
            is_open = self.is_open(number)
            yield f"t{number:08}", Task(
                f"t{number:08}", f"kind_{number % 12}", role, f"U{number // 12 % UNITS}",
                self.patient(number), f"B{number:08}", "look", at, at, is_open=is_open, roles=(role,),
                place=f"{at.isoformat()}|t{number:08}", is_overdue=is_open and number % 5 == 0,
                owner=f"clerk-{number % CLERKS}" if number % 3 == 0 else None,
            )  # fmt: skip
