"""Decides whether devices of a file agree with each other and with the catalogue (S89, S107, Q46)."""

from collections.abc import Callable, Iterator

from services.inventory.domain import device_reasons
from services.inventory.domain.article import Article
from services.inventory.domain.catalogue_file import column_of
from shared.domain.decision import Sentence
from shared.events.inventory import ArticleComponent, DeviceArticle

Find = Callable[[str], Article | None]
"""Gives an article as it would be after the import."""


def against_kind(article: Article, kept: Article | None) -> Iterator[tuple[str, Sentence]]:
    """Find that a number would change from a device's to another's, or back."""
    if kept is not None and (kept.device is None) != (article.device is None):
        was_device = kept.device is not None
        yield (
            "article_no",
            device_reasons.NUMBER_OF_A_DEVICE if was_device else device_reasons.NUMBER_OF_NO_DEVICE,
        )


def against_components(device: DeviceArticle, find: Find) -> Iterator[tuple[str, Sentence]]:
    """Find components that do not exist, or cannot be one (Q46)."""
    for each in device.components:
        for reason in _against_component(each, find(each.article_no)):
            yield column_of(each), reason


def against_replacement(article: Article, successor: Article) -> Iterator[tuple[str, Sentence]]:
    """Find a replacement that is no equivalent: it would be delivered in the same quantity (S89)."""
    if _alike(article.device) != _alike(successor.device):
        yield "replaced_by", device_reasons.another_kind(successor.article_no)


def does_as_component(component: ArticleComponent, article: Article) -> bool:
    """Tell whether the article can be this component of a device."""
    return not any(_against_component(component, article))


def _against_component(component: ArticleComponent, article: Article | None) -> Iterator[Sentence]:
    if article is None:
        yield device_reasons.unknown_component(component.article_no)
    elif article.device is None:
        yield device_reasons.no_device(component.article_no)
    elif article.device.marked:
        yield device_reasons.marked_component(component.article_no)
    elif component.standard and article.status == "discontinued":
        yield device_reasons.gone_component(component.article_no)


def _alike(device: DeviceArticle | None) -> tuple[object, ...]:
    return () if device is None else (device.article_type, device.uom, device.marked)
