"""The settings of a process, read from its environment."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.distributors import DistributorId
from shared.domain.working_days import FREE_EVES, Eve, WorkingDays
from shared.fault import Order


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
    staff_acr: frozenset[str] = frozenset()
    """How staff must have signed in, as their token says in `acr`; empty leaves it to the provider (S1)."""
    key_set_url: str | None = None
    """Where the provider's keys are, for one whose discovery says nothing; else discovery says it."""
    token_url: str | None = None
    """Where the provider gives out tokens to services; without it discovery says it."""
    client_id: str | None = None
    """By what name the provider knows this service; without it by the service's own."""
    token_auth: Literal["client_secret_basic", "client_secret_post", "private_key_jwt"] = (
        "client_secret_basic"  # noqa: S105  the name of a way, no secret
    )
    service_secret: str = Field(default="embedded", repr=False)
    client_key_file: Path | None = None
    """The service's private key as JWK, for `private_key_jwt`; the provider knows the public half."""
    token_parameters: dict[str, str] = {}
    """Further parameters of a request for a token: `scope`, `resource` ..."""
    prescription_url: str = "http://127.0.0.1:8101"
    ordering_url: str = "http://127.0.0.1:8102"
    inventory_url: str = "http://127.0.0.1:8103"
    billing_url: str = "http://127.0.0.1:8104"
    notification_url: str = "http://127.0.0.1:8105"
    sms_adapter: Literal["http", "file", "46elks"] = "http"
    sms_gateway_url: str = "http://127.0.0.1:8106"
    sms_file: Path = Path(".local/sms.jsonl")
    sms_sender: str = Field(default="Demoregion", max_length=11, pattern=r"^[0-9]*[A-Za-z][A-Za-z0-9]*$")
    """A text cannot be answered: every message names the number of customer service."""
    sms_user: str = ""
    sms_password_file: Path | None = None
    sms_receipts_url: str | None = None
    """Where the gateway reports from outside; None means notification's own address."""
    email_adapter: Literal["file", "smtp"] = "file"
    email_dir: Path = Path(".local/email")
    email_sender: str = "kundservice@demoregion.example"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 587
    smtp_starttls: bool = True
    smtp_user: str = ""
    smtp_password_file: Path | None = None
    letter_dir: Path = Path(".local/letters")
    """The print queue: a file for each letter; the one who prints moves it to the folder `printed` inside."""
    customer_service_phone: str = Field(default="040-628 04 00", pattern=r"^[0-9+][0-9 +-]{4,19}$")
    """Named in every message, and in every refusal that asks people to call; the default is fiction's."""
    register_url: str | None = None
    """The region's adapter to the population register; production does not start without one."""
    register_county: str = "12"
    """Whose inhabitants are the region's own."""
    register_asks_per_minute: int = Field(default=600, ge=1)
    """Of how many persons the register is asked in a minute of the night's round."""
    virus_scanner: str | None = Field(default=None, pattern=r"^[^:/ ]+:[0-9]{1,5}$")
    """Host and port of a ClamAV daemon, by which attachments are scanned; production needs one."""
    launch_keys_file: Path | None = None
    """The public keys of the record systems that may open a patient here, by system."""
    export_dir: Path = Path(".local/invoicing")
    invoice_shapes: tuple[Literal["fixed_width", "csv"], ...] = ()
    """Other shapes that the day's file is written in too, for receivers that do not read JSON Lines."""
    fixed_width_layout: Path | None = None
    """A JSON file with the widths and the character set of the receiver's fixed-width records."""
    buyer_gln: str = "9520000000011"
    cost_centre: str = "DEMO-101"
    distributors: tuple[DistributorId, ...] = ()
    """The region's distributors by their ids, as JSON; each has an account and a queue on the broker."""
    suppliers: Mapping[DistributorId, tuple[str, ...]] = {}
    """The suppliers that take purchases on the broker, as JSON: by id, the names that the catalogue has."""
    draft_waits_hours: int = Field(default=24, ge=1)
    """A withdrawal that was begun and not sent becomes a task after so long."""
    order_silent_hours: int = Field(default=48, ge=1)
    """An order of which the distributor says nothing becomes a task after so long."""
    free_eves: frozenset[Eve] = FREE_EVES
    """The eves on which the region carries no goods, as JSON; holidays and weekends are known."""
    closed_days: frozenset[date] = frozenset()
    """Other days on which it carries none, as JSON."""
    rule_book: Path | None = None
    """A folder with a region's own rule book; without it the one that comes along."""
    audit_dir: Path = Path(".local/audit")
    """Where the heads of the audit log are signed: outside of the database."""
    audit_sign_seconds: float = 10.0
    requests_per_minute: int = Field(default=6000, ge=1)
    """Of one user, at one process; as many may come at once. No person is so quick, a wild program is."""
    look_ups_per_minute: int = Field(default=120, ge=1)
    """Searches for a person by number, of one user."""
    trace_dir: Path | None = None
    """Where spans are added to a file for each service; none are kept without it."""
    trace_sample: float = Field(default=0.1, ge=0, le=1)
    """Which part of the traces begun here is kept; a trace that comes from outside has decided already."""
    relay_sweep_seconds: float = 1.0
    prefetch: int = 64
    faults: tuple[Order, ...] = ()
    """For trials only: what shall go wrong here, as JSON."""
    fault_book: Path | None = None

    @property
    def working_days(self) -> WorkingDays:
        return WorkingDays(self.free_eves, self.closed_days)

    def supplier_called(self, name: str | None) -> str | None:
        """Give the id of the supplier that the catalogue calls so; None: it takes no purchases here."""
        return next((each for each, names in self.suppliers.items() if name in names), None)

    def url_of(self, service: str) -> str:
        return str(getattr(self, f"{service}_url"))
