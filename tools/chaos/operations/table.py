"""Which operation belongs to which drive of the sweep."""

from collections.abc import Mapping
from types import MappingProxyType

from tools.chaos.operations.collecting import Collect, Exchange
from tools.chaos.operations.devices import Despatch, Lend, Recall, Receive, Release
from tools.chaos.operations.kept_full import Book, Buy, Replenish
from tools.chaos.operations.money import (
    Alarm,
    Answer,
    Correct,
    Held,
    Night,
    Publish,
    SendAgain,
    Waive,
)
from tools.chaos.operations.operation import Operation
from tools.chaos.operations.people import (
    Annul,
    BeSilent,
    Deadline,
    Die,
    EndTask,
    Escalate,
    Exempt,
    Follow,
    Merge,
    Remind,
    Write,
)
from tools.chaos.points import Drive

OPERATIONS: Mapping[Drive, type[Operation]] = MappingProxyType(
    {
        "correct": Correct,
        "publish": Publish,
        "waive": Waive,
        "again": SendAgain,
        "answer": Answer,
        "alarm": Alarm,
        "night": Night,
        "held": Held,
        "annul": Annul,
        "die": Die,
        "merge": Merge,
        "follow": Follow,
        "exempt": Exempt,
        "write": Write,
        "deadline": Deadline,
        "remind": Remind,
        "escalate": Escalate,
        "task": EndTask,
        "silence": BeSilent,
        "lend": Lend,
        "receive": Receive,
        "release": Release,
        "despatch": Despatch,
        "recall": Recall,
        "replenish": Replenish,
        "book": Book,
        "purchase": Buy,
        "collect": Collect,
        "exchange": Exchange,
    }
)
