"""Puts the prescription service together."""

from functools import partial

from fastapi import FastAPI

from services.prescription.api.own import columns, drafts, functions, guidance, identity, me, settings
from services.prescription.api.own.work import OwnWork
from services.prescription.api.own.work import routes as own_work_routes
from services.prescription.api.patients import (
    contact,
    launch,
    names,
    patients,
    reachability,
    registering,
    search,
)
from services.prescription.api.patients.launch import RecordSystems
from services.prescription.api.patients.registering import PatientDesk
from services.prescription.api.patients.search import SearchDesk
from services.prescription.api.prescriptions import (
    attachments,
    copies,
    lines,
    prescriptions,
    prints,
    renewals,
)
from services.prescription.api.rules import device_rules, exemptions, rules
from services.prescription.api.serving import Serving
from services.prescription.application.importing_prescribers import import_prescribers
from services.prescription.application.merging import Mergings
from services.prescription.application.prescribers import Prescribers, publish_device_rules
from services.prescription.application.residents import Residents
from services.prescription.domain.patients.register import Register
from services.prescription.domain.rules.device_rules import DeviceRules
from services.prescription.domain.rules.rule_book import RuleBook
from services.prescription.gateways.guidance import read_guidance
from services.prescription.gateways.register import register_of
from services.prescription.gateways.rule_book import PACKAGED, read_device_rules, read_forms, read_rule_book
from services.prescription.handlers import handlers
from services.prescription.jobs.deadlines import date_earlier_prescriptions, meet_deadlines
from services.prescription.jobs.rounds import Rounds
from services.prescription.policy import RULES
from services.prescription.repository.collections import COLLECTIONS
from services.prescription.repository.prescriptions import Prescribing
from shared.http import Router
from shared.http.access_log import access_log
from shared.http.language import call_customer_service_on
from shared.service.definition import Dependencies, Job, ServiceDefinition
from shared.service.operations import operations
from shared.service.process import serve

__all__ = ["assemble", "create_app", "import_prescribers"]

DEADLINES_EVERY_SECONDS = 60
REFRESH_EVERY_SECONDS = 30
NIGHT_EVERY_SECONDS = 60
MERGED_EVERY_SECONDS = 20


def assemble(dependencies: Dependencies) -> ServiceDefinition:
    return assemble_with(register_of(dependencies.settings, dependencies.clock), dependencies)


def assemble_with(register: Register, dependencies: Dependencies) -> ServiceDefinition:
    """Assemble around a population register."""
    call_customer_service_on(dependencies.settings.customer_service_phone)
    prescribing, clock, seals = Prescribing(dependencies.repository), dependencies.clock, dependencies.seals
    own_county = dependencies.settings.register_county
    residents = Residents(prescribing, register, seals, clock, own_county=own_county)
    folder = dependencies.settings.rule_book or PACKAGED
    book, of_devices = read_rule_book(folder), read_device_rules(folder)
    subscriptions = handlers(prescribing, clock, seals)
    return ServiceDefinition(
        name="prescription",
        collections=COLLECTIONS,
        policy=RULES,
        note_refused=dependencies.repository.note_refused,
        routers=[
            *_about_patients(dependencies, prescribing, residents, book),
            *_about_prescribing(dependencies, prescribing, residents, book),
            *_about_devices(dependencies, prescribing, book, of_devices),
            reachability.routes(prescribing, residents),
            access_log("prescription", dependencies.repository),
            operations("prescription", dependencies, subscriptions),
        ],
        subscriptions=subscriptions,
        jobs=_jobs(dependencies, prescribing, residents),
        before_start=[
            partial(date_earlier_prescriptions, prescribing),
            partial(publish_device_rules, prescribing, of_devices),
        ],
    )


def _jobs(dependencies: Dependencies, prescribing: Prescribing, residents: Residents) -> list[Job]:
    clock = dependencies.clock
    deadlines = partial(meet_deadlines, prescribing, clock)
    rounds = Rounds(
        prescribing,
        residents,
        clock,
        dependencies.seals,
        asks_per_minute=dependencies.settings.register_asks_per_minute,
    )
    return [
        Job("deadlines", every_seconds=DEADLINES_EVERY_SECONDS, run=deadlines),
        Job("night", every_seconds=NIGHT_EVERY_SECONDS, run=rounds.ask_register),
        Job("names", every_seconds=REFRESH_EVERY_SECONDS, run=rounds.index_names),
        Job("refresh", every_seconds=REFRESH_EVERY_SECONDS, run=residents.refresh_due),
        Job("merged", every_seconds=MERGED_EVERY_SECONDS, run=Mergings(prescribing, clock).follow_up),
    ]


def _about_patients(
    dependencies: Dependencies, prescribing: Prescribing, residents: Residents, book: RuleBook
) -> list[Router]:
    clock, seals = dependencies.clock, dependencies.seals
    own_work = OwnWork(prescribing, seals)
    launches = RecordSystems(dependencies.settings.launch_keys_file, clock)
    return [
        patients.routes(prescribing, residents, own_work, clock, seals=seals, book=book),
        registering.routes(PatientDesk(prescribing, residents, clock, seals)),
        contact.routes(prescribing, residents, clock, seals, own_work=own_work),
        search.routes(SearchDesk(prescribing, residents, own_work, seals, clock), prescribing, clock),
        names.routes(prescribing, seals),
        launch.routes(launches, prescribing, residents, own_work, clock),
        own_work_routes(prescribing, own_work),
        guidance.routes(prescribing, read_guidance(), clock),
    ]


def _about_prescribing(
    dependencies: Dependencies, prescribing: Prescribing, residents: Residents, book: RuleBook
) -> list[Router]:
    clock, seals = dependencies.clock, dependencies.seals
    forms = read_forms(dependencies.settings.rule_book or PACKAGED)
    return [
        copies.routes(prescribing, clock, book),
        attachments.routes(prescribing, clock, forms),
        prescriptions.routes(prescribing, residents, clock, book),
        lines.routes(prescribing, clock),
        prints.routes(prescribing, clock, seals),
        renewals.routes(prescribing, clock, seals),
        exemptions.routes(prescribing, clock),
        rules.routes(book, clock),
        functions.routes(prescribing, Serving(prescribing, OwnWork(prescribing, seals), clock), clock, book),
    ]


def _about_devices(
    dependencies: Dependencies, prescribing: Prescribing, book: RuleBook, rules: DeviceRules
) -> list[Router]:
    prescribers = Prescribers(prescribing, dependencies.clock)
    return [
        device_rules.routes(prescribers, rules, dependencies.clock),
        settings.routes(prescribing),
        columns.routes(prescribing),
        drafts.routes(prescribing, dependencies.clock),
        identity.routes(prescribers),
        me.routes(prescribing, dependencies.clock, book, rules),
    ]


def create_app() -> FastAPI:
    return serve("prescription", assemble)
