"""A collection order as the warehouse sees it: devices, components and purposes (S142, S143)."""

from datetime import date

from services.inventory.api.device_views import CoupledView
from services.inventory.application.collecting import Shown
from services.inventory.domain.collecting.order import CollectionOrder, State, ToCollect
from services.inventory.domain.devices.device import DeviceState
from services.inventory.domain.devices.states import state_of
from shared.domain.purposes import purpose_said
from shared.http import View
from shared.http.language import Language, said


class DeviceToReceive(View):
    """A device that shall come, with what is on it."""

    device_no: str
    label: str
    article_no: str
    article_name: str
    purpose: str | None
    purpose_text: str | None
    state: DeviceState | None
    """null of a device that inventory does not know."""
    state_text: str | None
    components: list[CoupledView]


class CollectionToReceive(View):
    """A collection order; it names no patient (Q61)."""

    collection_no: str
    state: State
    registered_on: date | None
    care_unit: str
    care_unit_name: str
    devices: list[DeviceToReceive]


def shown(found: Shown, language: Language) -> list[CollectionToReceive]:
    """Give collection orders as they are shown."""
    return [_order(each, found, language) for each in found.orders]


def _order(order: CollectionOrder, found: Shown, language: Language) -> CollectionToReceive:
    unit = found.care_units.get(order.care_unit)
    return CollectionToReceive(
        collection_no=order.collection_no,
        state=order.state,
        registered_on=order.registered_on,
        care_unit=order.care_unit,
        care_unit_name=unit.name if unit else order.care_unit,
        devices=[_device(each, found, language) for each in order.devices],
    )


def _device(row: ToCollect, found: Shown, language: Language) -> DeviceToReceive:
    device = found.devices.get(row.device_no)
    article_no = device.article_no if device else ""
    return DeviceToReceive(
        device_no=row.device_no,
        label=device.number_on_label if device else row.device_no,
        article_no=article_no,
        article_name=_name(article_no, found),
        purpose=None if row.purpose is None else str(row.purpose),
        purpose_text=said(purpose_said(row.purpose), language) if row.purpose is not None else None,
        state=device.state if device else None,
        state_text=said(state_of(device), language) if device else None,
        components=[
            CoupledView(
                article_no=each.article_no,
                article_name=_name(each.article_no, found),
                quantity=each.quantity,
                lot=each.lot,
            )
            for each in (device.components if device else ())
        ],
    )


def _name(article_no: str, found: Shown) -> str:
    article = found.articles.get(article_no)
    return article.name if article else article_no
