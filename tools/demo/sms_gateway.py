"""The demo SMS gateway: takes messages over HTTP in the form of a common Swedish gateway, and sends none.

Everything is noted in sms.jsonl and shown by GET /messages; what it reports afterwards, to the address that
a message names, in sms_receipts.jsonl, and again and again until it is taken.
Modes, in sms_gateway.control.json as {"mode": ...}, with "about" only for what begins with that reference:
normal; 400, 401, 403, 429, 500, 503 (refuses with that status, before taking the message);
timeout-after-accept (takes it, neither answers nor reports); timeout-then-receipt (reports all the same);
failed (takes it, reports that it failed); failed-then-delivered, shuffled (delivered first, and twice);
no-receipt (takes it and reports nothing).
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import FastAPI, Form, Header, HTTPException
from pydantic import BaseModel, Field

from shared.service.server import answer
from tools.demo.control import Control
from tools.demo.journal import Journal
from tools.demo.settings import DemoSettings
from tools.demo.sms_receipts import Reports

NAME = "sms_gateway"
NORMAL = "normal"
SILENT_SECONDS = 120.0
REFUSALS = ("400", "401", "403", "429", "500", "503")
USUAL = ("sent", "delivered")
REPORTED_IN_MODE: dict[str, tuple[str, ...]] = {
    "timeout-after-accept": (),
    "no-receipt": (),
    "failed": ("sent", "failed"),
    "failed-then-delivered": ("failed", "delivered"),
    "shuffled": ("delivered", "sent", "delivered"),
}
SILENT = ("timeout-after-accept", "timeout-then-receipt")


class Sms(BaseModel):
    """The form of one message, with the fields of a common Swedish gateway."""

    sender: Annotated[str, Field(alias="from", pattern=r"^[A-Za-z0-9+]{1,15}$")]
    to: Annotated[str, Field(pattern=r"^\+[0-9]{8,15}$")]
    message: Annotated[str, Field(min_length=1)]
    whendelivered: str | None = None
    dontlog: str | None = None
    reference: str | None = None


class Gateway:
    """Takes messages as its mode of the moment says, and promises reports of them."""

    def __init__(self, settings: DemoSettings) -> None:
        self._control = Control(NAME, settings)
        self._clock = settings.clock
        self.journal = Journal(settings.peer_log_dir / "sms.jsonl")
        self.reports = Reports(settings.peer_log_dir / "sms_receipts.jsonl", self._control, settings.clock)

    async def take(self, sms: Sms, reference: str | None) -> dict[str, Any]:
        """Note a message and answer, unless it was told to refuse or to be silent; raises HTTPException."""
        mode = self._mode(sms.reference or reference)
        if mode in REFUSALS:
            raise HTTPException(int(mode), "the demo gateway was told to refuse")
        answer = _answer_to(sms)
        self.journal.add(answer | self._about(sms, reference))
        if sms.whendelivered:
            self.reports.promise(str(answer["id"]), sms.whendelivered, REPORTED_IN_MODE.get(mode, USUAL))
        if mode in SILENT:
            await asyncio.sleep(SILENT_SECONDS)
        return answer

    def _mode(self, reference: str | None) -> str:
        behaviour = self._control.now()
        return behaviour.mode if (reference or "").startswith(behaviour.about) else NORMAL

    def _about(self, sms: Sms, reference: str | None) -> dict[str, Any]:
        return {
            "message": "" if sms.dontlog == "message" else sms.message,
            "reference": sms.reference or reference,
            "at": self._clock.now().isoformat(),
        }


def create_app() -> FastAPI:
    gateway = Gateway(DemoSettings())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        gateway.reports.resume()
        yield
        await gateway.reports.stop()

    app = FastAPI(title="Demo SMS gateway", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.reports = gateway.reports

    @app.get("/live")
    @app.get("/ready")
    async def get_state() -> dict[str, str]:
        return {"status": "ready"}

    @app.post("/a1/sms")
    async def send_sms(
        sms: Annotated[Sms, Form()], reference: Annotated[str | None, Header()] = None
    ) -> dict[str, Any]:
        return await gateway.take(sms, reference)

    @app.get("/messages")
    async def get_messages() -> list[dict[str, Any]]:
        return gateway.journal.entries()

    return app


def _answer_to(sms: Sms) -> dict[str, Any]:
    return {
        "id": f"s{uuid4().hex}",
        "status": "created",
        "from": sms.sender,
        "to": sms.to,
        "parts": 1,
        "cost": 3500,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    where = urlsplit(DemoSettings().sms_gateway_url)
    print(f"{NAME}: takes messages on port {where.port}", flush=True)
    answer(create_app(), host=where.hostname or "127.0.0.1", port=where.port or 8106)


if __name__ == "__main__":
    main()
