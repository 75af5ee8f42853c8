"""Those who ask: each has a key for what he wants, and asks again with it until there is an answer."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.simulation.resting import ONWARDS, calm, carry_on
from tests.simulation.seed import FLAVOUR, OTHER_FLAVOUR, Patient
from tests.simulation.world import Running, Task, World, answered

REFUSED, FINAL = 400, 500
"""Answers from here on say nothing about what was done."""


@dataclass(eq=False)
class Wish:
    """One request, under one key; `answer` is None while nobody knows."""

    service: str
    role: str
    path: str
    body: Any
    key: str
    patient_ref: str | None = None
    method: str = "POST"
    who: dict[str, Any] = field(default_factory=dict)
    """What the person's token says beside the role."""
    status: int | None = None
    answer: dict[str, Any] = field(default_factory=dict)
    tasks: list[Task] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        return self.status is not None and self.status < REFUSED

    def ask(self, world: World, running: Running) -> None:
        """Ask, also while an earlier attempt hangs somewhere."""
        asked = world.request(running, self.role, self.method, self.path, self.body, key=self.key, **self.who)
        self.tasks.append(asked)
        world.settle()
        self.look()

    def look(self) -> None:
        """Take the answers that are there; who was told yes is never told otherwise (I26)."""
        done = [each for each in self.tasks if each.done()]
        self.tasks = [each for each in self.tasks if each not in done]
        for task in done:
            answer = answered(task)
            if answer is None or answer.status_code >= FINAL:
                continue
            if self.is_well and self.contradicts(answer):
                self.troubles.append(f"I26 {self.key}: {self.answer} and then {answer.text}")
            if not self.is_well:
                self.status, self.answer = answer.status_code, answer.json()

    def contradicts(self, answer: httpx.Response) -> bool:
        """Tell whether who was told yes is told something else now."""
        return not (answer.is_success and self._is_the_same(answer.json()))

    def _is_the_same(self, again: dict[str, Any]) -> bool:
        """The name of who became protected meanwhile is not said again (Q18); nothing else may differ."""
        if again.get("recipient") is None:
            return {**self.answer, "recipient": None} == {**again, "recipient": None}
        return again == self.answer

    def repeat_until_answered(self, world: World) -> None:
        """Ask again under the same key, until whatever was done is known."""
        self.look()
        for _ in range(5):
            if self.is_well:
                return
            self.status = None
            self.ask(world, world.free(self.service)[0])
            if self.status is not None:
                return
            world.advance(5)
        raise AssertionError(f"{self.path} is never answered")


@dataclass
class Clerks:
    """Everybody's wishes."""

    world: World
    wishes: list[Wish] = field(default_factory=list)

    def wish(self, service: str, role: str, path: str, body: Any = None, **more: Any) -> Wish:
        made = Wish(service, role, path, body, f"wish-{len(self.wishes):06}", **more)
        self.wishes.append(made)
        return made

    def draft(self, patient: Patient, line_id: str, running: Running) -> Wish:
        wish = self.wish(
            "ordering", "customer_service", "/withdrawals", form_of(patient, line_id), patient_ref=patient.ref
        )
        wish.ask(self.world, running)
        return wish

    def sending(self, draft: Wish) -> Wish:
        path = f"/withdrawals/{draft.answer['withdrawal_no']}/send"
        return self.wish("ordering", "customer_service", path, patient_ref=draft.patient_ref)

    def annulling(self, draft: Wish) -> Wish:
        return self.wish(
            "ordering", "customer_service", f"/withdrawals/{draft.answer['withdrawal_no']}/annul"
        )

    def status(self, patient_ref: str, **status: Any) -> Wish:
        body = {"protected": False, **status}
        return self.wish("prescription", "customer_service", f"/patients/{patient_ref}/status", body)

    def annulling_line(self, line_id: str) -> Wish:
        path = f"/prescriptions/{line_id.rpartition('-')[0]}/lines/{line_id}/annul"
        return self.wish("prescription", "dietitian", path, {"reason": "Ny bedömning"})

    def finish(self) -> None:
        """Let the distributor carry every order through, and answer who was asked to stop one."""
        distributor = self.world.distributor
        for order_no in distributor.to_be_stopped:
            distributor.answer_stop(order_no)
        calm(self.world)
        for order_no in distributor.known:
            carry_on(self.world, order_no, steps=len(ONWARDS))

    def drafts(self) -> list[Wish]:
        return [each for each in self.wishes if each.path == "/withdrawals" and each.is_well]

    @property
    def accepted(self) -> dict[str, list[str]]:
        """Which orders the clerks were promised, by withdrawal."""
        sent = [each for each in self.wishes if is_a_sending(each)]
        return {each.answer["withdrawal_no"]: each.answer["order_nos"] for each in sent}

    @property
    def troubles(self) -> list[str]:
        return [trouble for wish in self.wishes for trouble in wish.troubles]


def is_a_sending(wish: Wish) -> bool:
    """Tell whether a withdrawal was sent, and that was answered."""
    return wish.is_well and wish.path.startswith("/withdrawals/") and wish.path.endswith("/send")


def form_of(patient: Patient, line_id: str) -> dict[str, Any]:
    """Two flavours of the drink, brought home, with an SMS."""
    split = [{"article_no": each, "packages": 1} for each in (FLAVOUR, OTHER_FLAVOUR)]
    delivery = {"kind": "home", "rule": "signature", "notice": "sms", "notice_to": patient.phone}
    return {
        "patient_ref": patient.ref,
        "items": [{"line_id": line_id, "split": split}],
        "delivery": delivery,
    }
