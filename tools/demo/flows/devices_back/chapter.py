"""The chapter about devices that come back, and storerooms that are kept full."""

from tools.demo.flows.chapter import Chapter, Flow
from tools.demo.flows.devices_back import collected, kept_full, purchased, swapped, upkeep

CHAPTER = Chapter(
    "devices-back",
    (
        Flow("collected", "fetched back, with a hose that lacks, and mended", collected.collected),
        Flow("not-there", "another device comes than was ordered", collected.not_there),
        Flow("exchange-collected", "a defective CPAP at a visit, in one request", collected.exchanged),
        Flow("replenished", "below its minimum: ordered by itself, received, lent", kept_full.by_itself),
        Flow("from-template", "a part of a template comes short and damaged", kept_full.from_template),
        Flow("purchased", "the warehouse purchases: dearer than agreed, in two parts", purchased.purchased),
        Flow("maintenance", "overdue, not handed out, maintained and lent", upkeep.maintained),
        Flow("fault", "a defect: reported, taken in, repaired, in stock", upkeep.fault),
        Flow("swap", "two devices, a swap half done, and what is missing", swapped.half_done),
        Flow("recall", "a lot in one call, followed to zero", upkeep.recalled),
    ),
)
