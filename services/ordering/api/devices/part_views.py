"""What a line of a device order is shown with: components, fee, attached files."""

from services.ordering.domain.devices.attachments import FileType
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.lines import Line
from shared.events.fees import DeviceFee
from shared.http import View
from shared.sealed import Seals


class ComponentView(View):
    """A component that is on the device."""

    article_no: str
    name: str
    quantity: int


class DeviceFeeView(View):
    """What the patient pays for a line, and for how long a return removes it (Q10)."""

    fee_code: str
    text: str
    amount: str
    deferred_days: int

    @classmethod
    def of(cls, fee: DeviceFee | None) -> "DeviceFeeView | None":
        if fee is None:
            return None
        return cls(
            fee_code=fee.fee_code,
            text=fee.text,
            amount=f"{fee.amount:.2f}",
            deferred_days=fee.deferred_days,
        )


class AttachmentView(View):
    """A file that is attached to a line: the paper clip (S93)."""

    attachment_id: str
    name: str | None
    """Shown when one order or basket is opened, not in lists."""
    file_type: FileType
    size: int
    """Bytes."""


def components_shown(line: Line, catalogue: DeviceCatalogue) -> list[ComponentView]:
    return [
        ComponentView(
            article_no=each.article_no, name=catalogue.name_of(each.article_no), quantity=each.quantity
        )
        for each in line.components
    ]


def attachments_shown(line: Line, seals: Seals | None) -> list[AttachmentView]:
    return [
        AttachmentView(
            attachment_id=each.attachment_id,
            name=seals.open(each.name) if seals else None,
            file_type=each.file_type,
            size=each.size,
        )
        for each in line.attachments
    ]
