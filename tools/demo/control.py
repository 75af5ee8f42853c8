"""How a simulated partner behaves: its mode and its pace, from a small file that may change while it runs."""

import json
import os
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tools.demo.settings import DemoSettings


class Behaviour(BaseModel):
    """A peer's mode, how long it thinks before each answer, and what alone the mode is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: str
    delay_seconds: float = Field(ge=0)
    about: str = ""
    """How the reference of a message begins; with all others the peer works as usual. Empty means all."""


class Control:
    """Reads `<peer>.control.json` in the folder of the partners' files; else the environment decides."""

    def __init__(self, peer: str, settings: DemoSettings) -> None:
        self._usual = {"mode": settings.peer_mode, "delay_seconds": settings.peer_delay_seconds}
        self.path = settings.peer_log_dir / f"{peer}.control.json"

    def now(self) -> Behaviour:
        try:
            told = json.loads(self.path.read_text())
        except FileNotFoundError:  # also when it is taken away this moment
            told = {}
        return Behaviour.model_validate({**self._usual, **told})

    def tell(self, told: dict[str, Any]) -> None:
        """Change the behaviour from now on, in one step that a reader never sees half of."""
        Behaviour.model_validate({**self._usual, **told})
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(told))
        os.replace(new, self.path)  # noqa: PTH105 - the one call that says it is atomic

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
