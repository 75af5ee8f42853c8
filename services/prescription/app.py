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
from services.prescription.api.rule_book import PACKAGED, read_forms, read_rule_book
from services.prescription.api.search import SearchDesk
from services.prescription.domain.register import Register
from services.prescription.handlers import handlers
from services.prescription.jobs import date_earlier_prescriptions, meet_deadlines
from services.prescription.register.asking import register_of
from services.prescription.register.merging import Mergings
from services.prescription.register.residents import Residents
from services.prescription.repository import COLLECTIONS, Prescribing
from shared.assembled import Assembled, Job, Parts
from shared.http.access_log import access_log
from shared.service import serve

DEADLINES_EVERY_SECONDS = 60
REFRESH_EVERY_SECONDS = 30
MERGED_EVERY_SECONDS = 20


def assemble(parts: Parts) -> Assembled:
    return assemble_with(register_of(parts.settings, parts.clock), parts)


def assemble_with(register: Register, parts: Parts) -> Assembled:
    """Assemble around a population register."""
    prescribing = Prescribing(parts.repository)
    residents = Residents(
        prescribing, register, parts.seals, parts.clock, own_county=parts.settings.register_county
    )
    desk = PatientDesk(prescribing, residents, parts.clock, parts.seals)
    own_work = OwnWork(prescribing, parts.seals)
    searches = SearchDesk(prescribing, residents, own_work, parts.seals)
    launches = RecordSystems(parts.settings.launch_keys_file, parts.clock)
    folder = parts.settings.rule_book or PACKAGED
    book, forms = read_rule_book(folder), read_forms(folder)
    return Assembled(
        name="prescription",
        collections=COLLECTIONS,
        routers=[
            patients.routes(prescribing, residents, own_work, parts.clock, seals=parts.seals, book=book),
            patient_desk.routes(desk),
            patient_contact.routes(prescribing, residents, parts.clock, parts.seals),
            search.routes(searches, prescribing, parts.clock),
            launch.routes(launches, prescribing, residents, parts.clock),
            own.routes(),
            own_work_routes(prescribing, own_work),
            copies.routes(prescribing, parts.clock, book),
            attachments.routes(prescribing, parts.clock, forms),
            prescriptions.routes(prescribing, residents, parts.clock, book),
            lines.routes(prescribing, parts.clock),
            prints.routes(prescribing, parts.clock, parts.seals),
            renewals.routes(prescribing, parts.clock, parts.seals),
            exemptions.routes(prescribing, parts.clock),
            rules.routes(book, parts.clock),
            me.routes(prescribing, parts.clock, book),
            functions.routes(prescribing, parts.clock, book),
            reachability.routes(prescribing, residents),
            access_log("prescription", parts.repository),
        ],
        ears=handlers(prescribing, parts.clock, parts.seals),
        jobs=[
            Job("deadlines", DEADLINES_EVERY_SECONDS, partial(meet_deadlines, prescribing, parts.clock)),
            Job("refresh", REFRESH_EVERY_SECONDS, residents.refresh_due),
            Job("merged", MERGED_EVERY_SECONDS, Mergings(prescribing, parts.clock).follow_up),
        ],
        before_start=[partial(date_earlier_prescriptions, prescribing)],
    )


def create_app() -> FastAPI:
    return serve("prescription", assemble)
