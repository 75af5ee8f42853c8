"""Notification in memory."""

from pathlib import Path
from typing import Any

import pytest

from services.notification import app as notification_app
from services.notification.app import assemble
from tests.notification.in_memory import AT, Gateway, Notification, Register
from tests.support import in_memory


@pytest.fixture
async def notification(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Notification:
    gateway, register = Gateway(), Register()
    monkeypatch.setattr(notification_app, "_gateway", lambda _: gateway)
    folders: dict[str, Any] = {"email_dir": tmp_path / "email", "letter_dir": tmp_path / "letters"}
    service = await in_memory("notification", assemble, at=AT, ask=register, **folders)
    return Notification(service, gateway, register, tmp_path)
