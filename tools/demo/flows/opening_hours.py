"""Messages go out from 08 to 20: outside those hours the demo moves the run's clock to a morning (Q24)."""

from datetime import UTC, datetime, time, timedelta

from shared.domain.days import STOCKHOLM, local_day
from tools.demo.flows.stage import Stage
from tools.demo.flows.timeline import StepFailed

OPENS = time(8)
CLOSES = time(20)
STARTS = time(10)
ENOUGH = timedelta(minutes=10)


def next_opening(moment: datetime) -> datetime | None:
    """Give the next 10:00 where patients live; None when messages may go out now and for a while yet."""
    local = moment.astimezone(STOCKHOLM)
    closes = datetime.combine(local.date(), CLOSES, STOCKHOLM)
    if local.time() >= OPENS and local + ENOUGH < closes:
        return None
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return datetime.combine(day, STARTS, STOCKHOLM)


async def begin_by_day(stage: Stage) -> None:
    """Move the run's clock when it is night, and say so; raises StepFailed when the run has no clock file."""
    now = stage.clock.now()
    opening = next_opening(now)
    if opening is None:
        return
    if stage.clock_file is None:
        raise StepFailed(
            "it is night, and messages wait until 08", look_at="SESAM_CLOCK_FILE, which sets the run's clock"
        )
    await stage.pass_time(opening - now)
    stage.timeline.remark(
        f"It is {now.astimezone(STOCKHOLM):%H:%M}: the run's clock goes forward to {opening:%A %H:%M}."
    )


async def pass_until(stage: Stage, local: time) -> None:
    """Let time pass until it is so late where patients live, today or else tomorrow."""
    now = stage.clock.now()
    day = local_day(now) + timedelta(days=0 if now.astimezone(STOCKHOLM).time() < local else 1)
    with stage.timeline.step(f"time passes until {day} {local:%H:%M}"):
        # in UTC: between two local times the hour of the summer-time change would be lost
        await stage.pass_time(datetime.combine(day, local, STOCKHOLM).astimezone(UTC) - now.astimezone(UTC))
