"""The list of tasks for staff."""

from datetime import UTC, datetime

from services.notification.domain.task import Task, raise_task, resolve_task

AT = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
TASK = Task(
    task_id="fee-rejected:1",
    kind="fee_rejected",
    role="economist",
    care_unit=None,
    patient_ref="p-1",
    subject_no="U2026-000123-4",
    reason="Invoicing rejected the fee.",
    due_at=None,
    raised_at=AT,
)


def test_a_raised_task_is_open_on_its_list() -> None:
    task, _ = raise_task(None, raised=TASK)

    assert task
    assert task.is_open


def test_the_same_trouble_is_one_task() -> None:
    assert raise_task(TASK, raised=TASK) == (TASK, [])


def test_a_resolved_task_is_off_the_list() -> None:
    task, _ = resolve_task(TASK, task_id=TASK.task_id, how="billed by hand", at=AT)

    assert task
    assert (task.is_open, task.resolved_how) == (False, "billed by hand")
    assert resolve_task(task, task_id=TASK.task_id, how="again", at=AT) == (task, [])


def test_a_task_whose_end_was_heard_first_never_opens() -> None:
    ended, _ = resolve_task(None, task_id=TASK.task_id, how="billed by hand", at=AT)

    task, _ = raise_task(ended, raised=TASK)

    assert task
    assert (task.is_open, task.role, task.resolved_how) == (False, "economist", "billed by hand")
