"""The whole system in memory behind the gateway: a browser's requests, without a browser or a port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from gateway.app import assembled
from tests.gateway.assembling import gateway_in, issuer_in
from tests.gateway.memory import MemoryDocuments
from tests.gateway.site import Site
from tests.gateway.visiting import GATEWAY, ISSUER, Surfer
from tests.watch.five_in_memory import build
from tests.watch.main_job import ARTICLE
from tools.demo.issuer import routes


@asynccontextmanager
async def surfing(folder: Path) -> AsyncIterator[tuple[Site, Surfer]]:
    """Give five services with their gateway, and a browser that can sign in as anybody of the demo."""
    site = Site(await build(folder), GATEWAY, ISSUER)
    urls = {"gateway_url": GATEWAY, "issuer_url": ISSUER}
    site.signing = issuer_in(folder, site.bus.clock, **urls)
    issuer = routes(site.signing)
    site.issuer = httpx.ASGITransport(issuer)
    gateway = assembled(gateway_in(folder, site.bus.clock, site, MemoryDocuments(), **urls))
    browser = Surfer(issuer=issuer, gateway=gateway)
    async with browser.http:
        yield site, browser


async def prescribed(site: Site, ref: str, *, role: str = "dietitian", **line: int) -> str:
    """Prescribe the demo's drink; give the number."""
    lines = [{"article_no": ARTICLE, "packages": 20, "days": 30, "withdrawals": 6, **line}]
    form = {"patient_ref": ref, "prescription_type": "energy_nutrition", "care_unit": "DEMO-101"}
    answer = await site.bus.ask(role, "prescription", "/prescriptions", {**form, "lines": lines})
    assert answer.is_success, answer.text
    await site.bus.settle()
    return str(answer.json()["prescription_no"])


async def withdrawn(site: Site, ref: str) -> str:
    """Withdraw all that may be withdrawn, home; give the number."""
    allowance = (
        await site.bus.ask("customer_service", "ordering", f"/allowances/{ref}", method="GET")
    ).json()
    items = [
        {
            "line_id": each["line_id"],
            "split": [{"article_no": each["variants"][0]["article_no"], "packages": 20}],
        }
        for each in allowance["lines"]
        if each["allowed"]
    ]
    delivery = {"kind": "home", "rule": "leave_outside", "notice": "sms", "notice_to": "070-1740605"}
    asked = {"patient_ref": ref, "items": items, "delivery": delivery}
    drafted = (await site.bus.ask("customer_service", "ordering", "/withdrawals", asked)).json()
    number = str(drafted["withdrawal_no"])
    sent = await site.bus.ask("customer_service", "ordering", f"/withdrawals/{number}/send")
    assert sent.is_success, sent.text
    await site.bus.settle()
    return number
