"""What people say and do again and again does not make a task or a contact grow without end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.notification.domain.contact import MOST_FORMER, Contact, keep_contact
from services.notification.domain.task import MOST_OTHER_STEPS, Task
from services.notification.domain.task_work import (
    MOST_COMMENTS,
    TaskFullyCommented,
    claim,
    comment_on,
    release,
    resolve_by_hand,
)
from tests.notification.examples import NOON, TASK


def commented(times: int) -> Task:
    task = TASK
    for each in range(times):
        task, _ = comment_on(task, comment=f"sealed:messages:{each}", by="eko", at=NOON)
    return task


def test_a_task_takes_a_hundred_comments_and_can_then_be_ended_without_one() -> None:
    full = commented(MOST_COMMENTS)

    with pytest.raises(TaskFullyCommented):
        comment_on(full, comment="sealed:messages:one-more", by="eko", at=NOON)
    with pytest.raises(TaskFullyCommented):
        resolve_by_hand(full, how="done", comment="sealed:messages:one-more", by="eko", at=NOON)

    over, _ = resolve_by_hand(full, how="done", by="eko", at=NOON)
    assert not over.is_open


def test_who_takes_and_releases_a_task_all_day_leaves_its_comments_and_its_beginning() -> None:
    task = commented(3)
    for minute in range(150):
        at = NOON + timedelta(minutes=minute)
        task, _ = release(claim(task, by="eko", at=at)[0], by="eko", at=at)

    others = [each for each in task.history if each.what != "commented"]
    assert [each.note for each in task.history if each.what == "commented"] == [
        "sealed:messages:0", "sealed:messages:1", "sealed:messages:2",
    ]  # fmt: skip
    assert len(others) == MOST_OTHER_STEPS
    assert (others[0].at, others[-1].at) == (NOON, NOON + timedelta(minutes=149))


def test_of_the_numbers_that_a_patient_gave_up_the_newest_are_remembered() -> None:
    known = None
    for version in range(1, MOST_FORMER + 12):
        known, _ = keep_contact(known, published=Contact("p-1", version, phone_key=f"k-{version}"))

    assert known
    assert known.former == tuple(f"k-{version}" for version in range(11, MOST_FORMER + 11))
    assert replace(known, former=()) == Contact("p-1", MOST_FORMER + 11, phone_key=f"k-{MOST_FORMER + 11}")
