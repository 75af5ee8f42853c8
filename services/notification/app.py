"""Puts the notification service together."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI

from services.notification.api import (
    message_routes,
    news_routes,
    receipt_routes,
    support_routes,
    task_routes,
)
from services.notification.application.guardians import Guardians
from services.notification.application.messages import Messages
from services.notification.application.sending import Sending
from services.notification.application.tasks import Tasks
from services.notification.gateways.carriers import Carriers, Wording
from services.notification.gateways.carrying import EmailServer, SmsGateway
from services.notification.gateways.file_gateway import FileGateway
from services.notification.gateways.http_gateway import KEPT_SECONDS, ElksGateway, HttpGateway, gateway_client
from services.notification.gateways.letters import LetterFolder
from services.notification.gateways.links import ReceiptLinks
from services.notification.gateways.mail import EmailFolder, MailServer, SmtpEmail
from services.notification.handlers import handlers
from services.notification.jobs.escalation import escalate_overdue
from services.notification.policy import RULES
from services.notification.repository.collections import COLLECTIONS
from services.notification.repository.figures import figures
from shared.http.access_log import access_log
from shared.http.language import call_customer_service_on
from shared.service.definition import Dependencies, Job, ServiceDefinition
from shared.service.operations import operations
from shared.service.process import serve
from shared.settings import Settings


def assemble(dependencies: Dependencies) -> ServiceDefinition:
    call_customer_service_on(dependencies.settings.customer_service_phone)
    clock, seals = dependencies.clock, dependencies.seals
    messages, tasks = Messages(dependencies.repository, clock), Tasks(dependencies.repository, clock)
    links = _links(dependencies)
    carriers, guardians = _carriers(dependencies, links), Guardians(messages.queries, seals, clock)
    sending = Sending(messages, carriers, ask=dependencies.ask, clock=clock)
    subscriptions = handlers(messages, tasks, clock=clock, seals=seals, send_soon=sending.take)
    return ServiceDefinition(
        name="notification",
        collections=COLLECTIONS,
        policy=RULES,
        note_refused=dependencies.repository.note_refused,
        routers=[
            message_routes(messages, guardians, carriers, clock=clock, send_soon=sending.wake.set),
            task_routes(tasks, clock=clock, seals=seals),
            news_routes(dependencies.repository, clock=clock),
            support_routes(dependencies.repository, clock=clock, seals=seals),
            access_log("notification", dependencies.repository),
            operations("notification", dependencies, subscriptions),
        ],
        webhooks=[receipt_routes(messages, links, clock=clock)],
        subscriptions=subscriptions,
        jobs=_jobs(sending, tasks),
        figures=figures(dependencies.repository),
    )


def _jobs(sending: Sending, tasks: Tasks) -> list[Job]:
    return [
        Job("tidy up", every_seconds=1, run=sending.tidy),
        Job("send what is due", every_seconds=0.5, run=sending.run, wake=sending.wake),
        Job("look for reports", every_seconds=30, run=sending.look_for_reports),
        Job("escalate", every_seconds=30, run=partial(escalate_overdue, tasks)),
    ]


def create_app() -> FastAPI:
    return serve("notification", assemble)


def _links(dependencies: Dependencies) -> ReceiptLinks:
    own = f"{dependencies.settings.notification_url}/receipts"
    return ReceiptLinks(dependencies.seals, dependencies.settings.sms_receipts_url or own)


def _carriers(dependencies: Dependencies, links: ReceiptLinks) -> Carriers:
    settings = dependencies.settings
    return Carriers(
        _gateway(settings),
        _email(settings),
        LetterFolder(settings.letter_dir),
        seals=dependencies.seals,
        links=links,
        wording=Wording(settings.sms_sender, settings.customer_service_phone),
    )


def _gateway(settings: Settings) -> SmsGateway:
    if settings.sms_adapter == "file":
        return FileGateway(settings.sms_file)
    if settings.sms_adapter == "46elks":
        client = gateway_client(settings.sms_user, _secret(settings.sms_password_file))
        return ElksGateway(client, settings.sms_gateway_url)
    keeping = gateway_client(kept_seconds=KEPT_SECONDS)
    return HttpGateway(keeping, settings.sms_gateway_url, fresh=gateway_client())


def _email(settings: Settings) -> EmailServer:
    if settings.email_adapter == "file":
        return EmailFolder(settings.email_dir, sender=settings.email_sender)
    server = MailServer(
        settings.smtp_host,
        settings.smtp_port,
        starttls=settings.smtp_starttls,
        user=settings.smtp_user,
        password=_secret(settings.smtp_password_file),
    )
    return SmtpEmail(server, sender=settings.email_sender)


def _secret(file: Path | None) -> str:
    return file.read_text().strip() if file else ""
