"""A device that is brought, and by the register is elsewhere: a task, no silent correction (S146, Q51)."""

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.devices.naming import device_named
from services.inventory.domain.places import Storeroom
from services.inventory.domain.returns.disposing import Articles
from shared.domain.decision import Decision, Refused, Sentence
from shared.events.tasks import TaskRaised


class LiesThereAlready(Refused):
    """By the register the device lies in that storeroom: there is nothing to find out."""

    rule = "lies-there-already"
    sentence = Sentence(
        "Hjälpmedlet ligger redan i det förrådet enligt registret. Lägg det på hyllan.",
        "By the register the device lies in that storeroom already. Put it on the shelf.",
    )


def report_brought(
    device: Device, loan: Loan | None, *, storeroom: Storeroom, articles: Articles
) -> Decision[Device, Loan | None]:
    """Ask the unit that lent it, else the one that has it now, whose it is; raises LiesThereAlready.

    The register stays as it is: whoever finds out makes a return, a collection order or a stocktake.
    """
    if device.state == "in_stock" and device.storeroom_no == storeroom.storeroom_no:
        raise LiesThereAlready(device_no=device.device_no)
    lent_by = loan.care_unit if loan and loan.state == "on_loan" else None
    here = next(iter(storeroom.care_units), None) if storeroom.kind == "storeroom" else None
    task = TaskRaised(
        task_id=f"device-brought:{device.device_no}:{device.version}",
        kind="device_brought",
        role="order_placer",
        care_unit=lent_by or here,
        subject_no=device.device_no,
        reason="device-brought-and-elsewhere",
        details={
            "device_no": device.device_no,
            "device": device_named(device, articles),
            "storeroom": storeroom.name,
        },
    )
    return device, loan, [task]
