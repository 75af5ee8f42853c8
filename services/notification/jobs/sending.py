"""Sending what is due: asked for, claimed, tried once, and its outcome kept (Q24)."""

import asyncio
import uuid

import httpx
from pydantic import BaseModel, ConfigDict

from services.notification.domain.message import Message
from services.notification.domain.outcomes import Outcome, Rejected
from services.notification.domain.quiet_hours import may_send
from services.notification.domain.texts import DELIVERY_NOTICE, in_language
from services.notification.jobs.gateway import SmsGateway
from services.notification.repository import Messages
from shared.assembled import AskService
from shared.clock import Clock
from shared.domain.decision import Refused
from shared.phone import sms_number
from shared.sealed import Seals


class Reachable(BaseModel):
    """Prescription's answer, true at this very moment."""

    model_config = ConfigDict(strict=True)

    may_be_told: bool
    why: str | None = None


class Sending:
    """One run sends all that is due, side by side; several processes may run at once."""

    def __init__(
        self,
        messages: Messages,
        gateway: SmsGateway,
        *,
        ask: AskService,
        clock: Clock,
        seals: Seals,
        sender: str,
    ) -> None:
        self._messages = messages
        self._gateway = gateway
        self._ask = ask
        self._clock = clock
        self._seals = seals
        self._sender = sender

    async def run(self) -> None:
        for message in await self._messages.lost():
            await self._messages.break_off(message)
        tries = [self._try(message) for message in await self._messages.due()]
        failures = [each for each in await asyncio.gather(*tries, return_exceptions=True) if each]
        if failures:
            raise failures[0]

    async def _try(self, message: Message) -> None:
        now = self._clock.now()
        if not may_send(now) or message.expires_at <= now:
            await self._messages.postpone(message, why="too-late")
            return
        try:
            reachable = await self._reachable(message)
        except (httpx.HTTPError, ValueError):
            # fails closed: without an answer nothing is sent (Q18, Q24)
            await self._messages.postpone(message, why="nobody-answered")
            return
        if not reachable.may_be_told:
            await self._messages.suppress(message, why=reachable.why or "not-to-be-told")
            return
        await self._attempt(message)

    async def _attempt(self, message: Message) -> None:
        attempt = uuid.uuid4().hex
        if await self._messages.claim(message, attempt=attempt):
            outcome = await self._send(message)
            await self._messages.end(message, attempt=attempt, outcome=outcome)

    async def _reachable(self, message: Message) -> Reachable:
        question = {"patient_ref": message.patient_ref, "purpose": "delivery_notice"}
        answer = await self._ask("prescription", "POST", "/reachability", json=question)
        return Reachable.model_validate(answer)

    async def _send(self, message: Message) -> Outcome:
        try:
            to = sms_number(self._seals.open(message.to or ""))
        except Refused as refused:
            return Rejected(refused.rule)
        text = in_language(DELIVERY_NOTICE, message.language)
        return await self._gateway.send(message.message_id, to=to, text=text, sender=self._sender)
