"""A box for each flavour, as a form sends them: what is left at 0, blank, below 0 or twice (S43, S53)."""

from typing import Any

import pytest

from services.ordering.repository.collections import WITHDRAWALS
from tests.ordering.desk import WANTED, drafted
from tests.ordering.examples import LINE
from tests.support import InMemory


def box(article_no: str, packages: Any) -> dict[str, Any]:
    return {"article_no": article_no, "packages": packages}


async def tried(desk: InMemory, *boxes: dict[str, Any], path: str = "", method: str = "POST") -> Any:
    body = WANTED | {"items": [{"line_id": LINE.line_id, "split": list(boxes)}]}
    if method == "PUT":
        del body["patient_ref"]
    headers = desk.once("customer_service")
    return await desk.client.request(method, f"/withdrawals{path}", json=body, headers=headers)


async def test_a_box_that_was_left_at_0_beside_others_is_as_if_it_were_not_there(desk: InMemory) -> None:
    boxes = (box("900101", 10), box("900102", 0), box("900103", 5))
    made = await tried(desk, *boxes)
    changed = await tried(desk, *boxes, path=f"/{await drafted(desk)}", method="PUT")
    preview = await tried(desk, *boxes, path="/preview")

    kept = [box("900101", 10), box("900103", 5)]
    assert (made.status_code, changed.status_code) == (201, 200)
    assert made.json()["items"][0]["split"] == changed.json()["items"][0]["split"] == kept
    assert (preview.json()["allowed"], preview.json()["lines"][0]["split"]) == (True, kept)


@pytest.mark.parametrize(
    ("boxes", "refused"),
    [
        ([("900101", 0)], {"packages-not-positive": ["900101"]}),
        ([("900101", 0), ("900102", 0)], {"packages-not-positive": ["900101", "900102"]}),
        ([("900101", 5), ("900102", -3)], {"packages-not-positive": ["900102"]}),
        ([("900101", 10), ("900101", 5)], {"flavour-twice": ["900101"]}),
        ([("900101", 10), ("900102", 11)], {"too-many-packages": ["900100"]}),
        ([("900200", 5)], {"not-a-flavour-of-it": ["900200"]}),
    ],
)
async def test_what_the_boxes_may_not_hold_is_refused_and_named(
    desk: InMemory, boxes: list[tuple[str, int]], refused: dict[str, list[str]]
) -> None:
    answer = await tried(desk, *(box(*each) for each in boxes))
    preview = await tried(desk, *(box(*each) for each in boxes), path="/preview")

    assert answer.status_code == 422
    for reasons in (answer.json()["reasons"], preview.json()["reasons"]):
        named: dict[str, list[str]] = {}
        for each in reasons:
            named.setdefault(each["rule"], []).append(each["facts"]["article_no"])
            assert each["detail"].startswith(f"Rad {LINE.line_id}, artikel {each['facts']['article_no']}: ")
        assert named == refused
    assert await desk.repository.find(WITHDRAWALS, {}) == []


@pytest.mark.parametrize("packages", ["", " ", None, "5", 2.5, True, "1e3", [5]])
async def test_a_box_that_holds_no_whole_number_is_refused_in_the_readers_language(
    desk: InMemory, packages: Any
) -> None:
    answer = await tried(desk, box("900101", 5), box("900102", packages))

    (field,) = answer.json()["fields"]
    assert (answer.status_code, answer.json()["rule"]) == (422, "invalid")
    assert field["field"] == "body.items.0.split.1.packages"
    assert field["detail"].startswith("Rad 1, smak 2, antal förpackningar: Skriv ett")
