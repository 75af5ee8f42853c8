"""Loads a new run with the tariff, the catalogue and the patients; may be repeated."""

import asyncio
import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import httpx

from services import SERVICES
from tools.demo.patients import DemoPatient, demo_patient, demo_patients
from tools.demo.people import PEOPLE, Person
from tools.demo.settings import DemoSettings
from tools.demo.tokens import Tokens

HERE = Path(__file__).parent
CATALOGUE = HERE / "catalogue.csv"
DEVICES = HERE / "devices.csv"
PLACES = HERE / "places.csv"
PRESCRIBERS = HERE / "prescribers.csv"
TARIFF = HERE / "tariff.json"
PICKUP_POINTS = HERE / "pickup_points.json"
LINES_AT_ONCE = 50
READY_WITHIN_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.1
PRESCRIBED_TO = "adult"
"""Whom the load tries the catalogue for."""


class LoadFailed(Exception):
    """The demo could not be loaded; says by what and why."""


class Loader:
    """Asks the services as the demo's people; a repeated load gets the first answers again."""

    def __init__(self, settings: DemoSettings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http
        self._tokens = Tokens(http, settings.issuer_url)

    async def wait_until_ready(self) -> None:
        await asyncio.gather(*(self._wait_for(service) for service in SERVICES))

    async def load_tariff(self, tariff: dict[str, Any]) -> None:
        """Let one economist draft the tariff, and another publish it."""
        drafted = await self._post("economist", "billing", "/tariffs/drafts", tariff)
        demand(drafted, but_for={"tariff-exists"})
        if drafted.is_error:
            return
        path = f"/tariffs/drafts/{drafted.json()['draft_id']}/publish"
        published = await self._post("economist_2", "billing", path, {})
        demand(published, but_for={"tariff-exists", "tariff-draft-decided"})

    async def load_pickup_point(self, point: dict[str, Any]) -> None:
        """Keep a pick-up point as customer service does."""
        form = {name: value for name, value in point.items() if name != "point_id"}
        path = f"/pickup-points/{point['point_id']}"
        answer = await self._send("PUT", "customer_service", "ordering", path, form)
        demand(answer)

    async def load_patient(self, patient: DemoPatient) -> str | None:
        """Register a patient; give the reference, None when nothing may be said about the person."""
        answer = await self._post("customer_service", "prescription", "/patients", patient.form)
        demand(answer, but_for={"already-registered"})
        if answer.is_error and patient.served:
            form = {"number": patient.number}
            answer = await self._post("customer_service", "prescription", "/patients/find", form)
            demand(answer)
        return None if answer.is_error else str(answer.json()["patient_ref"])

    async def load_guardian(self, child_ref: str, guardian: DemoPatient) -> None:
        """Note who acts for a child, as customer service does."""
        path = f"/patients/{child_ref}/guardians"
        answer = await self._post("customer_service", "prescription", path, {"number": guardian.number})
        demand(answer)

    async def let_sign_in(self, person: Person, refs: Mapping[str, str]) -> None:
        """Let a citizen sign in as one of the patients, and as the guardian of others."""
        if person.patient is None:
            return
        for child in person.children:
            await self.load_guardian(refs[child], demo_patient(person.patient))
        url = f"{self._settings.issuer_url}/people/{person.key}/patient"
        own = {
            "patient_ref": refs[person.patient],
            "guardian_of": [refs[child] for child in person.children],
        }
        answer = await self._http.put(url, json=own)
        answer.raise_for_status()

    async def wait_until_prescribable(self, patient_ref: str, article_nos: Sequence[str]) -> None:
        """Wait until prescription knows every article, so that the first prescriber finds them all."""
        deadline = monotonic() + READY_WITHIN_SECONDS
        for articles in batched(article_nos, LINES_AT_ONCE):
            while "unknown-article" in await self._against(patient_ref, articles):
                if monotonic() > deadline:
                    raise LoadFailed("prescription has not heard of the catalogue; look at inventory's log")
                await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _against(self, patient_ref: str, article_nos: Sequence[str]) -> set[str]:
        lines = [{"article_no": each, "packages": 1, "days": 30, "withdrawals": 1} for each in article_nos]
        form = {"patient_ref": patient_ref, "prescription_type": "energy_nutrition", "lines": lines}
        answer = await self._post("dietitian", "prescription", "/prescriptions/preview", form)
        demand(answer)
        return {each["rule"] for each in answer.json()["reasons"]}

    async def _post(self, person: str, service: str, path: str, body: dict[str, Any]) -> httpx.Response:
        return await self._send("POST", person, service, path, body)

    async def _send(
        self, method: str, person: str, service: str, path: str, body: dict[str, Any]
    ) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {await self._tokens.of(person)}",
            "Idempotency-Key": fixed_key(path, body),
            "Accept-Language": "en",
        }
        url = f"{self._settings.url_of(service)}{path}"
        return await self._http.request(method, url, json=body, headers=headers)

    async def _wait_for(self, service: str) -> None:
        deadline = monotonic() + READY_WITHIN_SECONDS
        while not await self._is_ready(service):
            if monotonic() > deadline:
                raise LoadFailed(
                    f"{service} was not ready within {READY_WITHIN_SECONDS:.0f} s; look at its log"
                )
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _is_ready(self, service: str) -> bool:
        try:
            answer = await self._http.get(f"{self._settings.url_of(service)}/ready")
        except httpx.TransportError:
            return False
        return answer.is_success


def fixed_key(path: str, body: dict[str, Any]) -> str:
    """Give the same thing the same key in every load, so that it is done once."""
    digest = hashlib.sha256(json.dumps([path, body], sort_keys=True).encode())
    return f"demo-load-{digest.hexdigest()[:32]}"


def demand(answer: httpx.Response, *, but_for: frozenset[str] | set[str] = frozenset()) -> None:
    """Raise LoadFailed unless it went well, or was refused for what an earlier load did."""
    if answer.is_error and not (
        answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY and rule(answer) in but_for
    ):
        raise LoadFailed(f"{answer.request.url} answered {answer.status_code}: {answer.text[:600]}")


def rule(answer: httpx.Response) -> str:
    return str(answer.json().get("rule"))


async def import_catalogue() -> None:
    """Import the demo's places, foods and devices as a region does; inventory publishes them."""
    from services.inventory.app import import_articles, import_places
    from services.prescription.app import import_prescribers

    codes = [
        await import_places(PLACES, dry_run=False),
        await import_prescribers(PRESCRIBERS, dry_run=False),
        await import_articles(CATALOGUE, dry_run=False, skip_bad=False),
        await import_articles(DEVICES, dry_run=False, skip_bad=False),
    ]
    if any(codes):
        raise LoadFailed("the catalogue was not imported; the lines above say why")


def catalogue_numbers() -> list[str]:
    with CATALOGUE.open(newline="", encoding="utf-8-sig") as file:
        return [row["article_no"] for row in csv.DictReader(file, delimiter=";")]


def batched(numbers: Sequence[str], count: int) -> Iterator[Sequence[str]]:
    return (numbers[start : start + count] for start in range(0, len(numbers), count))


async def main() -> None:
    settings = DemoSettings()
    async with httpx.AsyncClient(timeout=30) as http:
        loader = Loader(settings, http)
        await loader.wait_until_ready()
        await import_catalogue()
        await loader.load_tariff(json.loads(TARIFF.read_text()))
        for point in json.loads(PICKUP_POINTS.read_text()):
            await loader.load_pickup_point(point)
        loaded = {patient.key: await loader.load_patient(patient) for patient in demo_patients()}
        refs = {key: ref for key, ref in loaded.items() if ref}
        for person in PEOPLE.values():
            await loader.let_sign_in(person, refs)
        await loader.wait_until_prescribable(refs[PRESCRIBED_TO], catalogue_numbers())


if __name__ == "__main__":
    asyncio.run(main())
