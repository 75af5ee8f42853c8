"""What a date has ended is ended when it is read, whether a job has run or not (S24, Q4)."""

from typing import Any

from tests.prescription.conftest import UNIT, post
from tests.support import InMemory


async def test_an_expired_line_is_nowhere_among_the_active(
    service: InMemory, prescribed: dict[str, Any]
) -> None:
    patient_ref, number = prescribed["patient_ref"], prescribed["prescription_no"]
    service.clock.move(days=366)
    clerk = service.token("customer_service")

    view = (await service.client.get(f"/patients/{patient_ref}", headers=clerk)).json()
    active = await service.client.get(f"/patients/{patient_ref}/lines?state=active", headers=clerk)
    one = (await service.client.get(f"/prescriptions/{number}", headers=clerk)).json()
    placer = service.token("order_placer")
    menu = await service.client.get(f"/patients/{patient_ref}/functions", headers=placer)

    assert (view["active_lines"], active.json()["lines"]) == ([], [])
    (line,) = one["lines"]
    assert (line["state"], line["ended_on"], line["withdrawals_left"]) == ("expired", "2027-11-24", 0)
    assert not next(each for each in menu.json() if each["function"] == "create_withdrawal")["is_open"]


async def test_a_search_for_active_or_ended_lines_goes_by_the_day(
    service: InMemory, prescribed: dict[str, Any]
) -> None:
    async def hits(activity: str) -> int:
        body = {"criteria": {"care_unit": UNIT, "activity": activity}}
        return len((await post(service, "/patients/search", body, "customer_service")).json()["patients"])

    before = [await hits("active"), await hits("ended")]
    service.clock.move(days=366)
    after = [await hits("active"), await hits("ended")]

    assert (before, after) == ([1, 0], [0, 1])
