"""Whom it concerns when an article cannot be had: lines, orders on their way, and a task."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.ordering.domain.shortage import affected, follow_article
from shared.events.fact import Unknown
from shared.events.inventory import ArticleChanged
from shared.events.tasks import TaskRaised, TaskResolved
from tests.ordering.conversation import DELIVERED
from tests.ordering.desk import answered, articles, patient, sent
from tests.ordering.examples import (
    ALLOWANCE,
    BREAD,
    BREAD_LINE,
    DRINK,
    LINE,
    PATIENT,
    PERSON,
    STRAWBERRY,
    TODAY,
    USED,
)
from tests.support import InMemory

CLERK = "customer_service"
GONE = replace(BREAD, version=2, status="discontinued")


def test_a_line_of_the_article_is_affected_also_while_an_order_is_on_its_way() -> None:
    for allowance in (ALLOWANCE, USED):
        found = affected(allowance, article_no=DRINK.article_no, on=TODAY)

        assert found
        assert [each.line_id for each in found.lines] == [LINE.line_id]


def test_a_flavour_concerns_those_who_took_it_last_time() -> None:
    assert affected(ALLOWANCE, article_no=STRAWBERRY.article_no, on=TODAY) is None

    found = affected(USED, article_no=STRAWBERRY.article_no, on=TODAY)

    assert found
    assert found.lines[0].line_id == LINE.line_id


@pytest.mark.parametrize(
    "changes",
    [
        {"annulled_lines": (BREAD_LINE.line_id,)},
        {"expired_lines": (BREAD_LINE.line_id,)},
        {"lines": (replace(BREAD_LINE, used_by=("a", "b", "c")),)},
        {"lines": (replace(BREAD_LINE, valid_through=TODAY - timedelta(days=1)),)},
        {"person": replace(PERSON, deceased_on=date(2026, 11, 1))},
        {"person": replace(PERSON, protected=True)},
        {"person": None},
    ],
)
def test_what_cannot_be_withdrawn_anyway_is_not_affected(changes: dict[str, Any]) -> None:
    assert affected(replace(ALLOWANCE, **changes), article_no=BREAD.article_no, on=TODAY) is None


def test_what_is_prescribed_and_discontinued_is_a_task_until_it_is_back() -> None:
    gone, raised = follow_article(BREAD, published=GONE, is_prescribed=True)
    back, over = follow_article(gone, published=replace(BREAD, version=3), is_prescribed=False)

    assert (gone, back.version) == (GONE, 3)
    assert [type(each) for each in (*raised, *over)] == [TaskRaised, TaskResolved]
    assert {each.task_id for each in (*raised, *over) if isinstance(each, TaskRaised | TaskResolved)} == {
        "article-discontinued:900200"
    }


def test_an_article_in_a_status_that_only_a_newer_version_knows_can_be_ordered_as_an_outgoing_one() -> None:
    told = replace(BREAD, version=2, status=Unknown("what_a_newer_version_says"))

    kept, facts = follow_article(BREAD, published=told, is_prescribed=True)

    assert (kept.status, kept.can_be_ordered, facts) == ("what_a_newer_version_says", True, [])


def test_nothing_is_to_be_done_about_what_nobody_has_or_what_is_no_news() -> None:
    assert follow_article(BREAD, published=GONE, is_prescribed=False) == (GONE, [])
    assert follow_article(None, published=GONE, is_prescribed=True) == (GONE, [])
    assert follow_article(GONE, published=replace(GONE, version=3), is_prescribed=True)[1] == []
    assert follow_article(replace(BREAD, version=3), published=GONE, is_prescribed=True)[1] == []


def changed(article_no: str, **changes: Any) -> ArticleChanged:
    told = next(each for each in articles() if each.article_no == article_no)
    return told.model_copy(update={"version": 2, **changes})


async def shortage(desk: InMemory, article_no: str, **more: Any) -> dict[str, Any]:
    answer = await desk.client.post(
        "/shortages/search", json={"article_no": article_no, **more}, headers=desk.token(CLERK)
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_customer_service_lists_whom_a_shortage_concerns_with_their_orders(desk: InMemory) -> None:
    confirmation = await sent(desk)
    await desk.hear(changed("900101", status="discontinued", replaced_by="900102"))

    of_flavour = await shortage(desk, "900101")
    of_generic = await shortage(desk, "900100")
    of_other = await shortage(desk, "900200")

    assert (of_flavour["status"], of_flavour["replaced_by"]) == ("discontinued", "900102")
    for found in (of_flavour, of_generic):
        assert [
            (each["patient_ref"], each["lines"][0]["withdrawals_left"]) for each in found["patients"]
        ] == [(PATIENT, 2)]
    assert [each["order_no"] for each in of_flavour["orders"]] == confirmation["order_nos"]
    assert (of_other["patients"], of_other["orders"]) == ([], [])


async def test_an_order_that_is_over_is_not_on_its_way(desk: InMemory) -> None:
    confirmation = await sent(desk)
    await answered(desk, DELIVERED, confirmation["order_nos"][0])

    assert (await shortage(desk, "900101"))["orders"] == []


async def test_a_long_list_comes_page_by_page(desk: InMemory) -> None:
    first = await shortage(desk, "900100", limit=1)
    second = await shortage(desk, "900100", limit=1, after=first["next"])

    assert (first["next"], [each["patient_ref"] for each in first["patients"]]) == (PATIENT, [PATIENT])
    assert (second["next"], second["patients"]) == (None, [])


async def test_the_list_is_in_the_audit_log_and_for_customer_service_alone(desk: InMemory) -> None:
    await shortage(desk, "900100")
    refused = await desk.client.post(
        "/shortages/search", json={"article_no": "900100"}, headers=desk.token("order_placer")
    )

    shown, turned_away = (await desk.repository.backend.audit.rows())[-2:]
    assert (shown["action"], shown["patient_refs"]) == ("ordering.search_shortage", [PATIENT])
    assert (turned_away["action"], turned_away["patient_refs"]) == ("ordering.search_shortage", [])
    assert refused.status_code == 403


async def test_a_prescribed_article_that_is_discontinued_is_work_for_customer_service(desk: InMemory) -> None:
    await desk.hear(changed("900200", status="discontinued"))
    await desk.hear(changed("900100", status="discontinued"))
    await desk.hear(changed("900100", version=3))

    assert [each.subject_no for each in desk.told_of(TaskRaised)] == ["900100"]
    assert [each.task_id for each in desk.told_of(TaskResolved)] == ["article-discontinued:900100"]


async def test_a_protected_patient_is_on_no_list(desk: InMemory) -> None:
    await desk.hear(patient(desk.seals, version=2, protected=True))

    assert (await shortage(desk, "900100"))["patients"] == []
