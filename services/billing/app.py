"""Puts the billing service together."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from fastapi import FastAPI

from services.billing.api import (
    batch_routes,
    compensation_routes,
    correction_routes,
    fee_routes,
    reconciliation_routes,
    tariff_routes,
    waiver_routes,
)
from services.billing.application.answers import Answers
from services.billing.application.article_names import ArticleNames
from services.billing.application.batches import Batches, Shape
from services.billing.application.compensations import Compensations
from services.billing.application.corrections import Corrections
from services.billing.application.device_fees import DeviceFees
from services.billing.application.guardians import Guardians
from services.billing.application.ledger import Ledger
from services.billing.application.reconciliations import Reconciliations
from services.billing.application.tariffs import Tariffs
from services.billing.application.waivers import Waivers
from services.billing.application.withdrawals import Withdrawals
from services.billing.domain.files import csv_file, fixed_width
from services.billing.gateways.files import Files
from services.billing.handlers import handlers
from services.billing.jobs.merged import follow_merged
from services.billing.policy import RULES
from services.billing.repository.collections import COLLECTIONS
from services.billing.repository.figures import figures
from shared.http.access_log import access_log
from shared.http.language import call_customer_service_on
from shared.messaging.consuming import Subscriptions
from shared.service.definition import Dependencies, Job, ServiceDefinition
from shared.service.operations import operations
from shared.service.process import serve
from shared.settings import Settings

EMBEDDED_SECONDS = 2


@dataclass(frozen=True)
class UseCases:
    """All that billing keeps, each with who keeps it."""

    ledger: Ledger
    tariffs: Tariffs
    corrections: Corrections
    compensations: Compensations
    waivers: Waivers
    withdrawals: Withdrawals
    device_fees: DeviceFees
    guardians: Guardians
    article_names: ArticleNames
    batches: Batches
    answers: Answers
    reconciliations: Reconciliations


def assemble(dependencies: Dependencies) -> ServiceDefinition:
    call_customer_service_on(dependencies.settings.customer_service_phone)
    use_cases, clock = use_cases_of(dependencies), dependencies.clock
    writing = Job("write the day's files", every_seconds=5, run=use_cases.batches.write_all)
    every = partial(seconds_between, mode=dependencies.settings.mode)
    waiving = Job("carry out waivers", every_seconds=every(30), run=use_cases.waivers.carry_out)
    subscriptions = _subscriptions(use_cases, dependencies)
    return ServiceDefinition(
        name="billing",
        collections=COLLECTIONS,
        policy=RULES,
        note_refused=dependencies.repository.note_refused,
        routers=[
            tariff_routes(use_cases.tariffs),
            fee_routes(use_cases.ledger, use_cases.guardians, use_cases.article_names),
            correction_routes(use_cases.corrections),
            compensation_routes(use_cases.compensations),
            waiver_routes(use_cases.waivers, carry_out_soon=waiving.wake.set),
            batch_routes(use_cases.batches, use_cases.ledger, clock, write_soon=writing.wake.set),
            reconciliation_routes(use_cases.reconciliations),
            access_log("billing", dependencies.repository),
            operations("billing", dependencies, subscriptions),
        ],
        subscriptions=subscriptions,
        jobs=jobs_of(use_cases, dependencies, soon=(writing, waiving)),
        figures=figures(dependencies.repository),
    )


def _subscriptions(use_cases: UseCases, dependencies: Dependencies) -> Subscriptions:
    return handlers(
        use_cases.ledger,
        use_cases.corrections,
        use_cases.withdrawals,
        use_cases.device_fees,
        dependencies.clock,
        compensations=use_cases.compensations,
        repository=dependencies.repository,
        cost_centre=dependencies.settings.cost_centre,
    )


def use_cases_of(dependencies: Dependencies) -> UseCases:
    repository, clock = dependencies.repository, dependencies.clock
    ledger, tariffs = Ledger(repository, clock), Tariffs(repository, clock)
    files = Files(dependencies.settings.export_dir)
    batches = Batches(repository, clock, dependencies.seals, files, shapes=shapes_of(dependencies.settings))
    return UseCases(
        ledger=ledger,
        tariffs=tariffs,
        corrections=Corrections(repository, clock),
        compensations=Compensations(repository, clock, cost_centre=dependencies.settings.cost_centre),
        waivers=Waivers(repository, clock),
        withdrawals=Withdrawals(repository),
        device_fees=DeviceFees(repository, clock),
        guardians=Guardians(repository, dependencies.seals, clock),
        article_names=ArticleNames(repository),
        batches=batches,
        answers=Answers(repository, clock, dependencies.settings.export_dir, batches=batches, ledger=ledger),
        reconciliations=Reconciliations(repository, clock),
    )


def jobs_of(use_cases: UseCases, dependencies: Dependencies, *, soon: Sequence[Job]) -> list[Job]:
    """Give what is done because time passes; what a request wakes too comes last."""
    every = partial(seconds_between, mode=dependencies.settings.mode)
    follow = partial(
        follow_merged,
        dependencies.repository,
        use_cases.ledger,
        use_cases.corrections,
        use_cases.withdrawals,
        dependencies.clock,
    )
    return [
        Job(
            "tell what waited for its payer or its day", every_seconds=10, run=use_cases.ledger.send_all_held
        ),
        Job("let deferred fees fall due", every_seconds=10, run=use_cases.device_fees.settle_all_due),
        Job("close the day", every_seconds=every(5), run=use_cases.batches.close_when_due),
        Job("read invoicing's answers", every_seconds=every(10), run=use_cases.answers.read_all),
        Job("watch for files that nobody answers", every_seconds=every(60), run=use_cases.batches.watch),
        Job("follow merged patients", every_seconds=every(30), run=follow),
        Job("add up the days", every_seconds=every(30), run=use_cases.reconciliations.reconcile_when_due),
        *soon,
    ]


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
