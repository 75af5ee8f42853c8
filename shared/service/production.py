"""Checks the settings at the start: unreadable values, and in production settings of the demo."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import ValidationError

from shared.logs import say
from shared.sealed import KEYS_OF
from shared.settings import Settings

FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO
SHORTEST_KEY = 32
SHORTEST_SECRET = 16
MISCONFIGURED = 78
"""The exit code for it (EX_CONFIG of sysexits.h)."""
OF_THE_DEMO = {
    "sms_sender": "the name that patients see as the sender of a text",
    "customer_service_phone": "the number of the region's customer service",
    "email_sender": "the address that e-mail comes from",
    "buyer_gln": "the region's global location number",
    "cost_centre": "the region's cost centre",
}
"""Settings whose default is the demo's, and what is to be set."""
ADDRESSES = ("mongodb_url", "rabbitmq_url", "rabbitmq_partners_url")


def settings_of(service: str) -> Settings:
    """Read the settings; ends the process with a line for each fault, all at once, and no traceback."""
    try:
        settings = Settings()
    except ValidationError as wrong:
        faults = [unreadable(each["loc"], each["msg"]) for each in wrong.errors(include_input=False)]
    else:
        faults = list(against(settings, service)) if settings.mode == "production" else []
        if not faults:
            return settings
    for fault in faults:
        say(f"{service} does not start: {fault}")
    raise SystemExit(MISCONFIGURED)


def unreadable(place: tuple[int | str, ...], why: str) -> str:
    """Name the variable; the value may be a secret and is not printed."""
    name = str(place[0]) if place else "?"
    return f"{name if name.isupper() else variable(name)} cannot be read: {why}."


def variable(name: str) -> str:
    """Give the name of the environment variable that a setting is read from."""
    return name.upper() if name in ADDRESSES else f"SESAM_{name.upper()}"


def against(settings: Settings, service: str) -> Iterator[str]:
    """Give every reason against starting in production, each with its variable and what to set."""
    yield from _of_the_demo(settings)
    yield from about_the_provider(settings)
    for name in ADDRESSES:
        address = urlsplit(str(getattr(settings, name)))
        if not address.username or (address.username, address.password) == ("guest", "guest"):
            yield f"{variable(name)} names no account of this service: set it with user and password."
    if not settings.distributors:
        yield (
            "SESAM_DISTRIBUTORS names nobody: set it to the ids of the region's distributors, "
            'as JSON such as ["north"].'
        )
    if settings.clock_file:
        yield "SESAM_CLOCK_FILE sets the clock to any day: remove it."
    if settings.faults:
        yield "SESAM_FAULTS breaks the service on purpose: remove it."
    if not settings.register_url:
        yield "SESAM_REGISTER_URL is not set: set it to the region's adapter to the population register."
    if service == "ordering" and not settings.virus_scanner:
        yield "SESAM_VIRUS_SCANNER is not set: set it to host and port of a ClamAV daemon."
    yield from _about_files(settings, service)


def _of_the_demo(settings: Settings) -> Iterator[str]:
    for name, what in OF_THE_DEMO.items():
        value = getattr(settings, name)
        if value == Settings.model_fields[name].default or not str(value).strip():
            yield f"{variable(name)} is the demo's: set it to {what}."


def about_the_provider(settings: Settings) -> Iterator[str]:
    """Give every reason against how this process knows the provider, and is known there."""
    issuer = urlsplit(settings.issuer_url)
    if settings.issuer_url == Settings.model_fields["issuer_url"].default:
        yield "SESAM_ISSUER_URL is the demo's issuer: set it to the region's OpenID provider."
    elif issuer.scheme != "https":
        yield "SESAM_ISSUER_URL is not https: whoever is on the way could sign in as anybody."
    if settings.token_auth == "private_key_jwt":  # noqa: S105  the name of a way, no secret
        if not settings.client_key_file:
            yield "SESAM_CLIENT_KEY_FILE is not set: set it to the service's private key, as JWK."
    elif settings.service_secret == Settings.model_fields["service_secret"].default:
        yield "SESAM_SERVICE_SECRET is the demo's: set it to the secret that the provider gave this service."
    elif len(settings.service_secret) < SHORTEST_SECRET:
        yield f"SESAM_SERVICE_SECRET is shorter than {SHORTEST_SECRET} characters: let the provider make one."


def _about_files(settings: Settings, service: str) -> Iterator[str]:
    for name in ("keys_file", "client_key_file", "sms_password_file", "smtp_password_file"):
        path: Path | None = getattr(settings, name)
        if path is None:
            continue
        trouble = unsafe(path)
        if trouble:
            yield f"{variable(name)} names {path}, {trouble}."
        elif name == "keys_file":
            yield from (f"SESAM_KEYS_FILE names {path}, {each}." for each in _wrong_keys(path, service))


def unsafe(path: Path) -> str | None:
    """Say why a file of secrets may not be used; None when it may."""
    try:
        mode, size = path.stat().st_mode, path.stat().st_size
        path.open("rb").close()
    except OSError as trouble:
        return f"which cannot be read ({trouble.strerror})"
    if mode & FOR_OTHERS:
        return f"which others may read: chmod 600 {path}"
    return None if size else "which is empty"


def _wrong_keys(path: Path, service: str) -> Iterator[str]:
    try:
        keys = json.loads(path.read_text())
        seal = {str(purpose): list(of_it) for purpose, of_it in keys["seal"].items()}
        named = {name: keys.get(name) or "" for name in ("lookup", "audit")}
    except (ValueError, KeyError, TypeError, AttributeError):
        yield "which is no key file: make one with ./sesam keys"
        return
    needed, needs = KEYS_OF[service], {str(each) for each in KEYS_OF[service].purposes}
    for purpose in sorted(needs - seal.keys()):
        yield f"which has no key for {purpose}: make one with ./sesam keys"
    for purpose in sorted(seal.keys() - needs):
        yield f"which has a key for {purpose} that {service} does not need: give each service its own file"
    for purpose, of_it in sorted(seal.items()):
        if not of_it or not all(map(_is_key, of_it)):
            yield f"whose key for {purpose} is empty or no key"
    if keys.get("audit_root"):
        yield "which has the root of every service's audit key: give each service its own file"
    elif len(str(named["audit"])) < SHORTEST_KEY:
        yield "whose audit key is empty or too short"
    if needed.lookup and len(str(named["lookup"])) < SHORTEST_KEY:
        yield "whose look-up key is empty or too short"
    if not needed.lookup and named["lookup"]:
        yield f"which has a look-up key that {service} does not need: give each service its own file"


def _is_key(text: object) -> bool:
    try:
        Fernet(str(text))
    except ValueError:
        return False
    return True
