"""Schemathesis over one service in memory: generated requests, each answer checked against the document."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as some
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation.stateful import run_state_machine_as_test
from schemathesis.specs.openapi import checks

from tests.doors.grounding import BROKEN, KINDS, Grounding, linked
from tests.doors.world import World, the_world
from tools.docs.openapi import document

ANSWERS_WITH = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
NO_JSON, GOOD_KEY = 0.04, 0.9
"""How often a body is none, and how often a key or version is well formed."""
AnyCase = Case[Any]
TRIES = some.integers(0, 2**32)


@dataclass
class Tally:
    """What was asked and answered, and every kind of wrong answer once."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)

    def see(self, case: AnyCase, answer: httpx.Response) -> None:
        self.cases += 1
        self.statuses[answer.status_code] += 1
        self.operations[case.operation.label] += 1

    def blame(self, case: AnyCase, answer: httpx.Response, failure: BaseException) -> None:
        what = f"{case.operation.label} {answer.status_code} {type(failure).__name__}"
        request = answer.request
        shown = f"{request.method} {request.url} {request.content[:300]!r} -> {answer.text[:300]}"
        self.wrong.setdefault(what, f"{what}: {str(failure)[:300]}\n  {shown}")


MANY = 100
"""So many cases share one world: to make one takes longer than to ask them."""


@dataclass
class Fuzz:
    """One service's document, the world behind it, and the tally."""

    service: str
    runner: asyncio.Runner
    folder: Path
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.schema = schemathesis.openapi.from_dict(linked(document(self.service)))
        self.schema.analysis.inject_links()
        self.renew()

    def renew(self) -> None:
        """Make everything anew: what earlier cases made slows the later ones."""
        self.renewed_at = self.tally.cases
        self.world: World = self.runner.run(the_world(self.folder))
        # A bug shall be answered as to anybody, not raised here.
        app = self.world.services[self.service].app
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://service.test")

    def close(self) -> None:
        self.runner.run(self.client.aclose())
        self.runner.run(self.world.close())

    def ask(self, case: AnyCase, chance: Random) -> httpx.Response:
        """Send one case, grounded and signed in; now and then with a body that is none."""
        grounding = Grounding(self.world, self.service)
        known = grounding.known()
        case.path_parameters = grounding.grounded(dict(case.path_parameters), chance, known)
        wanted = case.as_transport_kwargs(base_url="http://service.test")
        action = f"{self.service}.{case.operation.definition.raw['operationId']}"
        headers = {**_good_key(wanted["headers"], chance), **grounding.somebody(action, chance)}
        body = _body(wanted, lambda value: grounding.grounded(value, chance, known))
        if chance.random() < NO_JSON:
            body, headers["content-type"] = chance.choice(BROKEN), chance.choice(KINDS)
        request = self.client.build_request(
            wanted["method"],
            wanted["url"],
            params=wanted.get("params") or None,
            content=body,
            headers=[(name.encode(), _raw(value)) for name, value in headers.items()],
        )
        answer = self.runner.run(self.client.send(request))
        self.tally.see(case, answer)
        return answer

    def judge(self, case: AnyCase, answer: httpx.Response) -> None:
        try:
            case.validate_response(answer, checks=list(ANSWERS_WITH))
        except FailureGroup as several:
            for failure in several.exceptions:
                self.tally.blame(case, answer, failure)
        except Failure as failure:
            self.tally.blame(case, answer, failure)

    def one_by_one(self, cases: int, *, seeded: int) -> None:
        """Ask every operation in turn: of three bodies two fit the document and one does not."""
        operations = [found.ok() for found in self.schema.get_all_operations() if isinstance(found, Ok)]
        each = cases // (len(operations) * 3)
        turns = 1 if each else -(-cases // len(operations))
        for number, operation in enumerate(operations * turns):
            for mode, examples in _shares(each, turn=number + seeded).items():
                strategy = operation.as_strategy(generation_mode=mode)
                self._generate(strategy, examples, seeded=seeded + number)
            if self.tally.cases - self.renewed_at >= MANY:
                self.close()
                self.renew()

    def _generate(self, strategy: Any, examples: int, *, seeded: int) -> None:
        @seed(seeded)
        @_often(examples)
        @given(case=strategy, chance=TRIES)
        def ask(case: AnyCase, chance: int) -> None:
            self.judge(case, self.ask(case, Random(chance)))  # noqa: S311  repeatable, not secret

        ask()

    def in_sequence(self, sequences: int, *, steps: int, seeded: int) -> None:
        """Follow the links: what one answer told is asked for in the next request."""
        fuzz = self
        machine = self.schema.as_state_machine()
        if not self.schema.statistic.transitions.selected:
            return

        class Walk(machine):  # type: ignore[misc, valid-type]
            def setup(self) -> None:
                """Every walk begins in the same world."""
                super().setup()
                fuzz.close()
                fuzz.renew()

            def call(self, case: AnyCase, **_: Any) -> Any:
                answer = fuzz.ask_linked(case)
                return schemathesis.Response.from_any(answer)

            def validate_response(self, response: Any, case: AnyCase, **_: Any) -> None:
                del response, case

        run = _often(max(1, sequences), stateful_step_count=steps)
        with suppress(FlakyStrategyDefinition):  # a walk that goes another way in a world of other ids
            run_state_machine_as_test(seed(seeded)(Walk), settings=run)

    def ask_linked(self, case: AnyCase) -> httpx.Response:
        answer = self.ask(case, Random(self.tally.cases))  # noqa: S311  repeatable, not secret
        self.judge(case, answer)
        return answer


def _shares(each: int, *, turn: int) -> dict[GenerationMode, int]:
    """Say how many bodies that fit and that do not; with few to send, one or the other in turn."""
    if each == 0:
        return {GenerationMode.NEGATIVE if turn % 3 == 0 else GenerationMode.POSITIVE: 1}
    return {GenerationMode.POSITIVE: 2 * each, GenerationMode.NEGATIVE: each}


def _often(examples: int, **more: Any) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        **more,
    )


def _body(wanted: dict[str, Any], grounded: Callable[[Any], Any]) -> bytes:
    if "json" in wanted:
        return json.dumps(grounded(wanted["json"])).encode()
    data = wanted.get("data", b"")
    return data if isinstance(data, bytes) else str(data or "").encode()


def _good_key(headers: dict[str, Any], chance: Random) -> dict[str, Any]:
    """Write names in small letters, and mostly a key that is one: else nothing gets further."""
    small = {name.lower(): value for name, value in headers.items() if name.lower() != "authorization"}
    if "idempotency-key" in small and chance.random() < GOOD_KEY:
        small["idempotency-key"] = f"fuzz-{chance.randrange(10**9):09}"
    if "if-match" in small and chance.random() < GOOD_KEY:
        small["if-match"] = f'"{chance.randrange(4)}"'
    return small


def _raw(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
