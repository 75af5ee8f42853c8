"""The demo SMS gateway: takes messages over HTTP in the form of a common Swedish gateway, and sends none.

Everything is noted in sms.jsonl and shown by GET /messages.
Modes, in sms_gateway.control.json as {"mode": ...}:
normal, 500 (refuses before taking the message), timeout-after-accept (takes it, then does not answer).
"""

import argparse
import asyncio
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import uuid4

import uvicorn
from fastapi import FastAPI, Form, Header, HTTPException

from deploy.demo.control import Control
from deploy.demo.journal import Journal
from deploy.demo.settings import DemoSettings

NAME = "sms_gateway"
SILENT_SECONDS = 120.0


def create_app() -> FastAPI:
    settings = DemoSettings()
    control = Control(NAME, settings)
    journal = Journal(settings.peer_log_dir / "sms.jsonl")
    clock = settings.clock
    app = FastAPI(title="Demo SMS gateway", docs_url=None, redoc_url=None)

    @app.get("/live")
    @app.get("/ready")
    async def get_state() -> dict[str, str]:
        return {"status": "ready"}

    @app.post("/a1/sms")
    async def send_sms(
        sender: Annotated[str, Form(alias="from", max_length=11)],
        to: Annotated[str, Form(pattern=r"^\+[0-9]{8,15}$")],
        message: Annotated[str, Form(min_length=1)],
        reference: Annotated[str | None, Form()] = None,
        reference_header: Annotated[str | None, Header(alias="reference")] = None,
    ) -> dict[str, Any]:
        mode = control.now().mode
        if mode == "500":
            raise HTTPException(500, "the demo gateway is out of order")
        answer = {
            "id": f"s{uuid4().hex}",
            "status": "created",
            "from": sender,
            "to": to,
            "parts": 1,
            "cost": 3500,
        }
        about = {
            "message": message,
            "reference": reference or reference_header,
            "at": clock.now().isoformat(),
        }
        journal.add(answer | about)
        if mode == "timeout-after-accept":
            await asyncio.sleep(SILENT_SECONDS)
        return answer

    @app.get("/messages")
    async def get_messages() -> list[dict[str, Any]]:
        return journal.entries()

    return app


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    where = urlsplit(DemoSettings().sms_gateway_url)
    print(f"{NAME}: takes messages on port {where.port}", flush=True)
    uvicorn.run(
        create_app(), host=where.hostname or "127.0.0.1", port=where.port or 8106, log_level="warning"
    )


if __name__ == "__main__":
    main()
