"""Billing assembled."""

from fastapi import FastAPI

from services.billing.api import batch_routes, fee_routes, tariff_routes
from services.billing.handlers import handlers
from services.billing.repository import COLLECTIONS, Batches, Files, Ledger, Tariffs
from shared.assembled import Assembled, Job, Parts
from shared.service import serve


def assemble(parts: Parts) -> Assembled:
    ledger = Ledger(parts.repository, parts.clock)
    files = Files(parts.settings.export_dir)
    batches = Batches(parts.repository, parts.clock, parts.seals, files)
    writing = Job("write the day's files", every_seconds=5, run=batches.write_all)
    return Assembled(
        name="billing",
        collections=COLLECTIONS,
        routers=[
            tariff_routes(Tariffs(parts.repository)),
            fee_routes(ledger),
            batch_routes(batches, ledger, parts.clock, write_soon=writing.wake.set),
        ],
        ears=handlers(ledger, cost_centre=parts.settings.cost_centre),
        jobs=[
            Job("tell what waited for its payer", every_seconds=10, run=ledger.tell_all_held),
            Job("close the day", every_seconds=5, run=batches.close_when_due),
            writing,
        ],
    )


def create_app() -> FastAPI:
    return serve("billing", assemble)
