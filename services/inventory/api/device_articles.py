"""Routes that find devices in the catalogue, and show what is free of them (S160 to S168, Q39)."""

from services.inventory.api.catalogue_forms import DevicesSearched, IsoCode
from services.inventory.api.catalogue_views import (
    ClassView,
    DeviceDetails,
    DeviceRow,
    DevicesFound,
    breadcrumb,
    components,
    rows,
)
from services.inventory.application.catalogue import Catalogue
from services.inventory.application.device_search import DeviceSearch, areas_of
from services.inventory.domain.classes import LEVELS, Classes
from services.inventory.domain.offering import MAY_NOT_FIT
from shared.auth.actor import Actor
from shared.http import Ask, Router, View
from shared.http.ids import ArticleNo
from shared.http.language import said


class ClassBelow(ClassView):
    """A class with the number of its articles in the assortment."""

    articles: int


class ClassesShown(View):
    """A class, where it lies, and what is below it; at the top neither has a code."""

    edition: str
    """Of ISO 9999."""
    breadcrumb: list[ClassView]
    """The widest first, and last the class itself."""
    below: list[ClassBelow]
    """Empty at six digits, where articles stand: search with this code to list them."""


def routes(catalogue: Catalogue, search: DeviceSearch, classes: Classes) -> Router:
    router = Router("inventory", tags=["devices of the catalogue"])

    @router.post("/device-articles/search")
    async def search_device_articles(body: DevicesSearched, ask: Ask) -> DevicesFound:
        """Find devices by words that all must be there, the standard assortment first (S160, S161)."""
        whole = await catalogue.device(body.components_of) if body.components_of else None
        wanted = body.wanted(areas_of(ask.actor), whole)
        found = await search.page(wanted, ask.actor, storeroom_no=body.storeroom_no)
        shown = rows(found, classes, ask.language)
        may_not_fit = whole is not None and not body.same_product
        return DevicesFound(
            hits=found.hits.count,
            at_least=found.hits.at_least,
            articles=[DeviceRow.model_validate(each) for each in shown],
            advice=said(found.advice, ask.language) if found.advice else None,
            warning=said(MAY_NOT_FIT, ask.language) if may_not_fit else None,
        )

    @router.get("/device-articles/{article_no}")
    async def get_device_article(article_no: ArticleNo, ask: Ask) -> DeviceDetails:
        """Show all of one device: components, price, and what is free where the person sees it (S166)."""
        found = await search.one(article_no, ask.actor)
        (article,), (row,) = (
            found.articles,
            rows(found, classes, ask.language),
        )
        names = await catalogue.named_by([article])
        return DeviceDetails.model_validate(
            {
                **row,
                "classes": breadcrumb(str(row["iso_code"]), classes),
                "standard_components": components(article, names, standard=True),
                "other_components": components(article, names, standard=False),
            }
        )

    @router.get("/device-classes")
    async def list_device_classes(ask: Ask) -> ClassesShown:
        """List the widest classes that have articles in the areas where the person works (S168)."""
        return await _shown("", ask.actor)

    @router.get("/device-classes/{iso_code}")
    async def get_device_class(iso_code: IsoCode, ask: Ask) -> ClassesShown:
        """Show the classes below one, and those above it (S168)."""
        return await _shown(iso_code, ask.actor)

    async def _shown(code: str, actor: Actor) -> ClassesShown:
        level = next((each for each in LEVELS if each > len(code)), None)
        below = await search.classes(code, level=level, actor=actor) if level else {}
        return ClassesShown(
            edition=classes.edition,
            breadcrumb=breadcrumb(code, classes),
            below=[
                ClassBelow(iso_code=each, title=classes.title_of(each), articles=count)
                for each, count in below.items()
            ],
        )

    return router
