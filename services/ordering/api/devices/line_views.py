"""Response bodies about one line before it is ordered: what comes, when, and what it costs (S89, S93)."""

from datetime import date

from services.ordering.api.devices.part_views import (
    AttachmentView,
    ComponentView,
    DeviceFeeView,
    attachments_shown,
    components_shown,
)
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.copies import DeviceArticle
from services.ordering.domain.devices.lines import Line
from services.ordering.domain.devices.planned import Planned
from shared.domain.tariff import NoTariff, NotPriced
from shared.http import Preview, View
from shared.sealed import Seals


class FittingView(View):
    """A component that fits the device: the standard ones come with it (S107, S108)."""

    article_no: str
    name: str
    quantity: int
    standard: bool
    removable: bool


class PlannedView(View):
    """What would come of a line from a warehouse if it were sent now; nothing is reserved yet (S103)."""

    article_no: str
    article_name: str
    in_stock: int
    """Base units that are there now."""
    expected_on: date | None
    """When the rest is expected; null while nobody knows, and when all is there."""


class BasketLineView(View):
    """A line as it would be sent."""

    line_no: int
    article_no: str
    article_name: str
    replaced_by: str | None
    replaced_by_name: str | None
    """What will be delivered instead (S89): the last of a chain of replacements."""
    planned: PlannedView | None
    """Null for an own storeroom, and while inventory does not answer."""
    quantity: int
    source: str | None
    storeroom_no: str | None
    storeroom_name: str | None
    device_no: str | None
    label: str | None
    """What stands on its label now (Q12)."""
    components: list[ComponentView]
    fitting: list[FittingView]
    removed: list[str]
    goes_with: int | None
    has_fee: bool
    """Whether yes or no to the fee must be answered (S90)."""
    fee: bool | None
    price: DeviceFeeView | None
    """Of the article that is ordered; what replaces it costs the same, as it was told here (S89, Q37)."""
    comment: str | None
    is_additional: bool
    attachments: list[AttachmentView]


class HandOutPreview(Preview):
    """What a hand-out would be: the device, what fits it, the fee and every reason against it (N1)."""

    line: BasketLineView
    warnings: list[str]


class LinePreview(Preview):
    """What a line would be before it is saved: what comes instead, when, and all against it (S89)."""

    line: BasketLineView


def line_shown(
    line: Line, catalogue: DeviceCatalogue, seals: Seals, *, on: date, planned: Planned | None = None
) -> BasketLineView:
    """Show a line; what comes instead as inventory says, else as the catalogue does."""
    article = catalogue.articles.get(line.article_no)
    comes = planned.article_no if planned else catalogue.replacement_of(line.article_no)
    replaced_by = comes if comes != line.article_no else None
    return BasketLineView(
        line_no=line.line_no,
        article_no=line.article_no,
        article_name=catalogue.name_of(line.article_no),
        replaced_by=replaced_by,
        replaced_by_name=catalogue.name_of(replaced_by) if replaced_by else None,
        planned=_planned(planned, catalogue),
        quantity=line.quantity,
        source=line.source,
        storeroom_no=line.storeroom_no,
        storeroom_name=catalogue.place_name(line.storeroom_no) if line.storeroom_no else None,
        device_no=line.device_no,
        label=catalogue.label_of(line.device_no) if line.device_no else None,
        components=components_shown(line, catalogue),
        fitting=_fitting(article, catalogue),
        removed=list(line.removed),
        goes_with=line.goes_with,
        has_fee=article is not None and article.fee_code is not None,
        fee=line.fee,
        price=_price(line, catalogue, on=on) if article else None,
        comment=seals.open(line.comment) if line.comment else None,
        is_additional=line.is_additional,
        attachments=attachments_shown(line, seals),
    )


def _planned(planned: Planned | None, catalogue: DeviceCatalogue) -> PlannedView | None:
    if planned is None:
        return None
    return PlannedView(
        article_no=planned.article_no,
        article_name=catalogue.name_of(planned.article_no),
        in_stock=planned.in_stock,
        expected_on=planned.expected_on,
    )


def _fitting(article: DeviceArticle | None, catalogue: DeviceCatalogue) -> list[FittingView]:
    return [
        FittingView(
            article_no=each.article_no,
            name=catalogue.name_of(each.article_no),
            quantity=each.quantity,
            standard=each.standard,
            removable=each.removable,
        )
        for each in (article.components if article else ())
    ]


def _price(line: Line, catalogue: DeviceCatalogue, *, on: date) -> DeviceFeeView | None:
    try:
        return DeviceFeeView.of(catalogue.fee_of(line, fee_no=1, on=on))
    except (NotPriced, NoTariff):
        return None  # the reasons say why
