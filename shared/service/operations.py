"""Routes for operators, the same in every service: what waits, what is parked, how the log was verified."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Path, Response

from shared.domain.decision import NotFound, Refused, Sentence
from shared.fields import Code
from shared.http import Asked, Pages, ReasonText, Request, Router, View
from shared.messaging.consuming import PARKED, Dispatcher, Parked, Subscription, Subscriptions
from shared.messaging.envelope import Message
from shared.messaging.parked import demand_parked, discarded, handle_of, replayed
from shared.messaging.topology import present_name_of
from shared.repository.audit.noted import VERIFIED, noted
from shared.repository.audit.signing import heads_of
from shared.service.definition import Dependencies

MOST_SHOWN = 1000
LARGEST_PAGE = 100
Handle = Annotated[Code, Path(max_length=40)]


class ReplayByCommand(Refused):
    """Several facts in one message, or a queue that this version has not: the broker must carry it."""

    rule = "replay-by-command"
    sentence = Sentence(
        "Det här meddelandet spelas upp igen med kommandot ./sesam parked replay.",
        "This message is replayed by the command ./sesam parked replay.",
    )


class ParkedView(View):
    """A message that could not be handled; never what it says."""

    handle: str
    queue: str
    topic: str
    state: str
    reason: str
    attempts: int
    first_at: datetime
    last_at: datetime
    history: list[str]

    @classmethod
    def of(cls, parked: Parked) -> "ParkedView":
        return cls(
            handle=handle_of(parked),
            queue=parked.queue,
            topic=parked.topic,
            state=parked.state,
            reason=parked.reason,
            attempts=parked.attempts,
            first_at=parked.first_at,
            last_at=parked.last_at,
            history=list(parked.history),
        )


class OperationsView(View):
    """How a service does: what waits to be published, what was set aside, what is parked, the audit log."""

    service: str
    outbox_waiting: int
    outbox_oldest_at: datetime | None
    set_aside: int
    parked: int
    audit_verified_at: str | None
    """When the log was last verified by the command, and held; None when that never was."""
    audit_rows: int
    audit_breaks: list[str]


class Discarding(Request):
    """Why a message will never be handled."""

    because: ReasonText


def operations(service: str, dependencies: Dependencies, subscriptions: Subscriptions) -> Router:
    """Each service answers about itself alone; operators' pages put them together."""
    router = Router(service, prefix="/operations", tags=["operations"])
    repository, seals = dependencies.repository, dependencies.seals

    @router.get("")
    async def get_operations() -> OperationsView:
        waiting, oldest = await repository.backend.outbox.waiting()
        parked = await repository.find(PARKED, {"state": "parked"}, limit=MOST_SHOWN)
        aside = await repository.backend.outbox.aside(limit=MOST_SHOWN)
        seen = noted(heads_of(service, dependencies.settings.audit_dir, seals), VERIFIED)
        return OperationsView(
            service=service,
            outbox_waiting=waiting,
            outbox_oldest_at=oldest,
            set_aside=len(aside),
            parked=len(parked),
            audit_verified_at=seen.at if seen else None,
            audit_rows=seen.rows if seen else 0,
            audit_breaks=list(seen.breaks) if seen else [],
        )

    @router.get("/parked")
    async def list_parked(pages: Pages) -> list[ParkedView]:
        """List what is parked now, what failed first at the top."""
        where = {"state": "parked"}
        page = await repository.page(PARKED, where, sort="first_at", limit=LARGEST_PAGE, after=pages.after)
        return [ParkedView.of(each) for each in pages.shown(page)]

    _handling(router, dependencies, subscriptions)
    return router


def _handling(router: Router, dependencies: Dependencies, subscriptions: Subscriptions) -> None:
    repository, clock = dependencies.repository, dependencies.clock

    @router.post("/parked/{handle}/replay", response_model=ParkedView)
    async def replay_parked(handle: Handle, asked: Asked) -> Response:
        """Hand it to its handler again; if it fails again it stays parked, and stands on the list.

        It is handled before it is noted as replayed: whoever dies in between, it is still on the
        list, and its handler takes it once.
        """
        if (kept := await repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept)
        found = await _named(dependencies, handle)
        demand_parked(found)
        await _dispatched(dependencies, _subscription_of(found, subscriptions), found)
        rule = partial(_noted, before=found, at=clock.now(), by=asked.actor.sub)
        ref = PARKED.ref(found.parked_id, if_version=asked.if_match)
        answer = await repository.change(ref, rule, cause=asked.cause, reply=ParkedView.of)
        return asked.answered(answer)

    @router.post("/parked/{handle}/discard", response_model=ParkedView)
    async def discard_parked(handle: Handle, body: Discarding, asked: Asked) -> Response:
        """Set it aside for good; it stays readable by command."""
        found = await _named(dependencies, handle)
        rule = partial(discarded, at=clock.now(), by=asked.actor.sub, because=body.because)
        ref = PARKED.ref(found.parked_id, if_version=asked.if_match)
        return asked.answered(await repository.change(ref, rule, cause=asked.cause, reply=ParkedView.of))


async def _named(dependencies: Dependencies, handle: str) -> Parked:
    found = await dependencies.repository.find(PARKED, {}, limit=MOST_SHOWN)
    known = next((each for each in found if handle_of(each) == handle), None)
    if known is None:
        raise NotFound("Parked", handle)
    return known


def _subscription_of(parked: Parked, subscriptions: Subscriptions) -> Subscription:
    """Give whose queue it was parked on; raises ReplayByCommand."""
    name = present_name_of(parked.queue)
    fitting = [each for each in subscriptions.all if each.queue in (name, parked.queue)]
    alone = [each for each in fitting if each.topic == parked.topic or len(fitting) == 1]
    is_batch = parked.sender is None and parked.body.lstrip().startswith("[")
    if not alone or is_batch:
        raise ReplayByCommand
    return alone[0]


async def _dispatched(dependencies: Dependencies, subscription: Subscription, parked: Parked) -> None:
    """Handle it in this process; what fails for a passing reason stays parked as it is."""
    body = dependencies.seals.open(parked.body) if subscription.partner_exchange else parked.body
    message = Message(
        body=body.encode(),
        message_id=parked.message_id,
        topic=parked.topic,
        traceparent=parked.traceparent,
        sender=parked.sender,
    )
    dispatcher = Dispatcher(dependencies.repository, dependencies.clock, dependencies.seals)
    await dispatcher.dispatch(subscription, message)


def _noted(parked: Parked, *, before: Parked, at: datetime, by: str) -> tuple[Parked, tuple[()]]:
    """Note that it was replayed, unless it was parked anew meanwhile."""
    return replayed(parked, at=at, by=by) if parked == before else (parked, ())
