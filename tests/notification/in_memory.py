"""Notification in memory, with a gateway and a prescription that do as they are told."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from services.notification.domain.outcomes import Accepted, Outcome
from shared.events.notification import MessageFailed
from shared.events.ordering import Notify, OrderDespatched
from shared.events.tasks import TaskRaised
from tests.support import InMemory

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ORDER = "B2026-000007-1"


@dataclass
class Gateway:
    """A gateway that answers what it is told to, and remembers what it was given."""

    outcome: Outcome = field(default_factory=lambda: Accepted("s1"))
    taken: list[dict[str, str]] = field(default_factory=list)
    seconds: float = 0

    async def send(self, message_id: str, *, to: str, text: str, sender: str) -> Outcome:
        await asyncio.sleep(self.seconds)
        self.taken.append({"id": message_id, "to": to, "text": text, "sender": sender})
        return self.outcome


@dataclass
class Register:
    """Prescription as notification meets it: one answer, or none."""

    answer: Any = field(default_factory=lambda: {"may_be_told": True, "why": None})
    asked: list[Any] = field(default_factory=list)

    async def __call__(self, service: str, method: str, path: str, *, json: Any = None) -> Any:
        self.asked.append((service, method, path, json))
        if self.answer is None:
            raise httpx.ReadTimeout("no answer")
        return self.answer


@dataclass
class Notification:
    service: InMemory
    gateway: Gateway
    register: Register

    def despatched(
        self, phone: str | None = "+46701740605", *, language: str = "sv", channel: Any = "sms"
    ) -> OrderDespatched:
        to = self.service.seals.seal(phone) if phone else None
        return OrderDespatched(
            order_no=ORDER,
            withdrawal_no="U2026-000123-4",
            patient_ref="p-1",
            despatched_at=AT,
            notify=Notify(channel=channel, to=to, language=language),
        )

    async def hear(self, *facts: Any) -> None:
        for fact in facts:
            await self.service.hear(fact)

    async def run(self, times: int = 1) -> None:
        for _ in range(times):
            await self.service.run_jobs()

    async def message(self) -> dict[str, Any]:
        answer = await self.service.client.post(
            "/messages/search", json={"order_no": ORDER}, headers=self.service.token("customer_service")
        )
        (shown,) = answer.json()
        return dict(shown)

    def failed(self) -> list[str]:
        return [fact.why for fact in self.service.told_of(MessageFailed)]

    def raised(self) -> list[str]:
        return [fact.kind for fact in self.service.told_of(TaskRaised)]
