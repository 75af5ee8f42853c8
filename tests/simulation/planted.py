"""Planted bugs, each one that some system was known for: what the simulation must notice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

import pytest

from services.billing.application import ledger
from services.notification.application import sending
from services.notification.application.asking import Reachable
from services.notification.application.messages import Messages
from services.notification.repository.collections import MESSAGES
from services.ordering.domain.allowance import Allowance, give_back
from services.ordering.domain.dialogue import ending
from services.ordering.domain.withdrawing import sending as ordering_sending
from shared.messaging.envelope import envelope_of
from shared.messaging.relay import Relay
from shared.repository import Cause
from shared.repository.codec import Document
from shared.repository.writes import Writes
from tests.simulation.bus import Bus, Delivery
from tests.simulation.disk import Disk, View
from tests.simulation.process import Process
from tests.simulation.programs import Outside

Plant = Callable[[pytest.MonkeyPatch], None]


def forget_what_was_heard_and_asked(patch: pytest.MonkeyPatch) -> None:
    """No inbox: the same request, or the same fact, is done again."""

    read = View.read

    def planted(self: View, keys: Sequence[str], wanted: Any) -> Any:
        _, loaded = read(self, keys, wanted)
        return {}, loaded

    patch.setattr(View, "read", planted)


def publish_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    write = View.write

    def planted(self: View, writes: Writes) -> None:
        write(self, writes)
        world = Outside.world
        for row in writes.outbox:
            relay = next(each.relay for each in world.running if each.process.service == row["source"])
            world.bus.take(envelope_of([row], relay._body))

    patch.setattr(View, "write", planted)


def acknowledge_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    hand_over = Bus.hand_over

    def planted(self: Bus, envelope: Delivery, process: Process) -> Any:
        message = hand_over(self, envelope, process)
        self.envelopes.remove(envelope)
        return message

    patch.setattr(Bus, "hand_over", planted)


def mark_as_told_before_the_confirm(patch: pytest.MonkeyPatch) -> None:
    publish = Relay.publish

    async def planted(self: Relay, rows: Sequence[Document]) -> None:
        await self._backend.outbox.mark_published([row["_id"] for row in rows], at=self._clock.now())
        await publish(self, rows)

    patch.setattr(Relay, "publish", planted)


def never_sweep_for_orphans(patch: pytest.MonkeyPatch) -> None:
    def none(_self: Relay, _waiting: Sequence[Document]) -> list[Document]:
        return []

    patch.setattr(Relay, "_orphans", none)


def let_the_last_writer_win(patch: pytest.MonkeyPatch) -> None:
    """No write conflicts: what somebody else committed meanwhile is written over."""
    accept = Disk.accept

    async def planted(self: Disk, view: View) -> bool:
        view.before = {}
        return await accept(self, view)

    patch.setattr(Disk, "accept", planted)


def give_a_withdrawal_back_twice(patch: pytest.MonkeyPatch) -> None:
    def planted(allowance: Allowance, *, line_ids: Sequence[str], withdrawal_no: str) -> Allowance:
        given = give_back(allowance, line_ids=line_ids, withdrawal_no=withdrawal_no)
        lines = (
            replace(line, used_by=line.used_by[1:]) if line.line_id in line_ids else line
            for line in given.lines
        )
        return replace(given, lines=tuple(lines))

    patch.setattr(ending, "give_back", planted)


def let_the_open_order_block_nothing(patch: pytest.MonkeyPatch) -> None:
    def planted(*_: Any, **__: Any) -> tuple[()]:
        return ()

    patch.setattr(ordering_sending, "against_drafting", planted)


def ask_nobody_whether_a_patient_may_be_told(patch: pytest.MonkeyPatch) -> None:
    async def planted(*_: Any) -> Reachable:
        return Reachable(may_be_told=True)

    patch.setattr(sending.Sending, "_reachable", planted)


def send_an_unknown_message_again(patch: pytest.MonkeyPatch) -> None:
    def again(message: Any, *, at: datetime) -> Any:
        return replace(message, state="due", due_at=at, attempted_at=None, written_at=None), []

    async def planted(self: Messages, message: Any) -> None:
        rule, cause = partial(again, at=self._clock.now()), Cause(key=None)
        await self._repository.change(MESSAGES.ref(message.message_id), rule, cause=cause)

    patch.setattr(Messages, "break_off", planted)


def charge_for_what_never_came(patch: pytest.MonkeyPatch) -> None:
    """Billing leaves the fee as it was sent, whatever ordering tells of what came (Q32)."""

    def planted(account: Any, fees: Any, payer: Any, **_: Any) -> Any:
        return account, fees, payer, []

    patch.setattr(ledger, "reprice_fees", planted)


PLANTED: Mapping[str, Plant] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            forget_what_was_heard_and_asked,
            publish_before_the_commit,
            acknowledge_before_the_commit,
            mark_as_told_before_the_confirm,
            never_sweep_for_orphans,
            let_the_last_writer_win,
            give_a_withdrawal_back_twice,
            let_the_open_order_block_nothing,
            ask_nobody_whether_a_patient_may_be_told,
            send_an_unknown_message_again,
            charge_for_what_never_came,
        )
    }
)
