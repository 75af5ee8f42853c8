"""Simulated clerks who do the main job over HTTP, and repeat a request with the same key until answered."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import httpx

from tools.chaos.clerks.intents import Intent, Intents
from tools.demo.tokens import Tokens

PRESCRIBER = "dietitian"
CLERK = "customer_service"
PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 1.0
NOT_HEARD_YET = frozenset({404, 422})
EMAIL = "test.testsson@example.se"
DAYS, WITHDRAWALS, PACKAGES = 30, 1, 3


def delivery(notice: str) -> dict[str, str]:
    """Ask for the goods at home, and for the notice; a letter goes with goods that are signed for (S38)."""
    asked = {"kind": "home", "rule": "signature" if notice == "letter" else "leave_outside", "notice": notice}
    return {**asked, "notice_to": EMAIL} if notice == "email" else asked


class NoAnswer(Exception):
    """Patience ran out: nobody knows what came of the question."""


class Refusal(Exception):
    """A clear no; nothing was done."""


@dataclass(frozen=True)
class Step:
    """One question: who asks whom, what, and under which key."""

    person: str
    service: str
    path: str
    key: str
    body: dict[str, Any] | None = None
    wait_while: frozenset[int] = frozenset()
    """Answers that mean: the service does not know it yet."""
    method: str = "POST"


class Office:
    """Where the clerks sit: each question goes to the next replica, until patience ends."""

    def __init__(
        self,
        urls: Mapping[str, Sequence[str]],
        issuer_url: str,
        intents: Intents,
        *,
        patience_seconds: float,
    ) -> None:
        self.ask_at(urls)
        self._intents = intents
        self.patience_seconds = patience_seconds
        self._http = httpx.AsyncClient(
            timeout=10, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )
        self.tokens = Tokens(self._http, issuer_url)

    def ask_at(self, urls: Mapping[str, Sequence[str]]) -> None:
        """Ask each service at these addresses in turn."""
        self._replicas = {service: cycle(addresses) for service, addresses in urls.items()}

    async def close(self) -> None:
        await self._http.aclose()

    async def do_the_job(self, intent: Intent) -> None:
        """Prescribe, draft and send; what came of the sending stands on the intent."""
        try:
            await self.begin(intent)
            self._intents.note(intent)
            intent.outcome = "unknown"
            await self._send(intent)
        except Refusal as refused:
            intent.outcome, intent.why = "failed", str(refused)
        except NoAnswer as silence:
            intent.outcome, intent.why = "unknown", str(silence)
        self._intents.note(intent)

    async def begin(self, intent: Intent) -> None:
        """Prescribe and draft, and send nothing; raises Refusal and NoAnswer."""
        intent.line_id = await self._prescribe(intent)
        intent.withdrawal_no = await self._draft(intent)

    async def ask_again(self, intent: Intent) -> None:
        """Repeat a sending that was answered: the same key must get the same answer (I26)."""
        await self._send(intent)

    async def _prescribe(self, intent: Intent) -> str:
        line = {
            "article_no": intent.article_no, "packages": PACKAGES, "days": DAYS, "withdrawals": WITHDRAWALS,
        }  # fmt: skip
        form = {
            "patient_ref": intent.patient_ref,
            "prescription_type": "energy_nutrition",
            "care_unit": "DEMO-101",
            "lines": [line],
        }
        saved = await self._until_answered(
            Step(PRESCRIBER, "prescription", "/prescriptions", f"{intent.key}-prescribe", form)
        )
        return str(saved.json()["lines"][0]["line_id"])

    async def _draft(self, intent: Intent) -> str:
        split = [{"article_no": number, "packages": count} for number, count in intent.split.items()]
        form = {
            "patient_ref": intent.patient_ref,
            "items": [{"line_id": intent.line_id, "split": split}],
            "delivery": delivery(intent.notice),
        }
        made = await self._until_answered(
            Step(CLERK, "ordering", "/withdrawals", f"{intent.key}-draft", form, NOT_HEARD_YET)
        )
        return str(made.json()["withdrawal_no"])

    async def _send(self, intent: Intent) -> None:
        path = f"/withdrawals/{intent.withdrawal_no}/send"
        answer = await self._until_answered(Step(CLERK, "ordering", path, f"{intent.key}-send"), intent)
        told = answer.json()
        intent.answers.append(answer.text)
        intent.order_nos = tuple(told["order_nos"])
        intent.fees = tuple(str(fee["amount"]) for fee in told["fees"])
        intent.outcome = "ok"

    async def _until_answered(self, step: Step, intent: Intent | None = None) -> httpx.Response:
        """Ask until there is a yes or a no; raises Refusal, and NoAnswer when patience is over."""
        deadline, pause, why = time.monotonic() + self.patience_seconds, PAUSE_SECONDS, "nobody was asked"
        while time.monotonic() < deadline:
            if intent:
                intent.asked += 1
            try:
                answer = await self._ask(step)
            except httpx.HTTPError as trouble:
                why = f"{step.path}: {type(trouble).__name__}"
                if intent and intent.impatient:
                    break
            else:
                if answer.is_success:
                    return answer
                why = f"{step.path}: {answer.status_code} {answer.text[:200]}"
                if answer.is_client_error and answer.status_code not in {*step.wait_while, 401, 429}:
                    raise Refusal(why)
                if answer.status_code == httpx.codes.UNAUTHORIZED:
                    self.tokens.forget()
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
        raise NoAnswer(why)

    async def _ask(self, step: Step) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {await self.tokens.of(step.person)}",
            "Idempotency-Key": step.key,
            "Accept-Language": "en",
        }
        url = f"{next(self._replicas[step.service])}{step.path}"
        return await self._http.request(step.method, url, json=step.body, headers=headers)

    async def ask(self, step: Step) -> httpx.Response:
        """Ask for something besides the main job, until there is an answer."""
        return await self._until_answered(step)

    async def is_shown(self, person: str, service: str, path: str) -> bool:
        """Tell whether somebody is shown a page; raises NoAnswer when nobody answers."""
        try:
            await self._until_answered(Step(person, service, path, "", method="GET"))
        except Refusal:
            return False
        return True
