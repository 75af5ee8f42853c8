"""Stores what billing knows of a withdrawal until it is settled."""

from collections.abc import Callable
from functools import partial

from services.billing.domain.fees.withdrawal import (
    OrderHeard,
    Withdrawal,
    move_withdrawal,
    note_annulled,
    note_order,
    note_sent,
)
from services.billing.repository.collections import WITHDRAWALS
from services.billing.repository.withdrawals import WithdrawalQueries
from shared.domain.decision import Decision
from shared.repository import Cause, Repository


class Withdrawals:
    """Keeps a row for each withdrawal, in whatever order facts about it come."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._queries = WithdrawalQueries(repository)

    async def note_sent(self, published: Withdrawal, *, cause: Cause) -> None:
        """Store what a withdrawal's price depends on, once (N5, N11)."""
        rule = partial(note_sent, published=published)
        await self._repository.change(WITHDRAWALS.maybe(published.withdrawal_no), rule, cause=cause)

    async def note_annulled(self, opened: Withdrawal, fee_nos: tuple[int, ...], *, cause: Cause) -> None:
        """Store which fees of a withdrawal are credited (Q9, N11)."""
        rule = partial(note_annulled, opened=opened, fee_nos=fee_nos)
        await self._repository.change(WITHDRAWALS.maybe(opened.withdrawal_no), rule, cause=cause)

    async def note(
        self,
        withdrawal_no: str,
        rule: Callable[[Withdrawal | None], Decision[Withdrawal | None]],
        *,
        cause: Cause,
    ) -> None:
        """Store what another fact says of a withdrawal."""
        await self._repository.change(WITHDRAWALS.maybe(withdrawal_no), rule, cause=cause)

    async def merge(self, patient_ref: str, *, into_ref: str, cause: Cause) -> int:
        """Let rows follow a merged patient; give how many there were (S65)."""
        move = partial(move_withdrawal, into_ref=into_ref)
        found = await self._queries.of_patient(patient_ref)
        for each in found:
            number = each.withdrawal_no
            await self._repository.change(WITHDRAWALS.ref(number), move, cause=cause.part("row", number))
        return len(found)

    async def note_order(
        self,
        opened: Withdrawal,
        order_no: str,
        change: Callable[[OrderHeard], OrderHeard],
        *,
        cause: Cause,
    ) -> None:
        """Store how far one of the withdrawal's orders came (N11)."""
        rule = partial(note_order, opened=opened, order_no=order_no, change=change)
        await self._repository.change(WITHDRAWALS.maybe(opened.withdrawal_no), rule, cause=cause)
