"""Routes for pick-up points: those that can be chosen, and customer service's changes (S36)."""

from functools import partial
from typing import Annotated, cast

from fastapi import Response
from pydantic import Field, StringConstraints

from services.ordering.api.delivery_views import AddressView, address_shown
from services.ordering.api.forms import AddressForm, Number
from services.ordering.domain.pickup import PickupPoint, put_point
from services.ordering.repository.collections import PICKUP_POINTS
from services.ordering.repository.withdrawals import Ordering
from shared.domain.alphabet import alphabetical
from shared.fields import SingleLine
from shared.http import Ask, Asked, Request, Router, View


class PickupPointForm(Request):
    """A place to fetch goods at, as it is now."""

    name: Annotated[SingleLine, StringConstraints(max_length=70)]
    address: AddressForm
    opening_hours: Annotated[SingleLine, StringConstraints(max_length=200)] | None = None
    distributors: Annotated[list[Number], Field(max_length=20, default_factory=list)]
    """Who delivers there; empty when all do."""
    is_open: bool = True

    def point(self, point_id: str) -> PickupPoint:
        return PickupPoint(
            point_id=point_id,
            name=self.name,
            address=self.address.address(),
            opening_hours=self.opening_hours,
            distributors=tuple(self.distributors),
            is_open=self.is_open,
        )


class PickupPointView(View):
    """A place to fetch goods at."""

    point_id: str
    name: str
    address: AddressView
    opening_hours: str | None
    distributors: list[str]
    is_open: bool

    @classmethod
    def of(cls, point: PickupPoint) -> "PickupPointView":
        return cls(
            point_id=point.point_id,
            name=point.name,
            address=address_shown(point.address),
            opening_hours=point.opening_hours,
            distributors=list(point.distributors),
            is_open=point.is_open,
        )


def routes(ordering: Ordering) -> Router:
    router = Router("ordering", prefix="/pickup-points", tags=["pick-up points"])
    repository = ordering.repository

    @router.get("")
    async def list_pickup_points(ask: Ask) -> list[PickupPointView]:  # noqa: ARG001  who asks is checked
        """List the pick-up points that are open, by name."""
        points = [each for each in await ordering.pickup_points() if each.is_open]
        return [PickupPointView.of(each) for each in sorted(points, key=lambda each: alphabetical(each.name))]

    @router.put("/{point_id}", response_model=PickupPointView)
    async def put_pickup_point(point_id: Number, form: PickupPointForm, asked: Asked) -> Response:
        """Keep a pick-up point as it is now; a closed one is no longer offered."""
        answer = await repository.change(
            PICKUP_POINTS.maybe(point_id),
            partial(put_point, point=form.point(point_id)),
            cause=asked.cause,
            reply=lambda kept: PickupPointView.of(cast("PickupPoint", kept)),
        )
        return asked.answered(answer)

    return router
