"""Devices that go back to the warehouse: fetched, missed there, and exchanged in one request."""

from tools.demo.flows.chapter import Chapter, Flow
from tools.demo.flows.devices_back import collected

CHAPTER = Chapter(
    "devices-back",
    (
        Flow("collected", "fetched back, with a hose that lacks, and mended", collected.collected),
        Flow("not-there", "another device comes than was ordered", collected.not_there),
        Flow("exchange-collected", "a defective CPAP at a visit, in one request", collected.exchanged),
    ),
)
