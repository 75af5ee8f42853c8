"""The facts of inventory: articles, and which device a patient has on loan."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import model_validator

from shared.events.fact import Fact, Open, Part
from shared.events.fees import DeviceFee


class FoodsArticle(Part):
    """The part of an article that is prescribed and sent by a distributor."""

    subgroup: str
    distributor: str
    pieces_per_package: int


class ArticleComponent(Part):
    """A counted article that fits a device and is coupled to it when chosen (S107, Q46)."""

    article_no: str
    quantity: int = 1
    """In base units."""
    standard: bool = False
    """Pre-selected when the device is ordered (S108)."""
    removable: bool = True


class DeviceArticle(Part):
    """The part of an article that only a device, an accessory or a spare part of devices has."""

    iso_code: str
    """Its class by ISO 9999, digits only, such as `123903`: who may order it depends on it (Q42)."""
    fee_code: str | None = None
    """Names the row of the tariff's `device_fees` by which a patient pays; None: it is free (Q37)."""
    article_type: Open[Literal["main_aid", "accessory", "spare_part"]] = "main_aid"
    marked: bool = False
    """Each piece is a tracked device with a number; otherwise pieces are counted (S92)."""
    owner: Open[Literal["care_unit", "central"]] = "central"
    """Whose property a piece becomes at receipt (Q44)."""
    uom: Open[Literal["piece", "pair"]] = "piece"
    """The base unit that it is counted in (Q60)."""
    components: tuple[ArticleComponent, ...] = ()
    needs_settings: bool = False
    """It is set or fitted for the patient: never delivered home (Q53)."""
    advanced: bool = False
    """Advanced adaptation or service (Q15)."""
    bulky: bool = False
    assortment: Open[Literal["standard", "other", "earlier", "none"]] = "standard"
    """The region's assortment, standard first; what is `earlier` comes only from an own storeroom (Q50)."""
    sources: tuple[Open[Literal["storeroom", "warehouse", "supplier"]], ...] = ("storeroom", "warehouse")
    """Where it may come from, apart from what status and assortment forbid (Q50)."""
    supplier: str | None = None
    """Who sells it, by the name that people search for (S160)."""


class ArticleChanged(Fact):
    """A snapshot of an article: newest version wins."""

    topic: ClassVar[str] = "inventory.article_changed.v1"
    about: ClassVar[str] = "article_no"

    article_no: str
    version: int
    name: str
    product_area: str
    subgroup: str = ""
    """One of the guide's thirteen subgroups, as a key (S57 to S60). Of a device empty: read `foods`."""
    distributor: str = ""
    """The distributor's id; its queue is `distributor.<id>.orders`. Of a device empty."""
    supplier_article_no: str
    gtin: str | None = None
    pieces_per_package: int = 1
    piece: str = "st"
    """What one piece is called: st, flaska, portion ..."""
    package_price: Decimal
    """SEK per package."""
    warn_above_packages: int | None = None
    """Packages per 30 days above which a prescriber is warned of a likely mis-click (S19)."""
    is_generic: bool = False
    """Prescribed without flavour: the patient chooses among its variants (S53, S54)."""
    variant_of: str | None = None
    """The generic article that this one is a flavour or shape of."""
    variant_name: str | None = None
    status: Open[Literal["active", "outgoing", "discontinued"]] = "active"
    replaced_by: str | None = None
    device: DeviceArticle | None = None
    """What only a device has; None for what is prescribed and sent by a distributor."""

    @property
    def foods(self) -> FoodsArticle | None:
        """Give what only an article has that is prescribed and sent by a distributor; None for a device.

        On the wire its fields stand flat: versions from before devices demand them of every article.
        """
        if self.device is not None:
            return None
        return FoodsArticle(
            subgroup=self.subgroup, distributor=self.distributor, pieces_per_package=self.pieces_per_package
        )

    @model_validator(mode="after")
    def _is_one_of_both(self) -> "ArticleChanged":
        if (self.device is None) != bool(self.subgroup and self.distributor):
            raise ValueError("an article has a subgroup and a distributor, or is a device")
        return self


class DeviceHandedOut(Fact):
    """A patient has a tracked device on loan: handed out, or delivered to the patient (Q10).

    A delivery to the care unit is not that. What replaces a device is published as DeviceExchanged.
    """

    topic: ClassVar[str] = "inventory.device_handed_out.v1"
    about: ClassVar[str] = "loan_id"

    loan_id: str
    """Names that the patient has the device: the same through every exchange and maintenance swap."""
    patient_ref: str
    device_no: str
    article_no: str
    product_area: str
    care_unit: str
    order_no: str
    line_no: int | None = None
    """The line of the order that it came with."""
    handed_out_on: date
    handed_out_at: datetime
    how: Open[Literal["handed_out", "delivered"]]
    fee: DeviceFee | None = None
    """None when the prescriber said no, or the article has none (S112)."""


class GoodsHandedOut(Fact):
    """A patient got counted goods with a fee, which are not on loan: the fee is due (Q37)."""

    topic: ClassVar[str] = "inventory.goods_handed_out.v1"
    about: ClassVar[str] = "order_no"

    order_no: str
    line_no: int
    patient_ref: str
    article_no: str
    product_area: str
    care_unit: str
    quantity: int
    handed_out_on: date
    handed_out_at: datetime
    fee: DeviceFee


class DeviceExchanged(Fact):
    """The patient has another device instead, by exchange or maintenance swap: the loan continues (Q10)."""

    topic: ClassVar[str] = "inventory.device_exchanged.v1"
    about: ClassVar[str] = "loan_id"

    loan_id: str
    patient_ref: str
    device_no: str
    """The device that the patient has from now on."""
    in_place_of: str
    """The device that the patient had."""
    exchanged_on: date
    why: Open[Literal["exchange", "maintenance"]]
    nth: int = 0
    """Sorts those of one day: a swap that was registered by mistake is taken back by another (Q56)."""


class DeviceReturned(Fact):
    """A return was made of a device (S113, Q10)."""

    topic: ClassVar[str] = "inventory.device_returned.v1"
    about: ClassVar[str] = "loan_id"

    loan_id: str
    patient_ref: str
    device_no: str
    returned_on: date
    return_no: str


class DeviceLossReported(Fact):
    """A device on loan was reported stolen, lost or damaged by carelessness (S181, Q57)."""

    topic: ClassVar[str] = "inventory.device_loss_reported.v1"
    about: ClassVar[str] = "loss_no"

    loss_no: str
    """Names the report, and the compensation that may follow from it."""
    loan_id: str
    patient_ref: str
    device_no: str
    article_no: str
    product_area: str
    care_unit: str
    order_no: str
    how: Open[Literal["stolen", "lost", "damaged"]]
    """Stolen and lost end the loan; one that only a newer version knows is treated as `damaged`."""
    happened_on: date
    reported_at: datetime
    price: Decimal | None = None
    """What the device cost, SEK: at its purchase, else the article's price now; None when nobody knows."""
    purchased_on: date | None = None
    """None when nobody knows: its age is counted from the hand-out."""
    handed_out_on: date


class RecallConcernsPatient(Fact):
    """A patient has goods that are recalled, and is to be told by the contact channel (N4, T17)."""

    topic: ClassVar[str] = "inventory.recall_concerns_patient.v1"
    about: ClassVar[str] = "notice_id"

    notice_id: str
    recall_no: str
    patient_ref: str
    care_unit: str
    article_no: str
    noticed_at: datetime
