"""Help for each page and who is entitled, in both languages, as data that a region changes (S151, S183)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.prescription.app import assemble
from services.prescription.gateways.guidance import read_guidance
from tests.support import InMemory, in_memory

OWN = {"sv": "Ring Hjälpmedel på vardagar.", "en": "Call the central organisation on weekdays."}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    prescription = await in_memory("prescription", assemble)
    yield prescription
    await prescription.client.aclose()


async def texts(service: InMemory, language: str = "sv") -> dict[str, Any]:
    headers = service.token("order_placer") | {"Accept-Language": language}
    answer = await service.client.get("/guidance", headers=headers)
    assert answer.status_code == 200, answer.text
    return {each["key"]: each for each in answer.json()}


async def changed(service: InMemory, key: str, role: str = "operator") -> Any:
    return await service.client.put(f"/guidance/{key}", json=OWN, headers=service.once(role))


async def test_every_page_and_kind_of_patient_has_a_text_in_the_readers_language(service: InMemory) -> None:
    swedish, english = await texts(service), await texts(service, "en")

    assert list(swedish) == list(english) == list(read_guidance())
    assert {key for key in swedish if key.startswith("entitled-")} == {
        "entitled-region", "entitled-other-region", "entitled-asylum", "entitled-undocumented",
        "entitled-abroad", "entitled-eu",
    }  # fmt: skip
    assert all(swedish[key]["text"] != english[key]["text"] for key in swedish)
    assert (swedish["support"]["title"], english["support"]["title"]) == ("Supportärende", "Support request")


async def test_the_region_changes_a_text_and_everybody_reads_it(service: InMemory) -> None:
    answer = await changed(service, "support")
    again = await changed(service, "support")

    assert (answer.status_code, again.json()["text"]) == (200, OWN["sv"]), answer.text
    assert (await texts(service))["support"] == {
        "key": "support", "title": "Supportärende", "text": OWN["sv"], "changed": True,
    }  # fmt: skip
    assert (await texts(service, "en"))["support"]["text"] == OWN["en"]


async def test_only_the_operators_change_it_and_only_what_there_is(service: InMemory) -> None:
    refused = await changed(service, "support", "prescriber")
    unknown = await changed(service, "no-such-page")

    assert (refused.status_code, unknown.status_code) == (403, 404)
