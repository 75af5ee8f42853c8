"""Routes about a shortage: patients with lines of an article, and orders of it on their way (N3)."""

from services.ordering.api.forms import WhichShortage
from services.ordering.application.desk import Desk
from services.ordering.domain.allowance import Line
from services.ordering.domain.order import Order
from services.ordering.domain.shortage import Affected, affected
from shared.http import Ask, Language, Pages, Router, View
from shared.http.language import said


class ShortLine(View):
    """A line of which the article cannot be had."""

    line_id: str
    prescription_no: str
    care_unit: str
    prescriber: str
    withdrawals_left: int

    @classmethod
    def of(cls, line: Line) -> "ShortLine":
        return cls(
            line_id=line.line_id,
            prescription_no=line.prescription_no,
            care_unit=line.care_unit,
            prescriber=line.prescriber,
            withdrawals_left=line.withdrawals_left,
        )


class ShortPatient(View):
    """A patient who needs something else."""

    patient_ref: str
    lines: list[ShortLine]

    @classmethod
    def of(cls, found: Affected) -> "ShortPatient":
        return cls(patient_ref=found.patient_ref, lines=[ShortLine.of(each) for each in found.lines])


class ShortOrder(View):
    """An order of the article that is not over."""

    order_no: str
    withdrawal_no: str
    patient_ref: str
    distributor: str
    state_text: str

    @classmethod
    def of(cls, order: Order, language: Language) -> "ShortOrder":
        return cls(
            order_no=order.order_no,
            withdrawal_no=order.withdrawal_no,
            patient_ref=order.patient_ref,
            distributor=order.distributor,
            state_text=said(order.said_state, language),
        )


class ShortageView(View):
    """A page of those whom a shortage concerns; the orders on their way stand on the first page.

    More orders than fit there come page by page with `cursor`, without the patients.
    """

    article_no: str
    name: str | None
    status: str | None
    replaced_by: str | None
    patients: list[ShortPatient]
    orders: list[ShortOrder]
    next: str | None
    """Hand it in as `after` for the next page."""


def routes(desk: Desk) -> Router:
    router = Router("ordering", prefix="/shortages", tags=["shortages"])
    ordering = desk.ordering

    @router.post("/search")
    async def search_shortage(form: WhichShortage, ask: Ask, pages: Pages) -> ShortageView:
        """List whose lines need something else; their references are needed to notify them."""
        catalogue = await ordering.catalogue_for([form.article_no])
        article = catalogue.articles.get(form.article_no)
        generic = article.variant_of if article else None
        wanted = [form.article_no, *([generic] if generic else [])]
        only_orders = pages.after is not None
        page = [] if only_orders else await ordering.prescribed(wanted, after=form.after, limit=form.limit)
        on = desk.clock.today()
        patients = [
            found for each in page if (found := affected(each, article_no=form.article_no, on=on)) is not None
        ]
        orders: list[Order] = []
        if form.after is None:
            orders = pages.shown(await ordering.open_orders_of(form.article_no, after=pages.after))
        shown = [*(each.patient_ref for each in patients), *(each.patient_ref for each in orders)]
        await desk.repository.note(ask, shown)
        return ShortageView(
            article_no=form.article_no,
            name=article.name if article else None,
            status=article.status if article else None,
            replaced_by=article.replaced_by if article else None,
            patients=[ShortPatient.of(each) for each in patients],
            orders=[ShortOrder.of(each, ask.language) for each in orders],
            next=page[-1].patient_ref if len(page) == form.limit else None,
        )

    return router
