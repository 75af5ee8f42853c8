"""How the renewal radar is asked, and who sees what on it."""

from datetime import UTC, date, datetime
from typing import Any

from tests.prescription.conftest import LINE as LINE_FORM
from tests.prescription.conftest import OTHER_UNIT, form
from tests.prescription.test_consuming import sent
from tests.support import InMemory


async def search(service: InMemory, role: str = "dietitian", body: Any = None, **claims: Any) -> Any:
    return await service.client.post(
        "/renewals/search", json=body or {}, headers=service.token(role, **claims)
    )


async def test_the_radar_lists_a_care_units_lines_with_the_audit_row_first(
    service: InMemory, adult: str, prescribed: dict[str, Any]
) -> None:
    service.clock.set(datetime(2027, 11, 1, 12, tzinfo=UTC))

    (found,) = (await search(service)).json()["renewals"]

    assert (found["patient_ref"], found["patient_name"]) == (adult, "Test Testsson")
    assert (found["why"], found["on"]) == ("ends", "2027-11-23")
    rows = await service.repository.backend.audit.rows()
    assert (rows[-1]["action"], rows[-1]["patient_refs"]) == ("prescription.search_renewals", [adult])


async def test_the_radar_sees_the_last_withdrawal_run_out(
    service: InMemory, prescribed: dict[str, Any]
) -> None:
    line_id = f"{prescribed['prescription_no']}-1"
    for number in ("U1", "U2"):
        await service.hear(sent(line_id, number))

    (soon,) = (await search(service)).json()["renewals"]
    far = (await search(service, body={"within_days": 29})).json()["renewals"]
    service.clock.move(days=40)
    lately = (await search(service, body={"past_days": 30})).json()["renewals"]

    assert (soon["why"], soon["on"]) == ("last_withdrawal_used", "2026-12-23")
    assert (far, len(lately)) == ([], 1)


async def test_the_radar_is_narrowed_to_a_prescriber_and_a_care_unit(
    service: InMemory, prescribed: dict[str, Any]
) -> None:
    service.clock.set(datetime(2027, 11, 1, 12, tzinfo=UTC))

    mine = await search(service, body={"prescriber": "dietitian-1", "care_unit": "DEMO-101"})
    colleague = await search(service, body={"prescriber": "dietitian-2"})
    elsewhere = await search(service, care_units=[OTHER_UNIT])
    foreign = await search(service, body={"care_unit": OTHER_UNIT})
    clerk = await search(service, role="customer_service")
    other_area = await search(service, product_areas=["diabetes"])

    assert [len(each.json()["renewals"]) for each in (mine, colleague, elsewhere, clerk, other_area)] == [
        1,
        0,
        0,
        1,
        0,
    ]
    assert foreign.status_code == 403


async def test_the_radar_is_read_page_by_page(service: InMemory, adult: str) -> None:
    for _ in range(3):
        await prescribe_once(service, adult)

    first = (await search(service, body={"limit": 2})).json()
    second = (await search(service, body={"limit": 2, "after": first["after"]})).json()

    assert (len(first["renewals"]), len(second["renewals"]), second["after"]) == (2, 1, None)


async def test_the_radar_goes_on_through_days_that_are_looked_at_apart(service: InMemory, adult: str) -> None:
    await prescribe_once(service, adult)
    service.clock.move(days=40)
    await prescribe_once(service, adult, sent_on=date(2027, 1, 2))

    days: list[list[str]] = []
    after = ""
    while after is not None:
        asked = {"past_days": 60, "within_days": 60, "limit": 1, "after": after or None}
        page = (await search(service, body=asked)).json()
        days.append([each["on"] for each in page["renewals"]])
        after = page["after"]

    assert days == [["2026-12-23"], ["2027-02-01"], []]


async def test_a_place_that_the_radar_never_gave_is_refused(service: InMemory) -> None:
    refused = await search(service, body={"after": "F2026-000001-1"})

    assert (refused.status_code, refused.json()["rule"]) == (422, "not-a-cursor")


async def prescribe_once(service: InMemory, patient_ref: str, *, sent_on: date = date(2026, 11, 23)) -> None:
    """Prescribe a line of one withdrawal, and hear that it was made."""
    line = {**LINE_FORM, "article_no": "900001", "packages": 1, "per_day": None, "withdrawals": 1}
    saved = await service.client.post(
        "/prescriptions", json=form(patient_ref, lines=[line]), headers=service.once("dietitian")
    )
    number = saved.json()["prescription_no"]
    fact = sent(f"{number}-1", f"U-{number}")
    await service.hear(fact.model_copy(update={"sent_on": sent_on}))
