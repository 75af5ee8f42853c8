"""What one real order wrote, read back from the databases: the floor writes the same again, bare."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pymongo import AsyncMongoClient

Document = dict[str, Any]
Rows = tuple[tuple[str, Document], ...]
"""Collection and document."""


@dataclass(frozen=True)
class Step:
    """One transaction of one service: the rows it writes, and the outbox rows that it then publishes."""

    service: str
    rows: Rows
    outbox: tuple[Document, ...]


@dataclass(frozen=True)
class Template:
    """The transactions of one order, in their order."""

    sent: Step
    prescription: Step
    billing: Step
    despatched: Step
    notified: Step
    claimed: Step
    ended: Step

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            self.sent,
            self.prescription,
            self.billing,
            self.despatched,
            self.notified,
            self.claimed,
            self.ended,
        )


class Reader:
    """Finds what belongs to one order in the databases of a run."""

    def __init__(self, client: AsyncMongoClient[Document], prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    async def template(self, *, withdrawal_no: str, order_no: str) -> Template:
        withdrawal = await self._one("ordering", "withdrawals", {"_id": withdrawal_no})
        ref, line = withdrawal["patient_ref"], withdrawal["choice"]["items"][0]["line_id"]
        ordering = (
            ("withdrawals", withdrawal),
            ("allowances", await self._one("ordering", "allowances", {"_id": ref})),
            ("orders", await self._one("ordering", "orders", {"_id": order_no})),
        )
        audit = ("audit", await self._one("ordering", "audit", {"action": "ordering.send_withdrawal"}))
        prescription = await self._one("prescription", "prescriptions", {"_id": line.rpartition("-")[0]})
        account = await self._one("billing", "accounts", {"_id": withdrawal_no})
        fee = await self._one("billing", "fees", {"withdrawal_no": withdrawal_no})
        message = ("messages", await self._one("notification", "messages", {"order_no": order_no}))
        sent = await self._told("ordering", "ordering.withdrawal_sent.v1", withdrawal_no)
        despatched = await self._told("ordering", "ordering.order_despatched.v1", order_no)
        charged = await self._told("billing", "billing.fee_charged.v1", fee["_id"])
        delivered = await self._told("notification", "notification.message_delivered.v1", message[1]["_id"])
        return Template(
            sent=await self._step("ordering", sent, (*ordering, audit)),
            prescription=await self._hearing("prescription", sent, (("prescriptions", prescription),)),
            billing=await self._step("billing", charged, (("accounts", account), ("fees", fee))),
            despatched=await self._step("ordering", despatched, ordering),
            notified=await self._hearing("notification", despatched, (message,)),
            claimed=await self._job("notification", "claim", message),
            ended=await self._step("notification", delivered, (message,)),
        )

    async def _step(self, service: str, told: Document, rows: Rows) -> Step:
        """A transaction that tells something: its inbox row and its outbox rows have one cause."""
        cause = told["cause"]
        inbox = await self._one(service, "inbox", {"_id": cause})
        outbox = [each async for each in self._database(service)["outbox"].find({"cause": cause})]
        return Step(service, (("inbox", inbox), *rows), tuple(outbox))

    async def _hearing(self, service: str, heard: Document, rows: Rows) -> Step:
        inbox = await self._one(service, "inbox", {"_id": {"$regex": heard["_id"]}})
        return Step(service, (("inbox", inbox), *rows), ())

    async def _job(self, service: str, verb: str, message: tuple[str, Document]) -> Step:
        inbox = await self._one(service, "inbox", {"_id": {"$regex": f"^job:{verb}:{message[1]['_id']}"}})
        return Step(service, (("inbox", inbox), message), ())

    async def _told(self, service: str, topic: str, subject: str) -> Document:
        return await self._one(service, "outbox", {"topic": topic, "subject": subject})

    async def _one(self, service: str, collection: str, where: Mapping[str, Any]) -> Document:
        found = await self._database(service)[collection].find_one(where)
        if found is None:
            raise LookupError(f"{service}.{collection} has nothing for {dict(where)}")
        return dict(found)

    def _database(self, service: str) -> Any:
        return self._client[f"{self._prefix}_{service}"]
