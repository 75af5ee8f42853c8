"""Which errand is which drive of the sweep."""

from collections.abc import Mapping
from types import MappingProxyType

from tools.chaos.errands import Errand
from tools.chaos.errands_money import Alarm, Answer, Correct, Held, Night, Publish, SendAgain, Waive
from tools.chaos.errands_people import (
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

ERRANDS: Mapping[Drive, type[Errand]] = MappingProxyType(
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
    }
)
