"""What may be asked of the catalogue of devices (S160, S161, S168)."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from services.inventory.api.forms import StoreroomNo, known_area
from services.inventory.domain.article import Article
from services.inventory.domain.classes import class_code
from services.inventory.repository.properties import DeviceLimits
from services.inventory.repository.search import SearchCriteria
from services.inventory.repository.wording import compact
from shared.domain.decision import Sentence
from shared.domain.text import single_line
from shared.fields import Code, of_text, refusal
from shared.http import Request
from shared.http.ids import ArticleNo

FEWEST_SIGNS = 3
MOST_WORDS = 8
IsoCode = Annotated[str, StringConstraints(min_length=2, max_length=20), of_text(class_code)]
ArticleType = Literal["main_aid", "accessory", "spare_part"]
TOO_SHORT = Sentence(
    "Skriv minst tre tecken att söka på, eller välj en ISO-kod med sex siffror.",
    "Write at least three characters to search for, or choose an ISO code of six digits.",
)

TOO_MANY_WORDS = Sentence(
    "Skriv högst åtta ord: en del av namnet, leverantören eller ett nummer räcker.",
    "Write at most eight words: part of the name, the supplier or a number is enough.",
)


class DevicesSearched(Request):
    """What to look for: words of name, supplier and both article numbers, all of which must be there."""

    text: Annotated[str, Field(max_length=100), of_text(single_line)] = ""
    assortment: Literal["standard", "all"] | None = None
    """`standard`, only the region's (S161), or `all`; left out: of components all, else standard."""
    article_type: ArticleType | None = None
    product_area: Annotated[Code, Field(max_length=40)] | None = None
    iso_code: IsoCode | None = None
    """Only this class and those below it, in the areas where the person works (S168)."""
    components_of: ArticleNo | None = None
    """Only components: what may be put on this device (S109)."""
    same_product: bool = True
    """Of components: only those that the supplier groups with the device; else all of them."""
    storeroom_no: StoreroomNo | None = None
    """Show what is free there; left out: in every storeroom and warehouse that the person sees (Q39)."""
    offset: Annotated[int, Field(ge=0, le=100_000)] = 0
    limit: Annotated[int, Field(ge=1, le=50)] = 50

    @model_validator(mode="after")
    def _something_to_look_for(self) -> Self:
        """At least three characters; none are needed where there is little to list (S109, S160, S168)."""
        if len(self.text.split()) > MOST_WORDS:
            raise refusal("too-many-words", TOO_MANY_WORDS)
        written = len(compact(self.text))
        listed = self.is_a_class_of_articles or (self.components_of is not None and self.same_product)
        if written < FEWEST_SIGNS and (written or not listed):
            raise refusal("search-too-short", TOO_SHORT)
        return self

    @model_validator(mode="after")
    def _known_area(self) -> Self:
        if self.product_area is not None:
            known_area(self.product_area)
        return self

    @property
    def is_a_class_of_articles(self) -> bool:
        """Articles stand in classes of six digits; wider ones are opened first."""
        return self.iso_code is not None and len(self.iso_code) == len("040312")

    def wanted(self, areas: frozenset[str] | None, whole: Article | None) -> SearchCriteria:
        """Give the criteria; `areas` limit a class, and `whole` is the device that components are for."""
        limits = DeviceLimits(
            only_standard=(self.assortment or ("standard" if whole is None else "all")) == "standard",
            only_components=whole is not None,
            article_type=self.article_type,
            iso_code=self.iso_code,
            areas=self._areas(areas),
            fitting=whole if self.same_product else None,
        )
        return SearchCriteria(self.text, devices=limits, offset=self.offset, limit=self.limit)

    def _areas(self, areas: frozenset[str] | None) -> frozenset[str] | None:
        limited = areas if self.iso_code is not None else None
        if self.product_area is None:
            return limited
        own = frozenset({self.product_area})
        return own if limited is None else own & limited
