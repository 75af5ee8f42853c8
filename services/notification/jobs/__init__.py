"""What notification does by itself: it sends what is due, and looks at what waits too long."""

from services.notification.jobs.carriers import Carriers, Wording
from services.notification.jobs.carrying import EmailServer, PrintQueue, SmsGateway
from services.notification.jobs.escalation import Escalation
from services.notification.jobs.file_gateway import FileGateway
from services.notification.jobs.http_gateway import KEPT_SECONDS, ElksGateway, HttpGateway, gateway_client
from services.notification.jobs.letters import LetterFolder
from services.notification.jobs.mail import EmailFolder, MailServer, SmtpEmail
from services.notification.jobs.sending import Sending

__all__ = [
    "KEPT_SECONDS",
    "Carriers",
    "ElksGateway",
    "EmailFolder",
    "EmailServer",
    "Escalation",
    "FileGateway",
    "HttpGateway",
    "LetterFolder",
    "MailServer",
    "PrintQueue",
    "Sending",
    "SmsGateway",
    "SmtpEmail",
    "Wording",
    "gateway_client",
]
