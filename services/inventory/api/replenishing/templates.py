"""Routes for order templates: made and shared by who works at the unit, and ordered from (S122, S169)."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import Response
from pydantic import Field, StringConstraints

from services.inventory.api.forms import StoreroomNo
from services.inventory.api.replenishing.orders import (
    MOST_LINES,
    CareUnitId,
    LineForm,
    RowView,
    preview_shown,
    send,
)
from services.inventory.api.replenishing.views import ReplenishmentView
from services.inventory.application.replenishment_names import Named, places_named
from services.inventory.application.replenishment_orders import ReplenishmentOrders, Tried, Wanted
from services.inventory.domain.places import Storeroom
from services.inventory.domain.replenishing.manual import LineAsked
from services.inventory.domain.replenishing.templates import (
    Contents,
    OrderTemplate,
    archive_template,
    change_template,
    create_template,
    lines_ordered,
    without_invalid,
)
from services.inventory.repository.collections import ARTICLES, ORDER_TEMPLATES, STOREROOMS
from shared.auth.actor import Actor
from shared.domain.decision import NotFound
from shared.fields import MultiLine, SingleLine
from shared.http import Ask, Asked, Pages, Request, Router, View
from shared.http.ids import Id

LONGEST_NAME = 80
LONGEST_DESCRIPTION = 500


class ContentsForm(Request):
    """What the template is called, and the packages that are usually ordered of each article."""

    name: Annotated[SingleLine, StringConstraints(max_length=LONGEST_NAME)]
    description: Annotated[MultiLine, StringConstraints(max_length=LONGEST_DESCRIPTION)] | None = None
    lines: Annotated[list[LineForm], Field(max_length=MOST_LINES, default_factory=list)]

    def contents(self) -> Contents:
        lines = tuple(LineAsked(each.article_no, each.packages) for each in self.lines)
        return Contents(self.name, self.description or "", lines)


class TemplateForm(ContentsForm):
    """A new template: of which unit, and which of its storerooms it replenishes."""

    care_unit: CareUnitId
    storeroom_no: StoreroomNo


class FromTemplateForm(Request):
    """What is ordered this time; the template stays as it is (S122)."""

    lines: Annotated[list[LineForm], Field(min_length=1, max_length=MOST_LINES)] | None = None
    """Some of its articles, with other quantities; left out: all that can be ordered."""
    joint: bool = True
    """Preset: all of it comes at the same time."""


class TemplateView(View):
    """A template without its rows."""

    template_id: str
    name: str
    description: str
    care_unit: str
    care_unit_name: str
    storeroom_no: str
    storeroom_name: str
    articles: int
    """How many are in it."""
    created_by: str
    created_by_name: str
    created_at: datetime
    archived: bool


class WholeTemplateView(TemplateView):
    """A template with its rows: what there is of each, and why one cannot be ordered (S123, S171)."""

    rows: list[RowView]
    invalid: int
    """How many of the articles cannot be ordered."""


def routes(orders: ReplenishmentOrders) -> Router:
    router = Router("inventory", prefix="/order-templates", tags=["replenishments"])
    _looking(router, orders)
    _keeping(router, orders)
    _ordering(router, orders)
    return router


def _looking(router: Router, orders: ReplenishmentOrders) -> None:
    @router.get("")
    async def list_order_templates(ask: Ask, pages: Pages) -> list[TemplateView]:
        """List the templates of the storerooms where the person works, by name."""
        own = await orders.replenishing.storerooms_of(ask.actor)
        page = await orders.replenishing.queries.templates_of(own, after=pages.after)
        found = pages.shown(page)
        named = await _named(found, orders)
        return [_shown(each, named) for each in found]

    @router.get("/{template_id}")
    async def get_order_template(template_id: Id, ask: Ask) -> WholeTemplateView:
        """Show a template with what there is of each article, and the reasons why some are invalid."""
        template = await orders.repository.get(ORDER_TEMPLATES.ref(template_id))
        await _storeroom(template, orders, ask.actor)
        rows: list[RowView] = []
        if template.lines:
            tried = await _tried(template, template.lines, orders, ask.actor, joint=True)
            rows = preview_shown(tried, ask.language).rows
        return WholeTemplateView(
            **_shown(template, await _named([template], orders)).model_dump(),
            rows=rows,
            invalid=sum(bool(each.reasons) for each in rows),
        )


def _keeping(router: Router, orders: ReplenishmentOrders) -> None:
    repository, clock = orders.repository, orders.replenishing.warehouse.clock

    @router.post("", response_model=TemplateView)
    async def create_order_template(form: TemplateForm, asked: Asked) -> Response:
        """Make a template for a storeroom; everybody who works there sees and uses it (S169)."""
        if (kept := await repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept)
        made = OrderTemplate(
            str(uuid.uuid4()), form.name, "", form.care_unit, form.storeroom_no, asked.actor.sub,
            asked.actor.name, clock.now(),
        )  # fmt: skip
        storeroom = await _storeroom(made, orders, asked.actor)
        if form.care_unit not in asked.actor.care_units or form.care_unit not in storeroom.care_units:
            raise NotFound(STOREROOMS.noun, form.storeroom_no)
        await orders.replenishing.supplier(storeroom)
        rule = partial(
            create_template, made=made, contents=form.contents(), known=await _known(form.lines, orders)
        )
        reply = partial(_kept_shown, named=await _named([made], orders))
        ref = ORDER_TEMPLATES.maybe(made.template_id)
        return asked.answered(await repository.change(ref, rule, cause=asked.cause, reply=reply))

    @router.put("/{template_id}", response_model=TemplateView)
    async def change_order_template(template_id: Id, form: ContentsForm, asked: Asked) -> Response:
        """Save another name, description or list of articles."""
        template = await repository.get(ORDER_TEMPLATES.ref(template_id))
        await _storeroom(template, orders, asked.actor)
        rule = partial(change_template, contents=form.contents(), known=await _known(form.lines, orders))
        reply = partial(_shown, named=await _named([template], orders))
        ref = ORDER_TEMPLATES.ref(template_id, if_version=asked.if_match)
        return asked.answered(await repository.change(ref, rule, cause=asked.cause, reply=reply))

    @router.post("/{template_id}/archive", response_model=TemplateView)
    async def archive_order_template(template_id: Id, asked: Asked) -> Response:
        """Take a template out of use, as somebody of the unit that owns it (Q13)."""
        template = await repository.get(ORDER_TEMPLATES.ref(template_id))
        if template.care_unit not in asked.actor.care_units:
            raise NotFound(ORDER_TEMPLATES.noun, template_id)
        rule = partial(archive_template, by=asked.actor.sub, at=clock.now())
        reply = partial(_shown, named=await _named([template], orders))
        ref = ORDER_TEMPLATES.ref(template_id, if_version=asked.if_match)
        return asked.answered(await repository.change(ref, rule, cause=asked.cause, reply=reply))


def _ordering(router: Router, orders: ReplenishmentOrders) -> None:
    @router.post("/{template_id}/order", response_model=ReplenishmentView)
    async def order_from_template(template_id: Id, form: FromTemplateForm, asked: Asked) -> Response:
        """Order from a template: all that can be ordered, or some of it with other quantities (S122)."""
        if (kept := await orders.repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept)
        template = await orders.repository.get(ORDER_TEMPLATES.ref(template_id))
        await _storeroom(template, orders, asked.actor)
        chosen = None if form.lines is None else {each.article_no: each.packages for each in form.lines}
        lines = lines_ordered(template, chosen)
        tried = await _tried(template, lines, orders, asked.actor, joint=form.joint)
        if chosen is None:
            tried = replace(tried, asked=without_invalid(tried.asked, tried.shelves))
        return await send(tried, orders, asked)


async def _storeroom(template: OrderTemplate, orders: ReplenishmentOrders, actor: Actor) -> Storeroom:
    """Give the template's storeroom to who works there; raises NotFound."""
    return await orders.replenishing.warehouse.storeroom_for(template.storeroom_no, actor)


async def _tried(
    template: OrderTemplate,
    lines: tuple[LineAsked, ...],
    orders: ReplenishmentOrders,
    actor: Actor,
    *,
    joint: bool,
) -> Tried:
    storeroom = await _storeroom(template, orders, actor)
    of_person = [each for each in storeroom.care_units if each in actor.care_units]
    unit = template.care_unit if template.care_unit in of_person else of_person[0]
    wanted = Wanted(unit, template.storeroom_no, lines, joint, "template", template.template_id)
    return await orders.tried(wanted, actor)


async def _known(lines: Sequence[LineForm], orders: ReplenishmentOrders) -> frozenset[str]:
    """Name those articles that the device catalogue has."""
    numbers = list(dict.fromkeys(each.article_no for each in lines))
    found = await orders.repository.get(ARTICLES.maybe_many(numbers))
    return frozenset(each.article_no for each in found if each and each.device)


def _kept_shown(template: OrderTemplate | None, *, named: Named) -> TemplateView:
    if template is None:
        raise ValueError("a template is made by creating it")
    return _shown(template, named)


def _shown(template: OrderTemplate, named: Named) -> TemplateView:
    fields: dict[str, Any] = {
        name: getattr(template, name) for name in TemplateView.model_fields if hasattr(template, name)
    }
    return TemplateView(
        **fields,
        care_unit_name=named.care_unit(template.care_unit),
        storeroom_name=named.storeroom(template.storeroom_no),
        articles=len(template.lines),
    )


async def _named(templates: Sequence[OrderTemplate], orders: ReplenishmentOrders) -> Named:
    places = {each.storeroom_no for each in templates}
    units = {each.care_unit for each in templates}
    rooms, names = await places_named(orders.replenishing, places, units)
    return Named(storerooms=rooms, care_units=names)
