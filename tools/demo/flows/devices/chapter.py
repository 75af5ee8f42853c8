"""The chapter about devices: ordered, handed out, returned, and what they cost."""

from tools.demo.flows.chapter import Chapter, Flow
from tools.demo.flows.devices import orders, replaced, returns

CHAPTER = Chapter(
    "devices",
    (
        Flow("hand-out", "a CPAP of the own storeroom, by its number", orders.handed_out),
        Flow("from-warehouse", "from order to hand-over four days later", orders.from_warehouse),
        Flow(
            "replaced",
            "a replacement comes for what is going out, with a referral",
            replaced.replaced,
        ),
        Flow("returned-in-time", "back on day 30: no fee, and in stock again", returns.in_time),
        Flow("exchange", "another CPAP instead: the fee and its days continue", returns.exchanged),
        Flow("mistaken-hand-out", "the wrong patient: taken back with its fee", orders.mistaken),
        Flow("joint-waits", "a joint delivery waits for all of it", orders.joint_waits),
        Flow("home-region", "another region approves before the hand-out", orders.approval),
        Flow("wrong-yes-or-no", "a device's fee is corrected by two people", orders.wrong_fee),
        Flow("last-device", "two hand out the last one at one moment", orders.last_device),
        Flow("day-91", "a fee waits through day 90, and is invoiced on day 91", orders.ninety_days),
    ),
)
