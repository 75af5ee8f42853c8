"""Notification in memory, with a gateway and a prescription that do as they are told."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from services.notification.domain.outcomes import Accepted, Outcome
from shared.events.notification import MessageFailed
from shared.events.ordering import Notify, OrderDespatched
from shared.events.prescription import PatientChanged
from shared.events.tasks import TaskRaised
from tests.support import InMemory

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ORDER = "B2026-000007-2"


@dataclass
class Gateway:
    """A gateway that answers what it is told to, and remembers what it was given."""

    outcome: Outcome = field(default_factory=lambda: Accepted("s1"))
    taken: list[dict[str, str]] = field(default_factory=list)
    seconds: float = 0

    reports: list[str] = field(default_factory=list)
    """The addresses that it was asked to report to."""

    async def send(self, message_id: str, *, to: str, text: str, sender: str, report_to: str) -> Outcome:
        await asyncio.sleep(self.seconds)
        self.taken.append({"id": message_id, "to": to, "text": text, "sender": sender})
        self.reports.append(report_to)
        return self.outcome


@dataclass
class Register:
    """Prescription as notification meets it: one answer about everybody, or none."""

    answer: Any = field(default_factory=lambda: {"may_be_told": True, "why": None})
    asked: list[Any] = field(default_factory=list)

    async def __call__(self, service: str, method: str, path: str, *, json: Any = None) -> Any:
        self.asked.append((service, method, path, json))
        if self.answer is None:
            raise httpx.ReadTimeout("no answer")
        return {"answers": [self.answer] * len(json["people"])}


@dataclass
class Notification:
    service: InMemory
    gateway: Gateway
    register: Register
    folder: Path
    """Where letters and e-mails go, each to a folder of its name."""

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

    def patient(self, version: int = 1, **told: Any) -> PatientChanged:
        """What prescription tells of the patient: a phone, an e-mail address and a home, or what is said."""
        seal = self.service.seals.seal
        home = '{"line1": "Provvägen 3", "postal_code": "21120", "city": "MALMÖ"}'
        clear = {
            "phone": "+46701740605",
            "email": "test@demo.example",
            "name": "Test Testsson",
            "address": home,
        }
        sealed = {name: text and seal(text) for name, text in {**clear, **told}.items() if name in clear}
        plain = {name: value for name, value in told.items() if name not in clear}
        usual: dict[str, Any] = {
            "number": None,
            "number_type": "personnummer",
            "born": None,
            "protected": False,
        }
        return PatientChanged(patient_ref="p-1", version=version, **{**usual, **sealed, **plain})

    async def report(self, status: str, *, provider_id: str = "s1", which: int = -1) -> httpx.Response:
        """What the gateway says afterwards, at the address that it was given."""
        path = urlsplit(self.gateway.reports[which]).path
        return await self.service.client.post(path, data={"id": provider_id, "status": status})

    def written(self, kind: str) -> list[str]:
        return sorted(file.name for file in (self.folder / kind).glob("*.*"))

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

    def forget(self) -> None:
        """Be another process than the one that noted the messages."""
        job = next(each for each in self.service.assembled.jobs if each.name == "send what is due")
        job.run.__self__._noted.clear()  # type: ignore[attr-defined]

    def failed(self) -> list[str]:
        return [fact.why for fact in self.service.told_of(MessageFailed)]

    def raised(self) -> list[str]:
        return [fact.kind for fact in self.service.told_of(TaskRaised)]
