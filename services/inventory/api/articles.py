"""Routes that search and show articles and subgroups."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, field_validator

from services.inventory.application.catalogue import Catalogue
from services.inventory.domain.article import Article, Status
from services.inventory.repository.search import SearchCriteria
from shared.domain.decision import Sentence
from shared.domain.subgroups import PRESCRIPTION_TYPES, SUBGROUP_KEYS, SUBGROUPS, Subgroup, searchable
from shared.domain.text import single_line
from shared.events.inventory import DeviceArticle
from shared.events.values import PrescriptionType
from shared.fields import Code, of_text, refusal
from shared.http import Ask, Request, Router, View
from shared.http.ids import ArticleNo
from shared.http.language import Language, said

BY_KEY = {subgroup.key: subgroup for subgroup in SUBGROUPS}
TYPE_NAMES = {each.key: each.name for each in PRESCRIPTION_TYPES}


class ArticleSearched(Request):
    """What to look for: parts of the name or numbers, a subgroup, the type that one prescribes under."""

    text: Annotated[str, Field(max_length=100), of_text(single_line)] = ""
    subgroup: Annotated[Code, Field(max_length=40)] | None = None
    prescription_type: PrescriptionType | None = None
    include_variants: bool = False
    offset: Annotated[int, Field(ge=0, le=100_000)] = 0
    limit: Annotated[int, Field(ge=1, le=50)] = 50

    @field_validator("subgroup")
    @classmethod
    def _known(cls, subgroup: str | None) -> str | None:
        if subgroup is not None and subgroup not in SUBGROUP_KEYS:
            known = ", ".join(sorted(SUBGROUP_KEYS))
            raise refusal("unknown-subgroup", Sentence(f"Välj en av: {known}.", f"Choose one of: {known}."))
        return subgroup

    def wanted(self) -> SearchCriteria:
        """A type limits what is found (S7), a subgroup further (S13)."""
        opened = None if self.prescription_type is None else searchable(self.prescription_type)
        if self.subgroup is not None:
            opened = frozenset({self.subgroup}) & (SUBGROUP_KEYS if opened is None else opened)
        return SearchCriteria(self.text, opened, self.include_variants, self.offset, self.limit)


class ComponentView(View):
    """A counted article that fits a device (S107, Q46)."""

    article_no: str
    name: str | None
    quantity: int
    """Base units."""
    standard: bool
    removable: bool


class DeviceView(View):
    """What only a device, an accessory or a spare part has."""

    iso_code: str
    """ISO 9999, digits only."""
    article_type: Literal["main_aid", "accessory", "spare_part"]
    marked: bool
    """Each piece has a number of its own (S106)."""
    owner: Literal["care_unit", "central"]
    uom: Literal["piece", "pair"]
    fee_code: str | None
    supplier: str | None
    components: list[ComponentView]
    needs_settings: bool
    advanced: bool
    bulky: bool
    assortment: Literal["standard", "other", "earlier", "none"]
    sources: list[Literal["storeroom", "warehouse", "supplier"]]


class ArticleView(View):
    """An article as everybody sees it."""

    article_no: str
    name: str
    product_area: str
    subgroup: str | None
    """None, as what follows: it is a device."""
    subgroup_name: str | None
    prescription_type: PrescriptionType | None
    distributor: str | None
    supplier_article_no: str
    gtin: str | None
    pieces_per_package: int
    piece: str
    package_price: str
    """SEK."""
    warn_above_packages: int | None
    is_generic: bool
    variant_of: str | None
    variant_name: str | None
    status: Status
    replaced_by: str | None
    replaced_by_name: str | None
    device: DeviceView | None
    """None: it is prescribed, and sent by a distributor."""
    version: int


class ArticleWithVariants(ArticleView):
    """An article with the flavours or shapes to choose among (S53, S56)."""

    variants: list[ArticleView]


class SearchView(View):
    """A page of articles; `hits` counts them all, or at least so many when `at_least`."""

    hits: int
    at_least: bool
    articles: list[ArticleView]


class SubgroupView(View):
    """A subgroup and the prescription type that opens it."""

    key: str
    name: str
    prescription_type: PrescriptionType
    prescription_type_name: str


def routes(catalogue: Catalogue) -> Router:
    router = Router("inventory", tags=["articles"])

    @router.post("/articles/search")
    async def search_articles(body: ArticleSearched, ask: Ask) -> SearchView:
        hits, articles = await catalogue.search(body.wanted())
        names = await catalogue.named_by(articles)
        views = [ArticleView.model_validate(_shown(each, ask.language, names)) for each in articles]
        return SearchView(hits=hits.count, at_least=hits.at_least, articles=views)

    @router.get("/articles/{article_no}")
    async def get_article(article_no: ArticleNo, ask: Ask) -> ArticleWithVariants:
        article = await catalogue.article(article_no)
        variants = await catalogue.variants(article_no)
        names = await catalogue.named_by([article, *variants])
        views = [_shown(each, ask.language, names) for each in variants]
        return ArticleWithVariants.model_validate({**_shown(article, ask.language, names), "variants": views})

    @router.get("/subgroups")
    async def list_subgroups(ask: Ask) -> list[SubgroupView]:
        return [_subgroup_shown(each, ask.language) for each in SUBGROUPS]

    return router


def _shown(article: Article, language: Language, names: Mapping[str, str]) -> dict[str, object]:
    subgroup = BY_KEY.get(article.subgroup)
    return {
        **vars(article),
        "package_price": str(article.package_price),
        "is_generic": article.is_generic,
        "subgroup": subgroup and subgroup.key,
        "subgroup_name": subgroup and said(subgroup.name, language),
        "prescription_type": subgroup and subgroup.prescription_type,
        "distributor": article.distributor or None,
        "replaced_by_name": names.get(article.replaced_by or ""),
        "device": article.device and _device_shown(article.device, names),
    }


def _device_shown(device: DeviceArticle, names: Mapping[str, str]) -> dict[str, object]:
    components = [{**each.model_dump(), "name": names.get(each.article_no)} for each in device.components]
    return {**device.model_dump(), "components": components}


def _subgroup_shown(subgroup: Subgroup, language: Language) -> SubgroupView:
    return SubgroupView(
        key=subgroup.key,
        name=said(subgroup.name, language),
        prescription_type=subgroup.prescription_type,
        prescription_type_name=said(TYPE_NAMES[subgroup.prescription_type], language),
    )
