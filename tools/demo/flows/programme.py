"""The programme: every flow by its name, in chapters, in the order in which they are played."""

from tools.demo.flows.bad_days import chapter as bad_days
from tools.demo.flows.chapter import Flow
from tools.demo.flows.devices import chapter as devices
from tools.demo.flows.devices_back import chapter as devices_back
from tools.demo.flows.devices_catalogue import chapter as devices_catalogue
from tools.demo.flows.first import chapter as first
from tools.demo.flows.messages import chapter as messages
from tools.demo.flows.money import chapter as money
from tools.demo.flows.patients import chapter as patients
from tools.demo.flows.prescribing import chapter as prescribing
from tools.demo.flows.withdrawals import chapter as withdrawals

CHAPTERS = (
    first.CHAPTER,
    patients.CHAPTER,
    prescribing.CHAPTER,
    withdrawals.CHAPTER,
    money.CHAPTER,
    messages.CHAPTER,
    bad_days.CHAPTER,
    devices.CHAPTER,
    devices_back.CHAPTER,
    devices_catalogue.CHAPTER,
)
FLOWS = tuple(flow for chapter in CHAPTERS for flow in chapter.flows)


def chosen(names: list[str]) -> list[Flow]:
    """Give the flows that are named, by themselves or by their chapter; all of them when none is.

    Raises KeyError with the first name that is neither.
    """
    known = {chapter.name: chapter.flows for chapter in CHAPTERS} | {each.name: (each,) for each in FLOWS}
    return [flow for name in names for flow in known[name]] or list(FLOWS)
