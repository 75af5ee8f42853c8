"""The HTTP routes of notification: messages, tasks, and gateways' reports."""

from services.notification.api.messages import message_routes
from services.notification.api.receipts import receipt_routes
from services.notification.api.tasks import task_routes

__all__ = ["message_routes", "receipt_routes", "task_routes"]
