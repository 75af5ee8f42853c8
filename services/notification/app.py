"""Notification assembled."""

from fastapi import FastAPI

from services.notification.api import message_routes, task_routes
from services.notification.handlers import handlers
from services.notification.jobs import FileGateway, HttpGateway, Sending, SmsGateway
from services.notification.jobs.http_gateway import gateway_client
from services.notification.repository import MESSAGES, TASKS, Messages, Tasks
from shared.assembled import Assembled, Job, Parts
from shared.service import serve
from shared.settings import Settings


def assemble(parts: Parts) -> Assembled:
    messages, tasks = Messages(parts.repository, parts.clock), Tasks(parts.repository)
    sending = Sending(
        messages,
        _gateway(parts.settings),
        ask=parts.ask,
        clock=parts.clock,
        seals=parts.seals,
        sender=parts.settings.sms_sender,
    )
    job = Job("send what is due", every_seconds=0.5, run=sending.run)
    return Assembled(
        name="notification",
        collections=[MESSAGES, TASKS],
        routers=[message_routes(messages), task_routes(tasks)],
        ears=handlers(messages, tasks, parts.clock, send_soon=job.wake.set),
        jobs=[job],
    )


def create_app() -> FastAPI:
    return serve("notification", assemble)


def _gateway(settings: Settings) -> SmsGateway:
    if settings.sms_adapter == "file":
        return FileGateway(settings.sms_file)
    return HttpGateway(gateway_client(), settings.sms_gateway_url)
