"""What notification keeps: messages, contacts, how its gateways do, and tasks."""

from services.notification.repository.figures import figures
from services.notification.repository.links import ReceiptLinks
from services.notification.repository.messages import ARRIVALS, CONTACTS, HEALTHS, MESSAGES, Messages
from services.notification.repository.tasks import TASKS, Tasks, TasksWanted

COLLECTIONS = (MESSAGES, CONTACTS, HEALTHS, ARRIVALS, TASKS)

__all__ = [
    "COLLECTIONS",
    "CONTACTS",
    "HEALTHS",
    "MESSAGES",
    "TASKS",
    "Messages",
    "ReceiptLinks",
    "Tasks",
    "TasksWanted",
    "figures",
]
