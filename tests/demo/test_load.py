"""The loader against services that answer as the real ones promise."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from shared.clock import FixedClock
from tests.demo.orders import AT
from tools.demo.issuer import Issuer, routes
from tools.demo.load import Loader, LoadFailed, catalogue_numbers, fixed_key
from tools.demo.patients import demo_patients
from tools.demo.people import PEOPLE
from tools.demo.settings import DemoSettings

PATIENTS = {patient.key: patient for patient in demo_patients()}
REFUSED = 422


class Region:
    """Registers each number once, publishes each tariff once, and answers a repeated key as before."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refs: dict[str, str] = {}
        self.tariffs: set[str] = set()
        self.articles: set[str] = set()
        self.guardians: list[tuple[str, str]] = []
        self.forgets_keys = False
        self.down = False
        self._answers: dict[str, JSONResponse] = {}
        self.app = FastAPI()
        self.app.add_api_route("/{path:path}", self.answer, methods=["POST", "GET"])

    async def answer(self, request: Request, path: str) -> JSONResponse:
        self.asked.append(path)
        if path == "ready":
            return JSONResponse({})
        if self.down:
            return JSONResponse({"rule": "failed", "detail": "out of order"}, 500)
        key = request.headers["Idempotency-Key"]
        if key not in self._answers or self.forgets_keys:
            self._answers[key] = self._first_answer(path, await request.json())
        return self._answers[key]

    def _first_answer(self, path: str, body: dict[str, Any]) -> JSONResponse:
        if path == "tariffs/drafts":
            known = body["valid_from"] in self.tariffs
            return refused("tariff-exists") if known else JSONResponse({"draft_id": body["valid_from"]}, 201)
        if path.startswith("tariffs/drafts/"):
            return self._once(self.tariffs, path.split("/")[2], "tariff-exists")
        if path == "prescriptions/preview":
            return self._tried([line["article_no"] for line in body["lines"]])
        return self._of_patients(path, body["number"])

    def _of_patients(self, path: str, number: str) -> JSONResponse:
        if path.endswith("/guardians"):
            self.guardians.append((path.split("/")[1], number))
            return JSONResponse({}, 201)
        if path == "patients/find":
            return JSONResponse({"patient_ref": self.refs[number]})
        if number in self.refs:
            return JSONResponse({"rule": "already-registered"}, REFUSED)
        self.refs[number] = f"p-{number}"
        return JSONResponse({"patient_ref": self.refs[number]}, 201)

    def _tried(self, article_nos: list[str]) -> JSONResponse:
        unknown = [each for each in article_nos if each not in self.articles]
        self.articles.update(article_nos)
        return JSONResponse({"reasons": [{"rule": "unknown-article"} for _ in unknown]})

    def _once(self, kept: set[str], name: str, rule: str) -> JSONResponse:
        if name in kept:
            return refused(rule)
        kept.add(name)
        return JSONResponse({}, 201)


def refused(rule: str) -> JSONResponse:
    return JSONResponse({"rule": rule}, REFUSED)


class RunningBus(httpx.AsyncBaseTransport):
    """Leads to the issuer by its port, and to the region otherwise."""

    def __init__(self, region: Region, folder: Path) -> None:
        settings = DemoSettings(issuer_key_file=folder / "issuer.json")
        self._issuer = httpx.ASGITransport(routes(Issuer(settings, FixedClock(AT))))
        self._region = httpx.ASGITransport(region.app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        transport = self._issuer if request.url.port == 8100 else self._region
        return await transport.handle_async_request(request)


@pytest.fixture
def region() -> Region:
    return Region()


@pytest.fixture
def loader(region: Region, tmp_path: Path) -> Loader:
    return Loader(DemoSettings(), httpx.AsyncClient(transport=RunningBus(region, tmp_path)))


async def test_a_patient_is_registered_once_however_often_the_demo_is_loaded(
    loader: Loader, region: Region
) -> None:
    once = await loader.load_patient(PATIENTS["adult"])
    again = await loader.load_patient(PATIENTS["adult"])

    assert once == again
    assert len(region.refs) == 1


async def test_a_patient_whose_first_answer_is_forgotten_is_found_by_number(
    loader: Loader, region: Region
) -> None:
    once = await loader.load_patient(PATIENTS["adult"])
    region.forgets_keys = True

    assert await loader.load_patient(PATIENTS["adult"]) == once
    assert "patients/find" in region.asked


async def test_nobody_looks_for_a_protected_person(loader: Loader, region: Region) -> None:
    region.forgets_keys = True
    await loader.load_patient(PATIENTS["protected"])

    assert await loader.load_patient(PATIENTS["protected"]) is None
    assert "patients/find" not in region.asked


async def test_a_guardian_is_noted_at_each_child_and_signs_in_as_their_guardian(
    loader: Loader, region: Region, tmp_path: Path
) -> None:
    guardian = PEOPLE["guardian"]
    refs = {key: f"p-{key}" for key in ("adult_2", *guardian.children)}

    await loader.let_sign_in(guardian, refs)

    number = PATIENTS["adult_2"].number
    assert region.guardians == [("p-child_4", number), ("p-child_15", number)]
    assert json.loads((tmp_path / "issuer_patients.json").read_text()) == {"guardian": "p-adult_2"}
    assert json.loads((tmp_path / "issuer_children.json").read_text()) == {
        "guardian": ["p-child_4", "p-child_15"]
    }


async def test_staff_are_nobodys_patient(loader: Loader, region: Region) -> None:
    await loader.let_sign_in(PEOPLE["dietitian"], {})

    assert region.asked == []


async def test_a_tariff_that_is_published_already_is_left_alone(loader: Loader, region: Region) -> None:
    region.forgets_keys = True

    await loader.load_tariff({"valid_from": "2026-01-01"})
    await loader.load_tariff({"valid_from": "2026-01-01"})

    assert region.tariffs == {"2026-01-01"}


async def test_any_other_refusal_stops_the_load_with_the_services_words(
    loader: Loader, region: Region
) -> None:
    region.down = True

    with pytest.raises(LoadFailed, match="out of order"):
        await loader.load_patient(PATIENTS["adult"])


async def test_the_load_waits_for_every_service(loader: Loader, region: Region) -> None:
    await loader.wait_until_ready()

    assert region.asked.count("ready") == 5


async def test_the_load_waits_until_every_article_can_be_prescribed(loader: Loader, region: Region) -> None:
    region.forgets_keys = True
    numbers = catalogue_numbers()

    await loader.wait_until_prescribable("p-1", numbers)

    assert region.articles == set(numbers)
    assert len(numbers) > 60


def test_the_same_thing_has_the_same_key_in_every_load() -> None:
    form = PATIENTS["adult"].form

    assert fixed_key("/patients", form) == fixed_key("/patients", json.loads(json.dumps(form)))
    assert fixed_key("/patients", form) != fixed_key("/patients", form | {"language": "en"})
