"""Prescription, assembled."""

from functools import partial

from fastapi import FastAPI

from services.prescription.api import (
    attachments,
    copies,
    exemptions,
    functions,
    launch,
    lines,
    me,
    own,
    patient_contact,
    patient_desk,
    patients,
    prescriptions,
    prints,
    reachability,
    renewals,
    rules,
    search,
)
from services.prescription.api.launch import RecordSystems
from services.prescription.api.own_work import OwnWork
from services.prescription.api.own_work import routes as own_work_routes
from services.prescription.api.patient_desk import PatientDesk
from services.prescription.api.search import SearchDesk
from services.prescription.api.serving import Serving
from services.prescription.application.merging import Mergings
from services.prescription.application.residents import Residents
from services.prescription.domain.register import Register
from services.prescription.domain.rule_book import RuleBook
from services.prescription.gateways.register import register_of
from services.prescription.gateways.rule_book import PACKAGED, read_forms, read_rule_book
from services.prescription.handlers import handlers
from services.prescription.jobs.deadlines import date_earlier_prescriptions, meet_deadlines
from services.prescription.jobs.rounds import Rounds
from services.prescription.policy import RULES
from services.prescription.repository.collections import COLLECTIONS, Prescribing
from shared.http import Router
from shared.http.access_log import access_log
from shared.http.language import call_customer_service_on
from shared.service.definition import Assembled, Job, Parts
from shared.service.process import serve

DEADLINES_EVERY_SECONDS = 60
REFRESH_EVERY_SECONDS = 30
NIGHT_EVERY_SECONDS = 60
MERGED_EVERY_SECONDS = 20


def assemble(parts: Parts) -> Assembled:
    return assemble_with(register_of(parts.settings, parts.clock), parts)


def assemble_with(register: Register, parts: Parts) -> Assembled:
    """Assemble around a population register."""
    call_customer_service_on(parts.settings.customer_service_phone)
    prescribing = Prescribing(parts.repository)
    residents = Residents(
        prescribing, register, parts.seals, parts.clock, own_county=parts.settings.register_county
    )
    rounds = Rounds(
        prescribing,
        residents,
        parts.clock,
        parts.seals,
        asks_per_minute=parts.settings.register_asks_per_minute,
    )
    book = read_rule_book(parts.settings.rule_book or PACKAGED)
    return Assembled(
        name="prescription",
        collections=COLLECTIONS,
        policy=RULES,
        note_refused=parts.repository.note_refused,
        routers=[
            *_about_patients(parts, prescribing, residents, book),
            *_about_prescribing(parts, prescribing, residents, book),
            reachability.routes(prescribing, residents),
            access_log("prescription", parts.repository),
        ],
        ears=handlers(prescribing, parts.clock, parts.seals),
        jobs=[
            Job("deadlines", DEADLINES_EVERY_SECONDS, partial(meet_deadlines, prescribing, parts.clock)),
            Job("night", NIGHT_EVERY_SECONDS, rounds.ask_register),
            Job("names", REFRESH_EVERY_SECONDS, rounds.index_names),
            Job("refresh", REFRESH_EVERY_SECONDS, residents.refresh_due),
            Job("merged", MERGED_EVERY_SECONDS, Mergings(prescribing, parts.clock).follow_up),
        ],
        before_start=[partial(date_earlier_prescriptions, prescribing)],
    )


def _about_patients(
    parts: Parts, prescribing: Prescribing, residents: Residents, book: RuleBook
) -> list[Router]:
    clock, seals = parts.clock, parts.seals
    own_work = OwnWork(prescribing, seals)
    launches = RecordSystems(parts.settings.launch_keys_file, clock)
    return [
        patients.routes(prescribing, residents, own_work, clock, seals=seals, book=book),
        patient_desk.routes(PatientDesk(prescribing, residents, clock, seals)),
        patient_contact.routes(prescribing, residents, clock, seals, own_work=own_work),
        search.routes(SearchDesk(prescribing, residents, own_work, seals, clock), prescribing, clock),
        launch.routes(launches, prescribing, residents, own_work, clock),
        own.routes(),
        own_work_routes(prescribing, own_work),
    ]


def _about_prescribing(
    parts: Parts, prescribing: Prescribing, residents: Residents, book: RuleBook
) -> list[Router]:
    clock, seals = parts.clock, parts.seals
    forms = read_forms(parts.settings.rule_book or PACKAGED)
    return [
        copies.routes(prescribing, clock, book),
        attachments.routes(prescribing, clock, forms),
        prescriptions.routes(prescribing, residents, clock, book),
        lines.routes(prescribing, clock),
        prints.routes(prescribing, clock, seals),
        renewals.routes(prescribing, clock, seals),
        exemptions.routes(prescribing, clock),
        rules.routes(book, clock),
        me.routes(prescribing, clock, book),
        functions.routes(prescribing, Serving(prescribing, OwnWork(prescribing, seals), clock), clock, book),
    ]


def create_app() -> FastAPI:
    return serve("prescription", assemble)
