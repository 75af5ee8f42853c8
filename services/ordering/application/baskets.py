"""Reads and seals what the rules of a basket need, and shows what it would become."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.ordering.application.attachments import files_named
from services.ordering.application.devices import DeviceDesk, demand_areas
from services.ordering.domain.devices.attaching import Files, named_by
from services.ordering.domain.devices.attachments import Attached, demand_free
from services.ordering.domain.devices.basket import Basket, basket_id
from services.ordering.domain.devices.copies import DeviceArticle, SourceKind, SourceSetting
from services.ordering.domain.devices.delivering import DeliveryRequest
from services.ordering.domain.devices.lines import ChosenComponent, Line, with_components
from services.ordering.domain.devices.sending_basket import BasketRequest
from services.ordering.domain.devices.sources import with_source
from services.ordering.repository.collections import ATTACHMENTS, BASKETS, SOURCE_SETTINGS
from shared.auth.actor import Actor
from shared.domain.address import Address
from shared.events.fact import known_or
from shared.http.asking import AskingOnce
from shared.repository.refs import Refs


@dataclass(frozen=True)
class LineRequest:
    """A line as a person asked for it: what is left out is filled in (Q52, S108)."""

    article_no: str | None
    device_no: str | None
    fields: Mapping[str, Any]
    """Fields of a line that were given; the comment is in clear."""
    added: tuple[ChosenComponent, ...] = ()
    removed: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


class Baskets:
    """Baskets of the person who asks: nobody opens another's."""

    def __init__(self, desk: DeviceDesk) -> None:
        self.desk = desk

    async def key(self, actor: Actor, patient_ref: str) -> str:
        """Name the basket of this person and patient, as the patient is called now (S65)."""
        return basket_id(actor.sub, await self.desk.ordering.present_ref(patient_ref))

    async def mine(self, actor: Actor, patient_ref: str) -> Basket:
        """Find the basket; raises NotFound."""
        return await self.desk.repository.get(BASKETS.ref(await self.key(actor, patient_ref)))

    async def request(self, basket: Basket, actor: Actor) -> BasketRequest:
        """Read what a basket is judged by; raises Forbidden."""
        head = basket.head
        placing = await self.desk.placing(
            actor,
            patient_ref=basket.patient_ref,
            care_unit=head.care_unit,
            prescriber=head.prescriber,
        )
        catalogue = await self.desk.catalogue(basket.lines, placing)
        demand_areas(actor, catalogue, basket.lines, patient_ref=basket.patient_ref)
        return BasketRequest(placing, head, catalogue, await self.desk.devices.rules())

    async def line(self, asked: LineRequest, basket: Basket, actor: Actor) -> Line:
        """Fill in article, standard components and source of a new line. Raises NotFound and Forbidden."""
        article_no, fields = asked.article_no or "", dict(asked.fields)
        if asked.device_no is not None:
            device = await self.desk.devices.device(asked.device_no)
            article_no = device.article_no
            fields |= {"device_no": device.device_no, "source": "storeroom"}
            fields["storeroom_no"] = device.storeroom_no
        files = await self.files(asked.attachments, basket)
        line = Line(line_no=0, article_no=article_no, attachments=files, **self.sealed(fields))
        request = await self.request(_with(basket, line), actor)
        article = request.catalogue.article(article_no)
        care_unit = basket.head.care_unit
        whole = with_components(line, article, added=asked.added, removed=asked.removed)
        return with_source(
            whole,
            article,
            serving=request.catalogue.serving(care_unit),
            offered=self._offered(request, article),
            setting=await self._setting(actor.sub),
        )

    async def files(
        self, attachments: Iterable[str], basket: Basket, *, changed: Line | None = None
    ) -> tuple[Attached, ...]:
        """Name files that the basket's owner uploaded, for a new line or one that is changed.

        Raises NotFound, AttachmentTaken and AttachmentUsed.
        """
        own = named_by((changed,) if changed else ())
        found = await files_named(
            self.desk.repository, attachments, patient_ref=basket.patient_ref, by=basket.owner
        )
        demand_free(each for each in found if each.attachment_id not in own)
        return tuple(each.file for each in found)

    async def with_files(
        self, asked: AskingOnce, patient_ref: str, *, naming: Iterable[str] = ()
    ) -> Refs[Basket, Files]:
        """Name the basket and the files of its lines, with new ones that it is going to name."""
        key = await self.key(asked.actor, patient_ref)
        basket = await self.desk.repository.get(BASKETS.ref(key))
        files = sorted(named_by(basket.lines).union(naming))
        return BASKETS.ref(key, if_version=asked.if_match) & ATTACHMENTS.many(files)

    def sealed(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Seal a comment, which may speak of the patient (S88)."""
        comment = fields.get("comment")
        return {**fields, "comment": self.desk.seals.seal(comment)} if comment else dict(fields)

    def delivery(
        self, request: DeliveryRequest, *, receiver_name: str | None, address: Address | None
    ) -> DeliveryRequest:
        """Seal what a delivery says of the patient."""
        seals = self.desk.seals
        return DeliveryRequest(
            kind=request.kind,
            receiver_name=seals.seal(receiver_name, purpose="identity") if receiver_name else None,
            address=seals.seal(json.dumps(asdict(address))) if address else None,
            contact_name=request.contact_name,
            contact_phone=request.contact_phone,
        )

    async def numbers(self, needed: int) -> Sequence[str]:
        """Take a number for each order that a basket becomes (Q16)."""
        year = self.desk.clock.today().year
        return [await self.desk.repository.next_number("B", year=year) for _ in range(max(needed, 1))]

    def _offered(self, request: BasketRequest, article: DeviceArticle) -> tuple[str, ...] | None:
        if request.rules is None:
            return None
        placing = request.placing
        return request.rules.sources_of(article.product_area, care_unit=placing.care_unit, on=placing.on)

    async def _setting(self, person: str) -> SourceKind | None:
        setting: SourceSetting | None = await self.desk.repository.get(SOURCE_SETTINGS.maybe(person))
        return known_or(setting.source, "warehouse") if setting else None


def _with(basket: Basket, line: Line) -> Basket:
    return Basket(basket.patient_ref, basket.owner, basket.head, (*basket.lines, line))
