"""Notification's collections and their indexes."""

from services.notification.domain.contact import Contact
from services.notification.domain.health import Health
from services.notification.domain.message import Message
from services.notification.domain.news import NewsItem
from services.notification.domain.overtaken import Arrival
from services.notification.domain.task import Task
from shared.repository import (
    Collection,
    Partial,
)

MESSAGES = Collection(
    "messages",
    Message,
    indexes=(
        "state due_at",
        Partial("expires_at _id", "state", "due"),
        "patient_ref",
        "order_no",
        "report_by _id",
    ),
)
CONTACTS = Collection("contacts", Contact, indexes=("merged_into",))
NEWS = Collection("news", NewsItem, indexes=("valid_through",))
HEALTHS = Collection("healths", Health)
ARRIVALS = Collection("arrivals", Arrival)
TASKS = Collection(
    "tasks",
    Task,
    indexes=(
        "is_open roles place",
        "is_open roles care_unit place",
        "is_open kind place",
        "owner is_open place",
        "patient_ref is_open place",
        "is_open is_overdue due_at",
        "is_open role care_unit is_overdue owner",
    ),
)
"""The last one answers the counts alone: no task is read for them."""

COLLECTIONS = (ARRIVALS, CONTACTS, HEALTHS, MESSAGES, NEWS, TASKS)
