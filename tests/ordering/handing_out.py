"""A hand-out that is asked for, and its refusal."""

from typing import Any

from shared.events.ordering_devices import DeviceOrderSent
from tests.ordering.devices import (
    hand_out_form,
    placer,
    posted,
)
from tests.support import InMemory


async def refusal(service: InMemory, **changes: Any) -> Any:
    answer = await posted(service, "/hand-outs", hand_out_form(**changes), placer(service))

    assert answer.status_code == 422, answer.text
    assert service.told_of(DeviceOrderSent) == []
    return answer.json()["rule"]
