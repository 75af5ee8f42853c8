"""What notification does by itself: it sends what is due, through a gateway."""

from services.notification.jobs.file_gateway import FileGateway
from services.notification.jobs.gateway import SmsGateway
from services.notification.jobs.http_gateway import HttpGateway
from services.notification.jobs.sending import Sending

__all__ = ["FileGateway", "HttpGateway", "Sending", "SmsGateway"]
