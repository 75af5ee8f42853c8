"""The doors about devices: rights, areas, a unit's prescribers, the own settings (S75, S82, S83, S153)."""

from dataclasses import replace
from typing import Any

import pytest

from deploy.topology import all_subscriptions
from services.prescription.app import assemble
from services.prescription.application.importing_prescribers import import_prescribers_into
from services.prescription.application.prescribers import publish_device_rules
from services.prescription.domain.rules.device_rules import READERS, DeviceRules
from services.prescription.domain.rules.prescribers_file import read_prescribers
from services.prescription.gateways.rule_book import PACKAGED, read_device_rules
from services.prescription.repository.collections import DEVICE_RULES, RULES_ID
from services.prescription.repository.prescriptions import Prescribing
from shared.events.prescription import DeliverySourceChosen, DeviceRulesChanged, PrescriberChanged
from shared.repository import Cause
from shared.service.file_import import import_entry
from tests.prescription.test_prescribers import ROW, file_of
from tests.support import InMemory, in_memory

NURSE = {"sub": "nurse-7", "name": "Nils Testsson", "profession": "nurse", "product_areas": ["cpap"]}


@pytest.fixture
async def service() -> InMemory:
    return await in_memory("prescription", assemble)


async def got(service: InMemory, path: str, role: str, **claims: Any) -> Any:
    answer = await service.client.get(path, headers=service.token(role, **claims))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def imported(service: InMemory, *rows: str, dry_run: bool = False) -> int:
    content = file_of(*rows)
    entry = import_entry(content, action="prescription.import_prescribers")
    return await import_prescribers_into(
        service.repository, read_prescribers(content), dry_run=dry_run, entry=entry
    )


async def test_an_order_placer_finds_the_prescribers_of_the_own_unit_by_name(service: InMemory) -> None:
    assert await imported(service, ROW) == 0
    await got(service, "/me", "prescriber", **NURSE)

    found = await got(service, "/care-units/DEMO-101/prescribers", "order_placer")

    assert found == [
        {
            "prescriber": "hsa-1",
            "name": "Disa Demo",
            "profession": "nurse",
            "product_areas": ["cpap", "respiration"],
        },
        {
            "prescriber": "nurse-7",
            "name": "Nils Testsson",
            "profession": "nurse",
            "product_areas": ["cpap"],
        },
    ]


async def test_the_prescribers_of_another_unit_are_not_shown(service: InMemory) -> None:
    await imported(service, ROW)

    headers = service.token("order_placer", care_units=["DEMO-102"])
    answer = await service.client.get("/care-units/DEMO-101/prescribers", headers=headers)

    assert answer.status_code == 404


async def test_a_prescriber_is_published_once_however_often_the_page_is_opened(service: InMemory) -> None:
    for _ in range(3):
        await got(service, "/me", "prescriber", **NURSE)

    (told,) = service.told_of(PrescriberChanged)
    assert (told.prescriber, told.version) == ("nurse-7", 1)


async def test_an_order_placer_never_becomes_a_prescriber_by_signing_in(service: InMemory) -> None:
    await got(service, "/me", "order_placer", **NURSE)

    assert service.told_of(PrescriberChanged) == []


async def test_a_dry_run_of_the_register_changes_nothing(service: InMemory) -> None:
    assert await imported(service, ROW, dry_run=True) == 0
    assert service.told_of(PrescriberChanged) == []
    assert await imported(service, ROW) == 0
    assert await imported(service, ROW) == 0
    assert len(service.told_of(PrescriberChanged)) == 1


async def test_one_bad_row_keeps_the_whole_register_out(
    service: InMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await imported(service, ROW, ROW) == 1

    assert "Line 3, hsa-1 valid_from:" in capsys.readouterr().err
    assert service.told_of(PrescriberChanged) == []


async def test_the_rules_of_devices_are_published_at_the_first_start_and_never_twice(
    service: InMemory,
) -> None:
    kept = await service.repository.get(DEVICE_RULES.ref(RULES_ID))

    await publish_device_rules(Prescribing(service.repository), read_device_rules(PACKAGED))
    await publish_device_rules(Prescribing(service.repository), DeviceRules())

    assert (kept.version, bool(kept.rights)) == (1, True)
    told = service.told_of(DeviceRulesChanged)
    assert [(each.version, bool(each.rights)) for each in told] == [(1, True), (2, False)]


async def test_a_service_that_begins_to_keep_the_rules_is_told_them_once_at_the_next_start(
    service: InMemory,
) -> None:
    kept = await service.repository.get(DEVICE_RULES.ref(RULES_ID))
    before = replace(kept, told_to=("ordering",))
    await service.repository.change(DEVICE_RULES.ref(RULES_ID), lambda _: (before, []), cause=Cause(key=None))

    for _ in range(2):
        await publish_device_rules(Prescribing(service.repository), read_device_rules(PACKAGED))

    first, again = service.told_of(DeviceRulesChanged)
    assert (again.version, again.rights, again.offered) == (2, first.rights, first.offered)


def test_every_service_that_keeps_the_rules_is_named() -> None:
    keep = {each.service for each in all_subscriptions() if each.model is DeviceRulesChanged}

    assert keep == set(READERS)


async def test_a_right_is_explained_by_the_rules_of_the_class(service: InMemory) -> None:
    case = {"iso_code": "040312", "product_area": "cpap", "profession": "nurse", "care_unit": "DEMO-101"}

    async def explained(**changes: str) -> Any:
        answer = await service.client.post(
            "/rules/explain-device", json=case | changes, headers=service.token("order_placer")
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    by_nurse, by_audiologist = await explained(), await explained(profession="audiologist")

    assert (by_nurse["allowed"], by_nurse["code"]) == (True, None)
    assert [each["rule"] for each in by_nurse["verdicts"]] == ["device-cpap"]
    assert (by_audiologist["allowed"], by_audiologist["code"]) == (False, "no-right-to-device")
    assert [each["allows"] for each in by_audiologist["verdicts"]] == [False]


@pytest.mark.parametrize(
    ("written", "status"), [("04 03 12", 200), ("04.03", 200), ("4031", 200), ("40312", 422)]
)
async def test_a_class_is_named_as_people_write_it(service: InMemory, written: str, status: int) -> None:
    case = {"iso_code": written, "product_area": "cpap", "profession": "nurse", "care_unit": "DEMO-101"}

    answer = await service.client.post(
        "/rules/explain-device", json=case, headers=service.token("order_placer")
    )

    assert answer.status_code == status, answer.text


async def test_an_area_that_is_none_of_devices_is_refused(service: InMemory) -> None:
    case = {"iso_code": "040312", "product_area": "foods", "profession": "nurse", "care_unit": "DEMO-101"}

    answer = await service.client.post(
        "/rules/explain-device", json=case, headers=service.token("order_placer")
    )

    assert answer.status_code == 422
    assert "communication_cognition" in answer.text


async def test_product_areas_have_names_in_both_languages(service: InMemory) -> None:
    areas = {each["product_area"]: each for each in await got(service, "/product-areas", "technician")}

    assert areas["communication_cognition"]["name"] == "Kommunikation och kognition"
    assert areas["foods"]["of_devices"] is False
    english = await service.client.get(
        "/product-areas", headers=service.token("technician") | {"Accept-Language": "en"}
    )
    assert "Hearing" in [each["name"] for each in english.json()]


async def test_a_person_learns_in_which_areas_of_devices_to_prescribe(service: InMemory) -> None:
    nurse = NURSE | {"product_areas": ["cpap", "hearing"]}

    found = await got(service, "/me/prescribing", "prescriber", **nurse)

    assert [(each["product_area"], each["may_prescribe"]) for each in found["areas"]] == [
        ("cpap", True),
        ("hearing", False),
    ]


async def test_the_preset_source_is_kept_and_published_when_it_changes(service: InMemory) -> None:
    assert await got(service, "/me/settings", "order_placer") == {"source": None}

    for source in ("storeroom", "storeroom", "warehouse"):
        answer = await service.client.put(
            "/me/settings", json={"source": source}, headers=service.once("order_placer")
        )
        assert (answer.status_code, answer.json()) == (200, {"source": source})

    told = service.told_of(DeliverySourceChosen)
    assert [(each.person, each.version, each.source) for each in told] == [
        ("order_placer-1", 1, "storeroom"),
        ("order_placer-1", 2, "warehouse"),
    ]
    assert await got(service, "/me/settings", "order_placer") == {"source": "warehouse"}


async def test_the_columns_of_a_search_stay_as_the_person_chose_them_until_the_next_time(
    service: InMemory,
) -> None:
    def shown(answer: dict[str, Any]) -> list[str]:
        return [each["column"] for each in answer["columns"] if each["shown"]]

    first = await got(service, "/me/article-columns", "order_placer")
    chosen = ["name", "article_no", "available"]
    answer = await service.client.put(
        "/me/article-columns", json={"columns": chosen}, headers=service.once("order_placer")
    )
    kept = await got(service, "/me/article-columns", "order_placer")
    of_others = await got(service, "/me/article-columns", "prescriber")

    assert (len(shown(first)), first["columns"][5]["name"]) == (12, "Leveranstid kundavtal")
    assert (answer.status_code, answer.json()) == (200, kept)
    assert (shown(kept), len(kept["columns"])) == (chosen, 12)
    assert of_others == first


@pytest.mark.parametrize("columns", [[], ["name", "name"], ["picture"], ["name"] * 13])
async def test_a_search_has_at_least_one_column_and_each_once(service: InMemory, columns: list[str]) -> None:
    answer = await service.client.put(
        "/me/article-columns", json={"columns": columns}, headers=service.once("order_placer")
    )

    assert answer.status_code in {409, 422}
