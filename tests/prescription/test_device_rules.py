"""The rule book's part about devices: rights by area, class, profession, unit and day (S79, S86, Q42)."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from services.prescription.domain.rules.device_rules import (
    DeviceCase,
    DeviceRow,
    DeviceRules,
    OfferedRow,
    may_prescribe_in,
    publish_rules,
    rows_of_class,
    sources_at,
)
from services.prescription.gateways.rule_book import PACKAGED, read_device_rules
from shared.domain.days import Period
from shared.domain.device_areas import DEVICE_AREAS
from shared.events.prescription import DeviceRulesChanged

ON = date(2026, 11, 23)
OF_ALL = DeviceRow(
    rule="cpap", source="S86", holds=Period(date(2026, 1, 1), date(2026, 12, 31)), iso_code="0403",
    product_area="cpap", professions=("nurse",),
)  # fmt: skip
ADVANCED = replace(OF_ALL, rule="ventilators", professions=(), care_units=("DEMO-103",))
RULES = DeviceRules((OF_ALL, ADVANCED))
CASE = DeviceCase("040312", "cpap", "nurse", "DEMO-101")


def allowed(case: DeviceCase, on: date = ON, rules: DeviceRules = RULES) -> list[str]:
    return [row.rule for row, allows in rows_of_class(rules, case, on=on) if allows]


def test_a_short_code_stands_for_every_class_that_begins_with_it() -> None:
    assert allowed(CASE) == ["cpap"]
    assert allowed(replace(CASE, iso_code="042706")) == []
    assert allowed(replace(CASE, product_area="respiration")) == []


def test_a_profession_without_a_row_prescribes_only_at_the_specialist_clinic() -> None:
    physician = replace(CASE, profession="physician")

    assert allowed(physician) == []
    assert allowed(replace(physician, care_unit="DEMO-103")) == ["ventilators"]


@pytest.mark.parametrize(
    ("on", "rules"),
    [
        (date(2025, 12, 31), []),
        (date(2026, 1, 1), ["cpap"]),
        (date(2026, 12, 31), ["cpap"]),
        (date(2027, 1, 1), []),
    ],
)
def test_a_right_holds_from_its_first_day_through_its_last(on: date, rules: list[str]) -> None:
    assert allowed(CASE, on) == rules


def test_to_work_in_an_area_is_not_to_prescribe_in_it() -> None:
    assert may_prescribe_in(RULES, "cpap", profession="nurse", care_units=["DEMO-101"], on=ON) == (OF_ALL,)
    assert may_prescribe_in(RULES, "cpap", profession="physician", care_units=["DEMO-101"], on=ON) == ()
    assert may_prescribe_in(RULES, "tens", profession="nurse", care_units=["DEMO-101"], on=ON) == ()


def test_a_rule_of_the_care_unit_decides_before_that_of_the_area() -> None:
    of_area = OfferedRow(
        rule="mobility", source="S79", holds=Period(date(2026, 1, 1)), product_area="mobility",
        sources=("warehouse",),
    )  # fmt: skip
    of_unit = replace(of_area, rule="orthopaedics", care_units=("DEMO-103",), sources=("storeroom",))
    rules = DeviceRules(offered=(of_area, of_unit))

    assert sources_at(rules, "mobility", "DEMO-101", on=ON) == ("warehouse",)
    assert sources_at(rules, "mobility", "DEMO-103", on=ON) == ("storeroom",)
    assert sources_at(rules, "cpap", "DEMO-101", on=ON) == ()
    assert sources_at(rules, "mobility", "DEMO-103", on=date(2025, 12, 31)) == ()


def test_the_packaged_book_says_for_each_area_from_where_its_devices_are_taken() -> None:
    rules = read_device_rules(PACKAGED)

    offered = {each.key: sources_at(rules, each.key, "DEMO-101", on=ON) for each in DEVICE_AREAS}

    assert offered["cpap"] == ("storeroom", "warehouse")
    assert (offered["mobility"], offered["tens"]) == (("warehouse",), ("storeroom",))
    assert all(offered.values())


def test_the_rules_are_published_at_the_first_start_and_then_only_when_they_change() -> None:
    kept, (told,) = publish_rules(None, rules=RULES)
    again = publish_rules(kept, rules=RULES)
    _, (changed,) = publish_rules(kept, rules=DeviceRules((OF_ALL,)))

    assert isinstance(told, DeviceRulesChanged)
    assert isinstance(changed, DeviceRulesChanged)
    assert (told.version, [each.iso_code for each in told.rights]) == (1, ["0403", "0403"])
    assert again == (kept, [])
    assert (changed.version, len(changed.rights)) == (2, 1)


def test_every_area_of_devices_has_rights_in_the_packaged_book() -> None:
    rules = read_device_rules(PACKAGED)

    assert {each.product_area for each in rules.rows} == {each.key for each in DEVICE_AREAS}


def test_a_rule_book_from_before_devices_lets_nobody_prescribe_them(tmp_path: Path) -> None:
    assert read_device_rules(tmp_path) == DeviceRules()


@pytest.mark.parametrize(("field", "value"), [("product_area", "foods"), ("iso_code", "40312")])
def test_a_row_of_no_area_or_no_class_keeps_the_service_from_starting(
    field: str, value: str, tmp_path: Path
) -> None:
    said = json.loads((PACKAGED / "devices.json").read_text())
    said["rows"][0][field] = value
    (tmp_path / "devices.json").write_text(json.dumps(said))

    with pytest.raises(ValueError, match="device-cpap"):
        read_device_rules(tmp_path)
