"""The settings with which the demo finds the running system and its simulated partners."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from shared.clock import Clock, clock_from
from shared.settings import Settings


class DemoSettings(Settings):
    """Read from `SESAM_*`, as the services' own settings are."""

    issuer_key_file: Path = Path(".local/keys/issuer.json")
    gateway_url: str = "http://127.0.0.1:8108"
    gateway_key_file: Path = Path(".local/keys/gateway.json")
    """The gateway's key pair, by whose public half the issuer knows it."""
    record_system_key_file: Path = Path(".local/keys/record_system.json")
    peer_log_dir: Path = Path(".local/peers")
    distributor_urls: Mapping[str, str] = Field(default_factory=dict)
    """The partners' virtual host as each distributor's account reaches it; else `rabbitmq_partners_url`."""
    supplier_urls: Mapping[str, str] = Field(default_factory=dict)
    """The same of each supplier's account."""
    peer_mode: str = "normal"
    peer_delay_seconds: float = Field(default=0.05, ge=0)

    @property
    def clock(self) -> Clock:
        """The run's clock, which its clock file may set to any day."""
        return clock_from(self.clock_file)
