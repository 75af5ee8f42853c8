"""A line of a device order: article, source, components, fee and comment (S87 to S94, S108, Q46)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from services.ordering.domain.devices.attachments import Attached
from services.ordering.domain.devices.copies import DeviceArticle, FittingComponent, SourceKind

Disposition = Literal["return", "scrap"]
"""What becomes of a device that a patient hands back."""
ExchangeDisposition = Literal["return", "scrap", "collect"]
"""What becomes of a device that is exchanged: what is collected waits at the unit for the warehouse."""


@dataclass(frozen=True)
class ChosenComponent:
    """A counted article that is to be on the device; it has no line of its own (Q46)."""

    article_no: str
    quantity: int = 1


@dataclass(frozen=True)
class Exchange:
    """The device that the patient hands back for the one of the line (Q48)."""

    device_no: str
    loan_id: str
    """Empty when the patient has no such device."""
    disposition: ExchangeDisposition = "return"
    collection_no: str | None = None
    """The collection order of what is collected."""


@dataclass(frozen=True)
class Line:
    """One article, as it was asked for; what nobody has answered yet is None."""

    line_no: int
    article_no: str
    quantity: int = 1
    """In base units (Q60)."""
    source: SourceKind | None = None
    storeroom_no: str | None = None
    device_no: str | None = None
    """The tracked device that is handed out; None where the warehouse chooses one."""
    components: tuple[ChosenComponent, ...] = ()
    """All that shall be on the device, the standard ones among them (S108)."""
    removed: tuple[str, ...] = ()
    """Standard components that shall not."""
    goes_with: int | None = None
    """The line of the device that this accessory belongs to (S92)."""
    fee: bool | None = None
    """Whether the patient pays; asked only where the article has a fee (S90)."""
    comment: str | None = None
    """Sealed; shown on the pick list, and no place for wishes about the delivery (S88)."""
    is_additional: bool = False
    """The patient keeps what he or she has of the same kind: it is no exchange (Q48)."""
    attachments: tuple[Attached, ...] = ()
    exchange: Exchange | None = None
    """What it comes in place of: loan, fee and day 0 continue (Q48)."""


def with_components(
    line: Line, article: DeviceArticle, *, added: Sequence[ChosenComponent], removed: Sequence[str]
) -> Line:
    """Choose the standard components but those removed, and add the others (S108); each counts once."""
    wanted = {each.article_no for each in added}
    off = tuple(each for each in dict.fromkeys(removed) if each not in wanted)
    standard = [_chosen(each) for each in article.standard_components if each.article_no not in off]
    chosen = {each.article_no: each for each in (*standard, *added)}
    return replace(line, components=tuple(chosen.values()), removed=off)


def _chosen(component: FittingComponent) -> ChosenComponent:
    return ChosenComponent(component.article_no, component.quantity)
