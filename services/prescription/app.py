"""Prescription, assembled."""

from functools import partial

from fastapi import FastAPI

from services.prescription.api import patients, prescriptions, reachability
from services.prescription.handlers import handlers
from services.prescription.jobs import end_expired_lines
from services.prescription.repository import COLLECTIONS, Prescribing
from shared.assembled import Assembled, Job, Parts
from shared.service import serve

EXPIRE_EVERY_SECONDS = 60


def assemble(parts: Parts) -> Assembled:
    prescribing = Prescribing(parts.repository)
    return Assembled(
        name="prescription",
        collections=COLLECTIONS,
        routers=[
            patients.routes(prescribing, parts.clock, parts.seals),
            prescriptions.routes(prescribing, parts.clock),
            reachability.routes(prescribing),
        ],
        ears=handlers(parts.repository, parts.clock),
        jobs=[Job("expire", EXPIRE_EVERY_SECONDS, partial(end_expired_lines, prescribing, parts.clock))],
    )


def create_app() -> FastAPI:
    return serve("prescription", assemble)
