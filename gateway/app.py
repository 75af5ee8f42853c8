"""Puts the gateway together: pages, sign-in, health; nothing else does."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response

from gateway.pages import (
    about,
    devices,
    finding,
    following,
    news,
    operations,
    patient,
    prescribing,
    sign_in,
    start,
    support,
    tasks,
    withdrawing,
)
from gateway.pages.clerks import overrides, registering, shortages
from gateway.pages.money import corrections, files, ledger, overview, tariffs, waivers
from gateway.pages.people import contact, fees, looked, messages
from gateway.services import Services
from gateway.sessions.documents import COLLECTION, MongoDocuments
from gateway.sessions.kept import Sessions, session_keys
from gateway.settings import GatewaySettings
from gateway.sign_in.attempt import Attempts
from gateway.sign_in.openid import OpenId
from gateway.starting import settings_read
from gateway.visit import LANGUAGE_COOKIE, Gateway, NobodySignedIn, Pages, ProviderSilent
from gateway.web import words
from gateway.web.forms import Forged
from gateway.web.headers import SafeHeaders
from gateway.web.rendering import static_file
from shared import logs
from shared.auth.keys import KnownKeys
from shared.auth.own_token import Credentials, private_key
from shared.auth.provider import Provider
from shared.auth.tokens import keys_at
from shared.clock import clock_from
from shared.http.limits import BodyLimit
from shared.http.line import RequestLine
from shared.http_client import http_client
from shared.repository.mongo.backend import connect
from shared.service.web import OWN_TRACES
from shared.tracing import TRACING

NAME = "gateway"
ASK_SECONDS = 5
ROOMS = (start, finding, devices, patient, prescribing, withdrawing, following, tasks, about)
ROOMS_OF_PEOPLE = (contact, fees, looked, messages)
ROOMS_OF_MONEY = (overview, ledger, corrections, waivers, files, tariffs)
ROOMS_OF_CLERKS = (news, support, operations, overrides, registering, shortages)


def create_app() -> FastAPI:
    """Make the process's application; everything outside is connected when it starts."""
    logs.set_up(NAME)
    settings = settings_read()
    TRACING.set_up(NAME, sample=settings.trace_sample, folder=settings.trace_dir)
    client = http_client(within_seconds=ASK_SECONDS)
    mongo = connect(settings.mongodb_url, app_name=NAME)
    collection = mongo[f"{settings.database_prefix}_{NAME}"][COLLECTION]
    clock = clock_from(settings.clock_file)
    keys = session_keys(settings.session_key_file)
    provider = Provider(
        client, settings.issuer_url, key_set_url=settings.key_set_url, token_url=settings.token_url
    )
    gateway = Gateway(
        settings=settings,
        clock=clock,
        sessions=Sessions(MongoDocuments(collection), clock, keys),
        attempts=Attempts(keys),
        openid=OpenId(
            client,
            provider,
            KnownKeys(keys_at(provider)),
            credentials(settings),
            clock=clock,
            gateway_url=settings.gateway_url,
            scope=settings.sign_in_scope,
            more=settings.sign_in_parameters,
        ),
        services=Services(client, settings),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(TRACING.close)
            stack.push_async_callback(mongo.close)
            stack.push_async_callback(client.aclose)
            yield

    async def database() -> bool:
        await mongo.admin.command("ping")
        return True

    return assembled(gateway, lifespan=lifespan, ready=database)


def credentials(settings: GatewaySettings) -> Credentials:
    """Give what the gateway shows the provider."""
    return Credentials(
        settings.client_id or NAME,
        settings.token_auth,
        secret=settings.service_secret,
        key=private_key(settings.client_key_file) if settings.client_key_file else None,
    )


async def always() -> bool:
    return True


def assembled(gateway: Gateway, *, lifespan: Any = None, ready: Any = always) -> FastAPI:
    """Give the application with all its pages, over whatever sessions, provider and services are given."""
    pages = Pages(gateway)
    for each in (*ROOMS, *ROOMS_OF_PEOPLE, *ROOMS_OF_CLERKS, *ROOMS_OF_MONEY):
        each.register(pages)
    app = FastAPI(
        title="Öppna Sesam",
        routes=[*pages.router.routes, *sign_in.router(gateway).routes],
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=OWN_TRACES,
    )
    app.add_api_route("/static/{stamp}/{name:path}", static_file, name="static_file", response_model=None)
    _add_health(app, ready)
    _add_errors(app, gateway)
    app.middleware("http")(partial(in_the_readers_language, gateway))
    app.add_middleware(BodyLimit)
    app.add_middleware(
        SafeHeaders, gateway_url=gateway.settings.gateway_url, issuer_url=gateway.settings.issuer_url
    )
    app.add_middleware(RequestLine)
    return app


async def in_the_readers_language(gateway: Gateway, request: Request, answer: Any) -> Response:
    """Answer in the language of the reader, a bug of ours too: outside of this nobody adds headers."""
    wanted = words.chosen(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language"))
    with words.speaking(wanted):
        try:
            response: Response = await answer(request)
        except Exception as error:  # noqa: BLE001  where a request enters
            about.note_failure(request, error)
            response = about.trouble(gateway, request, "failed", status=500)
    response.headers["Content-Language"] = wanted
    return response


def _add_errors(app: FastAPI, gateway: Gateway) -> None:
    async def nobody(request: Request, error: Exception) -> Response:
        form = error.form if isinstance(error, NobodySignedIn) else None
        return await sign_in.asked_to_sign_in(gateway, request, form)

    async def forged(request: Request, _: Exception) -> Response:
        return about.trouble(gateway, request, "forged", status=403)

    async def missing(request: Request, _: Exception) -> Response:
        return about.trouble(gateway, request, "missing", status=404)

    async def silent(request: Request, _: Exception) -> Response:
        return about.trouble(gateway, request, "no-provider", status=503)

    app.add_exception_handler(NobodySignedIn, nobody)
    app.add_exception_handler(Forged, forged)
    app.add_exception_handler(404, missing)
    app.add_exception_handler(405, missing)
    app.add_exception_handler(ProviderSilent, silent)


def _add_health(app: FastAPI, ready: Any) -> None:
    @app.get("/live", include_in_schema=False)
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @app.get("/ready", include_in_schema=False)
    async def is_ready(response: Response) -> dict[str, Any]:
        try:
            missing = [] if await ready() else ["database"]
        except Exception:  # noqa: BLE001  whatever it is: not ready
            missing = ["database"]
        response.status_code = 503 if missing else 200
        return {"ready": not missing, "missing": missing}
