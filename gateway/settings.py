"""The gateway's settings, beside those that it shares with the services."""

from pathlib import Path

from pydantic import Field

from shared.settings import Settings


class GatewaySettings(Settings):
    """Read from `SESAM_*` once, when the process starts."""

    gateway_url: str = "http://127.0.0.1:8108"
    """Where people reach the gateway: the provider sends them back to this address and no other."""
    session_key_file: Path = Path(".local/keys/sessions.json")
    """A JSON list of Fernet keys: the first seals sessions, each opens them. The longest lives ten hours."""
    sign_in_scope: str = "openid"
    """What is asked of the provider; some give a refresh token only for `openid offline_access`."""
    sign_in_parameters: dict[str, str] = Field(default_factory=dict)
    """Further parameters of a sign-in, in JSON: `acr_values`, `resource` ..."""
