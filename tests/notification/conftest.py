"""Notification in memory."""

import pytest

from services.notification import app as notification_app
from services.notification.app import assemble
from tests.notification.in_memory import AT, Gateway, Notification, Register
from tests.support import in_memory


@pytest.fixture
async def notification(monkeypatch: pytest.MonkeyPatch) -> Notification:
    gateway, register = Gateway(), Register()
    monkeypatch.setattr(notification_app, "_gateway", lambda _: gateway)
    return Notification(await in_memory("notification", assemble, at=AT, ask=register), gateway, register)
