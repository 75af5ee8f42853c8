"""Reads the states that a withdrawal's rules need, from what a person asked for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.ordering.application.personal import register_of, sealed
from services.ordering.application.seeing import (
    STAFF,
    Place,
    asker_of,
    demand_seeing_for,
    guardians_of,
    places_of,
    places_of_lines,
)
from services.ordering.domain.allowance import Allowance
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.channels import AskedBy
from services.ordering.domain.delivery import DeliveryRequest, settle
from services.ordering.domain.order import distributors_of
from services.ordering.domain.withdrawal import BlockPassed, Choice, Item, Withdrawal
from services.ordering.domain.withdrawing.drafting import WithdrawalRequest, completed
from services.ordering.domain.withdrawing.sending import Dispatch
from services.ordering.repository.collections import ALLOWANCES, WITHDRAWALS
from services.ordering.repository.withdrawals import Ordering
from shared.auth.actor import Actor
from shared.clock import Clock
from shared.repository import Repository
from shared.sealed import Seals


@dataclass(frozen=True)
class Chosen:
    """What a person chose, before it is settled how it can be handed over."""

    items: tuple[Item, ...]
    passed: tuple[BlockPassed, ...]
    asked_by: AskedBy


class Desk:
    """Where every request about a withdrawal comes in."""

    def __init__(self, ordering: Ordering, clock: Clock, seals: Seals, *, buyer_gln: str) -> None:
        self.ordering = ordering
        self.clock = clock
        self.seals = seals
        self._buyer_gln = buyer_gln

    @property
    def repository(self) -> Repository:
        return self.ordering.repository

    async def requested(
        self, chosen: Chosen, delivery_request: DeliveryRequest, *, allowance: Allowance, actor: Actor
    ) -> WithdrawalRequest:
        """Read a choice in clear text; raises NotFound for a line that is not the patient's."""
        register = register_of(allowance.person, self.seals, on=self.clock.today())
        points = await self.ordering.pickup_points() if delivery_request.kind == "pickup" else ()
        point = next((each for each in points if each.point_id == delivery_request.pickup_point), None)
        delivery = settle(delivery_request, register=register, point=point)
        choice = Choice(chosen.items, delivery, chosen.passed, asked_by=chosen.asked_by)
        catalogue = await self.catalogue(choice, allowance)
        asker = asker_of(await self.present(actor))
        return completed(allowance, WithdrawalRequest(choice, asker, catalogue, points))

    async def requested_again(
        self, withdrawal: Withdrawal, allowance: Allowance, *, actor: Actor
    ) -> WithdrawalRequest:
        """Read a kept draft, with the catalogue and the pick-up points as they are now."""
        catalogue = await self.catalogue(withdrawal.choice, allowance)
        pickup = withdrawal.choice.delivery.kind == "pickup"
        points = await self.ordering.pickup_points() if pickup else ()
        return WithdrawalRequest(withdrawal.choice, asker_of(await self.present(actor)), catalogue, points)

    async def delivered_as(
        self, requested: WithdrawalRequest, delivery_request: DeliveryRequest, *, allowance: Allowance
    ) -> WithdrawalRequest:
        """Let a choice that is kept be handed over in another way."""
        register = register_of(allowance.person, self.seals, on=self.clock.today())
        points = await self.ordering.pickup_points() if delivery_request.kind == "pickup" else ()
        point = next((each for each in points if each.point_id == delivery_request.pickup_point), None)
        delivery = settle(delivery_request, register=register, point=point)
        return self.with_sealed_contact(
            replace(requested, choice=replace(requested.choice, delivery=delivery), points=points)
        )

    async def dispatch(self, requested: WithdrawalRequest) -> Dispatch:
        """Take a number for each order that the draft needs, as it was read (Q23)."""
        chosen = [share.article_no for item in requested.choice.items for share in item.split]
        known = all(each in requested.catalogue.articles for each in chosen)
        needed = len(distributors_of(requested.choice.items, requested.catalogue)) if known else 0
        year = self.clock.today().year
        numbers = [await self.repository.next_number("B", year=year) for _ in range(max(needed, 1))]
        return Dispatch(tuple(numbers), self._buyer_gln, self.clock.now())

    async def catalogue(self, choice: Choice, allowance: Allowance) -> Catalogue:
        prescribed = [allowance.line(each).article_no for each in choice.line_ids]
        chosen = [share.article_no for item in choice.items for share in item.split]
        return await self.ordering.catalogue_for(prescribed + chosen)

    async def allowance_for(self, patient_ref: str, actor: Actor) -> Allowance:
        """Find the allowance, for those who may see it; raises NotFound and Forbidden.

        A reference that was merged into another finds the one person's allowance (S65).
        """
        allowance = await self.ordering.allowance_of(patient_ref)
        await self._demand(actor, allowance, places=places_of_lines(allowance))
        return allowance

    async def withdrawal_for(self, withdrawal_no: str, actor: Actor) -> Withdrawal:
        """Find a withdrawal, for those who may see it; raises NotFound and Forbidden."""
        withdrawal, _ = await self.both_for(withdrawal_no, actor)
        return withdrawal

    async def both_for(self, withdrawal_no: str, actor: Actor) -> tuple[Withdrawal, Allowance]:
        """Find a withdrawal and its patient's allowance; raises NotFound and Forbidden."""
        withdrawal = await self.repository.get(WITHDRAWALS.ref(withdrawal_no))
        allowance = await self.repository.get(ALLOWANCES.ref(withdrawal.patient_ref))
        await self._demand(actor, allowance, places=places_of(withdrawal))
        return withdrawal, allowance

    async def still_seen(self, actor: Actor, made: list[Withdrawal]) -> list[Withdrawal]:
        """Leave out what a citizen once made for a child that has turned 13 since, or is protected (Q7)."""
        if actor.has("customer_service", *STAFF):
            return made
        own = (await self.present(actor)).patient_ref
        others = sorted({each.patient_ref for each in made} - {own})
        children = {
            each.patient_ref
            for each in await self.repository.get(ALLOWANCES.many(others))
            if own in guardians_of(each.person, channel="citizen", on=self.clock.today())
        }
        return [each for each in made if each.patient_ref in {own, *children}]

    def with_sealed_contact(self, requested: WithdrawalRequest) -> WithdrawalRequest:
        """Seal what will be kept."""
        return replace(
            requested,
            choice=replace(requested.choice, delivery=sealed(requested.choice.delivery, self.seals)),
        )

    async def present(self, actor: Actor) -> Actor:
        """Name a citizen by the reference that is kept, when two patients turned out to be one (S65)."""
        if actor.patient_ref is None:
            return actor
        return replace(actor, patient_ref=await self.ordering.present_ref(actor.patient_ref))

    async def _demand(self, actor: Actor, allowance: Allowance, *, places: Iterable[Place]) -> None:
        present = await self.present(actor)
        demand_seeing_for(present, allowance, places=places, on=self.clock.today())
