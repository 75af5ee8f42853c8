"""A service as a running process: it consumes, publishes, answers requests and runs its jobs."""

import asyncio
import gc
import os
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from typing import Any

import httpx
import structlog
from fastapi import FastAPI
from faststream.rabbit import RabbitBroker
from opentelemetry.trace import SpanKind

from shared import fault, logs, tracing
from shared.auth.own_token import Credentials, OwnToken, private_key
from shared.auth.provider import Provider
from shared.auth.tokens import Verifier, keys_at
from shared.clock import Clock, clock_from
from shared.http.rates import Rates
from shared.http_client import http_client
from shared.messaging.broker import broker_of
from shared.messaging.consumers import Consumers
from shared.messaging.consuming import PARKED, Dispatcher
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.repository import Repository
from shared.repository.audit.chain import Chain
from shared.repository.audit.signing import Signing, heads_of
from shared.repository.backend import Backend
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import Seals, seals_from
from shared.service.definition import Assemble, Dependencies, ServiceDefinition
from shared.service.jobs import JobHeartbeats, again_and_again
from shared.service.keys_read import keys_read_job
from shared.service.metrics import seldom
from shared.service.production import settings_of
from shared.service.readiness import Readiness, outbox_is_young, primary_is_reached
from shared.service.web import application
from shared.settings import Settings
from shared.tracing import TRACING

START_SECONDS = 30
START_SECONDS_EMBEDDED = 120
ASK_SECONDS = 5
AGAIN_AFTER_SECONDS = 0.3
"""By then a clock that was moved for all of us has been looked at by all."""
COUNT_SECONDS = 60
COLLECT_AFTER = (10_000, 20, 20)
TURN_SECONDS = 0.0005
"""So long a transaction waits for its turn, at each answer of the database, while the loop computes; by
default it is ten times as long."""

log = structlog.get_logger()


def repository_of(backend: Backend, *, service: str, clock: Clock, seals: Seals) -> Repository:
    """Give a repository whose audit rows form a chain of this process's own."""
    writer = f"{service}-{clock.now():%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    return Repository(
        backend, service=service, clock=clock, chain=Chain(writer, seals.audit_keys(service)[0])
    )


def serve(service: str, assemble: Assemble) -> FastAPI:
    """Make the process's application; everything outside is connected when it starts."""
    logs.set_up(service)
    settings = settings_of(service)
    TRACING.set_up(service, sample=settings.trace_sample, folder=settings.trace_dir)
    fault.arm(service, settings.faults, book=settings.fault_book, mode=settings.mode)
    clock = clock_from(settings.clock_file)
    seals = seals_from(settings.keys_file, service=service)
    client = http_client(within_seconds=ASK_SECONDS)
    mongo = connect(settings.mongodb_url, app_name=service)
    backend = Mongo(mongo[f"{settings.database_prefix}_{service}"])
    repository = repository_of(backend, service=service, clock=clock, seals=seals)
    provider = Provider(
        client, settings.issuer_url, key_set_url=settings.key_set_url, token_url=settings.token_url
    )
    token = OwnToken(
        client, provider, credentials_of(service, settings), clock=clock, more=settings.token_parameters
    )
    dependencies = Dependencies(repository, clock, seals, settings, asking_others(client, token, settings))
    definition, readiness = assemble(dependencies), Readiness()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(TRACING.close)
            stack.push_async_callback(mongo.close)
            stack.push_async_callback(client.aclose)
            await _started(_start(stack, definition, dependencies, readiness))
            _leave_alone_what_stays()
            sys.setswitchinterval(TURN_SECONDS)
            yield

    return application(
        definition,
        _verifier(provider, dependencies),
        readiness,
        rates=Rates(settings),
        hashes=seals.hashes(service),
        lifespan=lifespan,
    )


def _verifier(provider: Provider, dependencies: Dependencies) -> Verifier:
    settings = dependencies.settings
    return Verifier(
        keys_at(provider),
        issuer=settings.issuer_url,
        audience=settings.audience,
        clock=dependencies.clock,
        staff_acr=settings.staff_acr,
    )


def credentials_of(service: str, settings: Settings) -> Credentials:
    """Give what this service shows the provider."""
    return Credentials(
        settings.client_id or service,
        settings.token_auth,
        secret=settings.service_secret,
        key=private_key(settings.client_key_file) if settings.client_key_file else None,
    )


async def _started(start: Awaitable[None]) -> None:
    """Say why a start failed, in our form: uvicorn would log Starlette's traceback, with all its words."""
    try:
        await start
    except Exception as failure:
        log.error("not started", error=type(failure).__name__, frames=logs.own_frames(failure))
        raise


def _leave_alone_what_stays() -> None:
    """Keep the garbage collector from walking through all that was loaded at start, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def asking_others(client: httpx.AsyncClient, token: OwnToken, settings: Settings) -> Any:
    """Send a request as this service, once more with a fresh token when the first is refused."""

    async def once(method: str, url: str, json: Any) -> httpx.Response:
        shown = await token.current()
        headers = {"Authorization": f"Bearer {shown}", "traceparent": tracing.traceparent() or ""}
        answer = await client.request(method, url, json=json, headers=headers, timeout=ASK_SECONDS)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            token.refused(shown)
        return answer

    async def ask(service: str, method: str, path: str, *, json: Any = None) -> Any:
        url = settings.url_of(service) + path
        with TRACING.span(f"ask {service}", kind=SpanKind.CLIENT, parent=None):
            answer = await once(method, url, json)
            if answer.status_code == HTTPStatus.UNAUTHORIZED:
                await asyncio.sleep(AGAIN_AFTER_SECONDS)
                answer = await once(method, url, json)
            answer.raise_for_status()
            return answer.json()

    return ask


async def _start(
    stack: AsyncExitStack, definition: ServiceDefinition, dependencies: Dependencies, readiness: Readiness
) -> None:
    """Connect within half a minute or die: a process that hangs at start helps nobody.

    In the embedded run the servers start beside it, on a machine that may be busy.
    """
    is_embedded = dependencies.settings.mode == "embedded"
    async with asyncio.timeout(START_SECONDS_EMBEDDED if is_embedded else START_SECONDS):
        backend = dependencies.repository.backend
        await backend.prepare([*definition.collections, PARKED])
        signing = _signing(dependencies)
        stack.push_async_callback(signing.sign)
        stack.push_async_callback(dependencies.repository.close)
        for prepare in definition.before_start:
            await prepare()
        relay = _relay(stack, dependencies, definition)
        dispatcher = Dispatcher(dependencies.repository, dependencies.clock, dependencies.seals)
        brokers = await _listen(stack, definition, dependencies, dispatcher)
    _in_background(stack, "sign", signing.run(dependencies.settings.audit_sign_seconds))
    heartbeats = JobHeartbeats()
    for job in (*definition.jobs, keys_read_job(backend, dependencies.seals)):
        heartbeats.begin(job.name, every_seconds=job.every_seconds)
        _in_background(stack, job.name, again_and_again(job, heartbeats))
    sources = readiness.sources
    sources.repository, sources.clock = dependencies.repository, dependencies.clock
    sources.relay, sources.dispatcher = relay, dispatcher
    sources.audit_moments, sources.jobs = signing.moments, heartbeats.idle
    sources.job_failures = heartbeats.failures
    if definition.figures:
        sources.figures = seldom(definition.figures, every_seconds=COUNT_SECONDS)
    _begin(readiness, dependencies, Consumers(brokers), heartbeats)


def _begin(
    readiness: Readiness, dependencies: Dependencies, consumers: Consumers, heartbeats: JobHeartbeats
) -> None:
    """Answer from now on whether the process is ready for traffic."""
    backend = dependencies.repository.backend
    readiness.sources.consumers = consumers
    readiness.begin({
        "database": primary_is_reached(backend),
        "outbox": outbox_is_young(backend, dependencies.clock),
        "queues": consumers.all_attached,
        "deliveries": consumers.all_steady,
        "jobs": heartbeats.all_alive,
    })  # fmt: skip


def _signing(dependencies: Dependencies) -> Signing:
    heads = heads_of(dependencies.repository.service, dependencies.settings.audit_dir, dependencies.seals)
    return Signing(dependencies.repository, heads, dependencies.clock)


def _relay(stack: AsyncExitStack, dependencies: Dependencies, definition: ServiceDefinition) -> Relay:
    events, partners = (
        Publisher(dependencies.settings.rabbitmq_url),
        Publisher(dependencies.settings.rabbitmq_partners_url),
    )
    relay = Relay(
        dependencies.repository.backend,
        dependencies.seals,
        dependencies.clock,
        events=events,
        partners=partners,
        when_set_aside=definition.when_set_aside,
    )
    dependencies.repository.on_commit(relay.wake)
    stack.push_async_callback(events.close)
    stack.push_async_callback(partners.close)
    stack.push_async_callback(relay.flush)
    _in_background(stack, "relay", relay.run())
    _in_background(stack, "sweep", relay.sweep(dependencies.settings.relay_sweep_seconds))
    return relay


async def _listen(
    stack: AsyncExitStack, definition: ServiceDefinition, dependencies: Dependencies, dispatcher: Dispatcher
) -> list[RabbitBroker]:
    """Attach to the queues, after everything else is ready."""
    settings, subscriptions = dependencies.settings, definition.subscriptions.all
    by_vhost = [
        (
            settings.rabbitmq_url,
            [subscription for subscription in subscriptions if subscription.partner_exchange is None],
        ),
        (
            settings.rabbitmq_partners_url,
            [subscription for subscription in subscriptions if subscription.partner_exchange],
        ),
    ]
    brokers: list[RabbitBroker] = []
    for url, heard in by_vhost:
        if heard:
            broker = broker_of(url, heard, dispatcher, prefetch=settings.prefetch)
            await broker.start()
            stack.push_async_callback(broker.stop)
            brokers.append(broker)
    return brokers


def _in_background(stack: AsyncExitStack, name: str, work: Any) -> None:
    """Run until the process stops; a background task that ends by itself ends the process."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_die_with)
    stack.push_async_callback(_cancelled, task)


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.remove_done_callback(_die_with)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _die_with(task: "asyncio.Task[None]") -> None:
    failure = None if task.cancelled() else task.exception()
    log.error("stopped", what=task.get_name(), error=type(failure).__name__, frames=logs.own_frames(failure))
    os._exit(1)
