"""A gateway whose services, provider and sessions are a test's own."""

from pathlib import Path
from typing import Any

import httpx

from gateway.app import credentials
from gateway.services import Services
from gateway.sessions.kept import Documents, Sessions, new_session_keys, session_keys
from gateway.settings import GatewaySettings
from gateway.sign_in.attempt import Attempts
from gateway.sign_in.openid import OpenId
from gateway.visit import Gateway
from services import SERVICES
from shared.auth.keys import KnownKeys
from shared.auth.provider import Provider
from shared.auth.tokens import keys_at
from shared.clock import Clock
from tools.demo.issuer import Issuer, kept_key
from tools.demo.settings import DemoSettings


def issuer_in(folder: Path, clock: Clock, *, gateway_url: str, issuer_url: str) -> Issuer:
    """Give the demo's issuer, which knows the gateway that `gateway_in` makes in the same folder."""
    kept_key(folder / "gateway.json")
    settings = DemoSettings(
        mode="embedded",
        issuer_url=issuer_url,
        gateway_url=gateway_url,
        issuer_key_file=folder / "issuer.json",
        gateway_key_file=folder / "gateway.json",
    )
    return Issuer(settings, clock)


def gateway_in(
    folder: Path,
    clock: Clock,
    outside: httpx.AsyncBaseTransport,
    documents: Documents,
    *,
    gateway_url: str,
    issuer_url: str,
) -> Gateway:
    """Give a gateway that finds each service at its name, and the provider at its address, in `outside`."""
    new_session_keys(folder / "sessions.json")
    keys = session_keys(folder / "sessions.json")
    told: dict[str, Any] = {f"{each}_url": f"http://{each}" for each in SERVICES}
    settings = GatewaySettings(
        mode="embedded",
        gateway_url=gateway_url,
        issuer_url=issuer_url,
        token_auth="private_key_jwt",
        client_key_file=folder / "gateway.json",
        **told,
    )
    client = httpx.AsyncClient(transport=outside)
    provider = Provider(client, issuer_url)
    openid = OpenId(
        client,
        provider,
        KnownKeys(keys_at(provider)),
        credentials(settings),
        clock=clock,
        gateway_url=gateway_url,
    )
    sessions = Sessions(documents, clock, keys)
    return Gateway(settings, clock, sessions, Attempts(keys), openid, Services(client, settings))
