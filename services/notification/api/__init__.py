"""The HTTP routes of notification: messages, tasks, and gateways' reports."""

from services.notification.api.messages import message_routes
from services.notification.api.news import news_routes
from services.notification.api.receipts import receipt_routes
from services.notification.api.support import support_routes
from services.notification.api.tasks import task_routes

__all__ = ["message_routes", "news_routes", "receipt_routes", "support_routes", "task_routes"]
