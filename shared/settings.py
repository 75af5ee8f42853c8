"""What a process is told by its environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read once at the edge and handed in; nothing else looks at the environment."""

    model_config = SettingsConfigDict(env_prefix="SESAM_", extra="ignore", frozen=True)

    mode: Literal["embedded", "production"] = "production"
    mongodb_url: str = Field(
        default="mongodb://127.0.0.1:27017/?replicaSet=sesam", validation_alias="MONGODB_URL"
    )
    rabbitmq_url: str = Field(
        default="amqp://guest:guest@127.0.0.1:5672/sesam", validation_alias="RABBITMQ_URL"
    )
    rabbitmq_partners_url: str = Field(
        default="amqp://guest:guest@127.0.0.1:5672/partners", validation_alias="RABBITMQ_PARTNERS_URL"
    )
    database_prefix: str = "sesam"
    keys_file: Path = Path(".local/keys/sealed.json")
    clock_file: Path | None = None
    issuer_url: str = "http://127.0.0.1:8100"
    audience: str = "oppna-sesam"
    service_secret: str = "embedded"  # noqa: S105  only the embedded issuer knows it
    prescription_url: str = "http://127.0.0.1:8101"
    ordering_url: str = "http://127.0.0.1:8102"
    inventory_url: str = "http://127.0.0.1:8103"
    billing_url: str = "http://127.0.0.1:8104"
    notification_url: str = "http://127.0.0.1:8105"
    sms_adapter: Literal["http", "file"] = "http"
    sms_gateway_url: str = "http://127.0.0.1:8106"
    sms_file: Path = Path(".local/sms.jsonl")
    sms_sender: str = "Demoregion"
    export_dir: Path = Path(".local/invoicing")
    buyer_gln: str = "9520000000011"
    cost_centre: str = "DEMO-101"
    relay_sweep_seconds: float = 1.0
    prefetch: int = 64

    def url_of(self, service: str) -> str:
        return str(getattr(self, f"{service}_url"))
