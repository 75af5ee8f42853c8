"""Files on the lines of a basket go with the order, and are read by who may see it (S88, S93)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from services.ordering.repository.collections import ATTACHMENTS, CONTENTS
from shared.events.ordering_devices import DeviceOrderSent
from shared.events.prescription import PatientsMerged
from tests.ordering.baskets import BASKET, WAREHOUSE, added, begun, put, sent, shown
from tests.ordering.desk import patient
from tests.ordering.devices import (
    MASK,
    OTHER_UNIT,
    STAFF,
    UNIT,
    device,
    hand_out_form,
    handed_out,
    placer,
    posted,
    refused,
    told_devices,
)
from tests.ordering.examples import PATIENT
from tests.ordering.test_attachment_doors import PDF, form
from tests.support import InMemory

KEEPER: Mapping[str, Any] = {"care_units": ["DEMO-W1"], "product_areas": []}


async def uploaded(service: InMemory, **changes: Any) -> str:
    answer = await posted(service, "/attachments", form(**changes), placer(service))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["attachment_id"])


async def with_file(service: InMemory) -> tuple[str, int]:
    """Begin a basket whose line has a file."""
    await begun(service)
    file = await uploaded(service)
    return file, await added(service, article_no=MASK, attachments=[file], **WAREHOUSE)


async def ordered(service: InMemory) -> tuple[str, str]:
    file, _ = await with_file(service)
    answer = await sent(service)
    assert answer.status_code == 200, answer.text
    return file, str(answer.json()["orders"][0]["order_no"])


async def opened(service: InMemory, file: str, role: str, **claims: Any) -> Any:
    return await service.client.get(f"/attachments/{file}", headers=service.token(role, **claims))


async def a_week_later(service: InMemory, file: str) -> str | None:
    """Run the jobs a week from now, and give what is left of the file."""
    service.clock.move(days=7, seconds=1)
    await service.run_jobs()
    return (await service.repository.get(CONTENTS.ref(file))).content


async def test_the_review_and_the_order_show_the_paper_clip_with_the_name_of_the_file() -> None:
    service = await told_devices()
    file, _ = await with_file(service)
    seen = {"attachment_id": file, "name": "remiss.pdf", "file_type": "application/pdf", "size": len(PDF)}

    (in_basket,) = (await shown(service))["lines"]
    order_no = (await sent(service)).json()["orders"][0]["order_no"]
    (in_order,) = (await shown(service, f"/device-orders/{order_no}"))["lines"]

    assert in_basket["attachments"] == in_order["attachments"] == [seen]
    found = await posted(service, "/device-orders/search", {"patient_ref": PATIENT}, placer(service))
    assert found.json()[0]["lines"][0]["attachments"] == [seen | {"name": None}]
    (told,) = service.told_of(DeviceOrderSent)
    assert "remiss" not in told.model_dump_json()


@pytest.mark.parametrize(
    ("role", "claims", "status"),
    [
        ("order_placer", STAFF | {"sub": "colleague"}, 200),
        ("physician", STAFF | {"sub": "prescriber-1"}, 200),
        ("store_keeper", KEEPER, 200),
        ("customer_service", {}, 200),
        ("order_placer", STAFF | {"care_units": [OTHER_UNIT]}, 403),
        ("order_placer", STAFF | {"product_areas": ["hearing"]}, 403),
        ("store_keeper", {**KEEPER, "care_units": ["DEMO-W2"]}, 403),
        ("order_placer", STAFF | {"care_units": ["DEMO-W1"]}, 403),
        ("patient", {"patient_ref": PATIENT}, 403),
    ],
)
async def test_who_may_see_the_order_opens_its_files_and_nobody_else(
    role: str, claims: dict[str, Any], status: int
) -> None:
    service = await told_devices()
    file, _ = await ordered(service)

    answer = await opened(service, file, role, **claims)

    assert answer.status_code == status
    if status == 200:
        assert answer.content == PDF
        row = (await service.repository.backend.audit.rows())[-1]
        assert (row["action"], row["outcome"]) == ("ordering.get_attachment", "done")


async def test_a_file_in_a_basket_is_opened_by_who_attached_it_only() -> None:
    service = await told_devices()
    file, _ = await with_file(service)

    own = await opened(service, file, "order_placer", **STAFF)
    colleague = await opened(service, file, "order_placer", **STAFF | {"sub": "colleague"})
    keeper = await opened(service, file, "store_keeper", **KEEPER)

    assert [each.status_code for each in (own, colleague, keeper)] == [200, 403, 403]


async def test_a_file_that_went_with_an_order_is_never_swept() -> None:
    service = await told_devices()
    file, _ = await ordered(service)

    assert await a_week_later(service, file) is not None


@pytest.mark.parametrize("how", ["remove", "empty", "replace", "dead"])
async def test_a_file_that_no_line_names_any_more_is_swept_a_week_later(how: str) -> None:
    service = await told_devices()
    file, line = await with_file(service)
    if how == "remove":
        await posted(service, f"{BASKET}/lines/{line}/remove", None, placer(service))
    elif how == "empty":
        await posted(service, f"{BASKET}/empty", None, placer(service))
    elif how == "replace":
        await put(service, f"{BASKET}/lines/{line}", {"attachments": [await uploaded(service)]})
    else:
        await service.hear(patient(service.seals, version=2, deceased_on=date(2026, 11, 22)))

    assert await a_week_later(service, file) is None


async def test_changing_something_else_of_a_line_keeps_its_files() -> None:
    service = await told_devices()
    file, line = await with_file(service)

    await put(service, f"{BASKET}/lines/{line}", {"quantity": 2})

    (kept,) = (await shown(service))["lines"]
    assert [each["attachment_id"] for each in kept["attachments"]] == [file]
    assert await a_week_later(service, file) is not None


async def test_a_file_is_attached_to_one_line_and_to_its_own_patient() -> None:
    service = await told_devices()
    file, _ = await with_file(service)
    line = {"article_no": MASK, "attachments": [file], **WAREHOUSE}

    again = await posted(service, f"{BASKET}/lines", line, placer(service))
    missing = await posted(service, f"{BASKET}/lines", line | {"attachments": ["f" * 32]}, placer(service))
    many = [f"{n}" * 32 for n in range(6)]
    too_many = await posted(service, f"{BASKET}/lines", line | {"attachments": many}, placer(service))

    assert (again.status_code, again.json()["rule"]) == (422, "attachment-used")
    assert (missing.status_code, too_many.status_code) == (404, 422)
    assert len((await shown(service))["lines"]) == 1


async def test_who_knows_the_id_of_a_colleagues_file_neither_attaches_it_nor_reads_its_name() -> None:
    service = await told_devices()
    await begun(service)
    colleague = {"sub": "colleague"}
    theirs = await posted(service, "/attachments", form(), placer(service, **colleague))
    line = {"article_no": MASK, "attachments": [theirs.json()["attachment_id"]], **WAREHOUSE}

    tried = await posted(service, f"{BASKET}/lines/preview", line, placer(service))
    added_anyway = await posted(service, f"{BASKET}/lines", line, placer(service))

    assert (tried.status_code, added_anyway.status_code) == (404, 404)
    assert "remiss" not in tried.text


async def test_a_preview_does_not_promise_a_file_that_is_on_another_line_already() -> None:
    service = await told_devices()
    file, _ = await with_file(service)
    taken = {"article_no": MASK, "attachments": [file], **WAREHOUSE}

    tried = await posted(service, f"{BASKET}/lines/preview", taken, placer(service))

    assert (tried.status_code, tried.json()["rule"]) == (422, "attachment-used")


async def test_the_same_request_with_a_file_again_is_answered_as_the_first_time() -> None:
    service = await told_devices()
    await begun(service)
    line = {"article_no": MASK, "attachments": [await uploaded(service)], **WAREHOUSE}
    headers = placer(service)

    first = await posted(service, f"{BASKET}/lines", line, headers)
    again = await posted(service, f"{BASKET}/lines", line, headers)

    assert (first.status_code, again.status_code) == (200, 200), again.text
    assert len((await shown(service))["lines"]) == 1


async def test_a_file_goes_with_a_hand_out_and_is_read_by_who_sees_it() -> None:
    service = await told_devices()
    file = await uploaded(service)
    form_with_file, headers = hand_out_form(attachments=[file]), placer(service)

    answer = await handed_out(service, form_with_file, headers=headers)
    again = await posted(service, "/hand-outs", form_with_file, headers)

    assert (answer.status_code, again.status_code) == (200, 200), again.text
    order = await shown(service, f"/device-orders/{answer.json()['order_no']}")
    assert [each["name"] for each in order["lines"][0]["attachments"]] == ["remiss.pdf"]
    colleague = await opened(service, file, "order_placer", **STAFF | {"sub": "colleague"})
    other_area = await opened(service, file, "order_placer", **STAFF | {"product_areas": ["hearing"]})
    assert (colleague.status_code, other_area.status_code) == (200, 403)
    assert await a_week_later(service, file) is not None


async def test_the_file_of_a_refused_hand_out_goes_with_the_next_one() -> None:
    service = await told_devices()
    await service.hear(device("D200001"))
    file = await uploaded(service)

    refusal = await handed_out(service, hand_out_form(attachments=[file]), answer=refused)
    before = await opened(service, file, "order_placer", **STAFF | {"sub": "colleague"})
    answer = await handed_out(service, hand_out_form(device_no="D200001", attachments=[file]))

    assert (refusal.status_code, before.status_code, answer.status_code) == (409, 403, 200), answer.text


async def test_a_file_of_another_line_or_person_goes_with_no_hand_out() -> None:
    service = await told_devices()
    taken, _ = await with_file(service)
    theirs = await posted(service, "/attachments", form(), placer(service, sub="colleague"))

    tried = await posted(service, "/hand-outs/preview", hand_out_form(attachments=[taken]), placer(service))
    of_a_line = await posted(service, "/hand-outs", hand_out_form(attachments=[taken]), placer(service))
    file = theirs.json()["attachment_id"]
    of_another = await posted(service, "/hand-outs", hand_out_form(attachments=[file]), placer(service))

    assert [each.json()["rule"] for each in (tried, of_a_line)] == ["attachment-used"] * 2
    assert of_another.status_code == 404
    assert service.told_of(DeviceOrderSent) == []


async def test_a_file_follows_the_patient_who_turned_out_to_be_another() -> None:
    service = await told_devices()
    file, _ = await with_file(service)
    await service.hear(patient(service.seals).model_copy(update={"patient_ref": "patient-2"}))

    await service.hear(
        PatientsMerged(patient_ref=PATIENT, into_ref="patient-2", merged_on=date(2026, 11, 23))
    )
    answer = await posted(service, "/device-baskets/patient-2/send", None, placer(service))

    assert answer.status_code == 200, answer.text
    assert (await service.repository.get(ATTACHMENTS.ref(file))).patient_ref == "patient-2"


async def test_a_file_about_somebody_with_protected_identity_is_not_kept() -> None:
    service = await told_devices(protected=True)

    answer = await posted(service, "/attachments", form(care_unit=UNIT), placer(service))

    assert (answer.status_code, answer.json()["rule"]) == (422, "protected-identity")
