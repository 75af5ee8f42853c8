"""Reads the gateway's settings at the start; in production with those of the demo it does not start."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from pydantic import ValidationError

from gateway.sessions.kept import session_keys
from gateway.settings import GatewaySettings
from shared.logs import say
from shared.service.production import MISCONFIGURED, about_the_provider, unreadable, unsafe


def settings_read() -> GatewaySettings:
    """Read the settings; ends the process with a line for each fault, all at once, and no traceback."""
    try:
        settings = GatewaySettings()
    except ValidationError as wrong:
        faults = [unreadable(each["loc"], each["msg"]) for each in wrong.errors(include_input=False)]
    else:
        faults = list(against(settings)) if settings.mode == "production" else []
        if not faults:
            return settings
    for fault in faults:
        say(f"gateway does not start: {fault}")
    raise SystemExit(MISCONFIGURED)


def against(settings: GatewaySettings) -> Iterator[str]:
    """Give every reason against starting in production, each with its variable and what to set (N7)."""
    yield from about_the_provider(settings)
    if urlsplit(settings.gateway_url).scheme != "https":
        yield "SESAM_GATEWAY_URL is not https: set it to the address at which people reach the gateway."
    if settings.clock_file:
        yield "SESAM_CLOCK_FILE sets the clock to any day: remove it."
    if trouble := unsafe(settings.session_key_file):
        yield f"SESAM_SESSION_KEY_FILE names {settings.session_key_file}, {trouble}."
        return
    try:
        session_keys(settings.session_key_file)
    except ValueError:
        yield f"SESAM_SESSION_KEY_FILE names {settings.session_key_file}, no JSON list of Fernet keys."
