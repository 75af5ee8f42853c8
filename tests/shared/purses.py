"""A service of purses, with one route of each kind."""

from functools import partial

import httpx
from fastapi import Response

from shared.auth.rule import Rule
from shared.http import Ask, Asked, Request, Router, View
from shared.messaging.consuming import Subscriptions
from shared.service.definition import Dependencies, ServiceDefinition
from tests.shared.examples import PURSES, PurseView, put, take
from tests.support import InMemory

RULES = {
    "tests.put_coins": Rule(roles=frozenset({"customer_service"})),
    "tests.take_coins": Rule(roles=frozenset({"customer_service"})),
    "tests.get_purse": Rule(roles=frozenset({"customer_service", "dietitian"}), in_an_area=True),
}


class Coins(Request):
    coins: int
    note: str | None = None


class Shown(View):
    coins: int


def routes(parts: Dependencies) -> Router:
    router = Router("tests", prefix="/purses")

    @router.post("/{purse_id}/put", response_model=PurseView)
    async def put_coins(purse_id: str, body: Coins, asked: Asked) -> Response:
        rule = partial(put, coins=body.coins, purse_id=purse_id)
        answer = await parts.repository.change(
            PURSES.maybe(purse_id), rule, cause=asked.cause, reply=PurseView.of
        )
        return asked.answered(answer, 201)

    @router.post("/{purse_id}/take", response_model=PurseView)
    async def take_coins(purse_id: str, body: Coins, asked: Asked) -> Response:
        ref = PURSES.ref(purse_id, if_version=asked.if_match)
        answer = await parts.repository.change(
            ref, partial(take, coins=body.coins), cause=asked.cause, reply=PurseView.of
        )
        return asked.answered(answer)

    @router.get("/{purse_id}")
    async def get_purse(purse_id: str, ask: Ask) -> Shown:
        return Shown(coins=(await parts.repository.show(PURSES.ref(purse_id), asked=ask)).coins)

    return router


def assemble(parts: Dependencies) -> ServiceDefinition:
    return ServiceDefinition("tests", [PURSES], [routes(parts)], Subscriptions("tests"), policy=RULES)


async def put_five(purses: InMemory, **headers: str) -> httpx.Response:
    everything = {**purses.once("customer_service", "key-0001"), **headers}
    return await purses.client.post("/purses/p1/put", json={"coins": 5}, headers=everything)


async def raw(purses: InMemory, path: str, body: str, **headers: str) -> httpx.Response:
    everything = {**purses.once("customer_service"), "Content-Type": "application/json", **headers}
    return await purses.client.post(path, content=body.encode(), headers=everything)
