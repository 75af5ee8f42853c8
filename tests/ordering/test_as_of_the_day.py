"""What a date has ended is ended when it is read, whether a job or a fact has come or not (S24, Q4, N7)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.ordering.domain.allowance import against_line, expect
from services.ordering.domain.shortage import is_still_prescribed
from shared.events.prescription import LineAnnulled, LineEnded
from shared.events.tasks import TaskRaised
from shared.settings import Settings
from tests.ordering.desk import WANTED, articles, sent
from tests.ordering.examples import (
    ALLOWANCE,
    BREAD,
    BREAD_LINE,
    LINE,
    ORDER_NO,
    PATIENT,
    PRESCRIPTION_NO,
    USED,
)
from tests.support import InMemory

SILENT_HOURS = Settings.model_fields["order_silent_hours"].default
LAST_DAY = date(2027, 10, 1)
ENDED = LineEnded(
    line_id=LINE.line_id,
    prescription_no=PRESCRIPTION_NO,
    patient_ref=PATIENT,
    ended_on=LAST_DAY + timedelta(days=1),
    why="expired",
)
ANNULLED = LineAnnulled(
    line_id=LINE.line_id, prescription_no=PRESCRIPTION_NO, patient_ref=PATIENT, annulled_on=date(2026, 11, 23)
)


@pytest.mark.parametrize(
    ("changes", "state", "left"),
    [
        ({}, "active", 3),
        ({"valid_through": date(2026, 11, 22)}, "expired", 0),
        ({"used_by": ("a", "b", "c")}, "used_up", 0),
        ({"used_by": ("a", "b", "c"), "valid_through": date(2026, 11, 22)}, "expired", 0),
    ],
)
def test_a_line_is_what_it_is_that_day(changes: dict[str, Any], state: str, left: int) -> None:
    line, on = replace(BREAD_LINE, **changes), date(2026, 11, 23)

    assert (ALLOWANCE.state_of(line, on=on), ALLOWANCE.left_of(line, on=on)) == (state, left)


@pytest.mark.parametrize("changes", ["annulled_lines", "expired_lines"])
def test_a_line_whose_end_was_published_has_nothing_left(changes: str) -> None:
    ended: dict[str, Any] = {changes: (LINE.line_id,)}
    allowance = replace(ALLOWANCE, **ended)

    assert allowance.left_of(LINE, on=date(2026, 11, 23)) == 0
    assert not is_still_prescribed(allowance, LINE.article_no, on=date(2026, 11, 23))


def test_a_day_that_has_passed_is_no_day_when_the_article_can_be_withdrawn_next() -> None:
    promised = expect(USED, order_no=ORDER_NO, days={LINE.line_id: date(2026, 12, 6)})

    def next_possible(on: date) -> object:
        (block,) = against_line(promised, LINE, passed=frozenset(), on=on)
        return block.facts["next_possible"]

    assert next_possible(date(2026, 12, 6)) == "2026-12-06"
    assert next_possible(date(2026, 12, 7)) is None


async def shown(desk: InMemory) -> tuple[str, int, bool, list[str]]:
    answer = await desk.client.get(f"/allowances/{PATIENT}", headers=desk.token("customer_service"))
    (line,) = answer.json()["lines"]
    rules = [each["rule"] for each in line["reasons"]]
    return line["state"], line["withdrawals_left"], line["allowed"], rules


async def test_an_expired_line_is_not_shown_as_one_that_can_be_withdrawn_before_its_end_was_published(
    desk: InMemory,
) -> None:
    desk.clock.move(days=(LAST_DAY - desk.clock.today()).days)
    on_the_last_day = await shown(desk)
    desk.clock.move(days=1)
    the_day_after = await shown(desk)
    tried = await desk.client.post(
        "/withdrawals/preview", json=WANTED, headers=desk.token("customer_service")
    )
    await desk.hear(ENDED)

    assert on_the_last_day == ("active", 3, True, [])
    assert the_day_after == await shown(desk) == ("expired", 0, False, ["line-expired"])
    assert [each["withdrawals_left"] for each in tried.json()["lines"]] == [0]


async def test_an_annulled_line_has_nothing_left(desk: InMemory) -> None:
    await desk.hear(ANNULLED)

    assert await shown(desk) == ("annulled", 0, False, ["line-annulled"])


@pytest.mark.parametrize(("day", "tasks"), [(LAST_DAY, 1), (LAST_DAY + timedelta(days=1), 0)])
async def test_an_article_that_only_expired_lines_name_is_no_work_when_it_is_discontinued(
    desk: InMemory, day: date, tasks: int
) -> None:
    desk.clock.move(days=(day - desk.clock.today()).days)
    told = next(each for each in articles() if each.article_no == "900100")

    await desk.hear(told.model_copy(update={"version": 2, "status": "discontinued"}))

    assert len(desk.told_of(TaskRaised)) == tasks
    assert not is_still_prescribed(ALLOWANCE, "900999", on=day)
    assert is_still_prescribed(ALLOWANCE, BREAD.article_no, on=LAST_DAY)


async def test_an_order_is_silent_once_its_time_is_over_though_nobody_was_told(desk: InMemory) -> None:
    (number,) = (await sent(desk))["order_nos"]

    async def is_silent() -> object:
        answer = await desk.client.get(f"/orders/{number}", headers=desk.token("customer_service"))
        return answer.json()["is_silent"]

    desk.clock.move(hours=SILENT_HOURS, seconds=-1)
    before = await is_silent()
    desk.clock.move(seconds=1)
    at_the_hour = await is_silent()
    await desk.run_jobs()

    assert (before, at_the_hour, await is_silent()) == (False, True, True)
