"""Billing assembled."""

import json
from collections.abc import Mapping
from functools import partial

from fastapi import FastAPI

from services.billing.api import (
    batch_routes,
    correction_routes,
    fee_routes,
    reconciliation_routes,
    tariff_routes,
    waiver_routes,
)
from services.billing.domain import csv_file, fixed_width
from services.billing.handlers import handlers
from services.billing.jobs import follow_merged
from services.billing.repository import (
    COLLECTIONS,
    Answers,
    Batches,
    Corrections,
    Files,
    Ledger,
    Reconciliations,
    Shape,
    Tariffs,
    Waivers,
    Withdrawals,
    figures,
)
from shared.assembled import Assembled, Job, Parts
from shared.http.access_log import access_log
from shared.service import serve
from shared.settings import Settings

EMBEDDED_SECONDS = 2


def assemble(parts: Parts) -> Assembled:
    repository, clock = parts.repository, parts.clock
    ledger = Ledger(repository, clock)
    tariffs = Tariffs(repository, clock)
    corrections, waivers = Corrections(repository, clock), Waivers(repository, ledger, clock)
    withdrawals = Withdrawals(repository)
    files = Files(parts.settings.export_dir)
    batches = Batches(repository, clock, parts.seals, files, shapes=shapes_of(parts.settings))
    answers = Answers(repository, clock, files=files, batches=batches, ledger=ledger)
    reconciliations = Reconciliations(repository, ledger, tariffs, clock)
    writing = Job("write the day's files", every_seconds=5, run=batches.write_all)
    every = partial(seconds_between, mode=parts.settings.mode)
    return Assembled(
        name="billing",
        collections=COLLECTIONS,
        routers=[
            tariff_routes(tariffs),
            fee_routes(ledger),
            correction_routes(corrections),
            waiver_routes(waivers),
            batch_routes(batches, ledger, clock, write_soon=writing.wake.set),
            reconciliation_routes(reconciliations),
            access_log("billing", repository),
        ],
        ears=handlers(ledger, corrections, withdrawals, clock, cost_centre=parts.settings.cost_centre),
        jobs=[
            Job("tell what waited for its payer or its day", every_seconds=10, run=ledger.tell_all_held),
            Job("close the day", every_seconds=every(5), run=batches.close_when_due),
            writing,
            Job("read invoicing's answers", every_seconds=every(10), run=answers.read_all),
            Job("watch for files that nobody answers", every_seconds=every(60), run=batches.watch),
            Job(
                "follow merged patients",
                every_seconds=every(30),
                run=partial(follow_merged, ledger, corrections, withdrawals, clock),
            ),
            Job("carry out waivers", every_seconds=every(30), run=waivers.carry_out),
            Job("add up the days", every_seconds=every(30), run=reconciliations.reconcile_when_due),
        ],
        figures=figures(repository),
    )


def seconds_between(usual: float, *, mode: str) -> float:
    """Give how often a job runs: in the embedded run the clock is set to any day, and who set it waits."""
    return min(usual, EMBEDDED_SECONDS) if mode == "embedded" else usual


def shapes_of(settings: Settings) -> Mapping[str, Shape]:
    """Give the other shapes of the day's file that this region's receiver reads."""
    layout = fixed_width.Layout()
    if settings.fixed_width_layout:
        layout = fixed_width.Layout(**json.loads(settings.fixed_width_layout.read_text()))
    known: Mapping[str, tuple[str, Shape]] = {
        "fixed_width": (fixed_width.ENDS, partial(fixed_width.fixed_width, layout=layout)),
        "csv": (csv_file.ENDS, csv_file.csv_file),
    }
    return dict(known[each] for each in settings.invoice_shapes)


def create_app() -> FastAPI:
    return serve("billing", assemble)
