"""The hours in which people may be sent a message (Q24)."""

from datetime import UTC, datetime, time, timedelta

from shared.domain.days import STOCKHOLM

OPENS = time(8)
CLOSES = time(20)


def may_send(moment: datetime) -> bool:
    """Tell whether it is between 08:00 and 20:00 in Stockholm; 20:00 itself is too late (Q24)."""
    return OPENS <= moment.astimezone(STOCKHOLM).time() < CLOSES


def next_allowed(moment: datetime) -> datetime:
    """Give the moment itself when it is allowed, else the next 08:00 in Stockholm, in UTC (Q24)."""
    if may_send(moment):
        return moment
    local = moment.astimezone(STOCKHOLM)
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return datetime.combine(day, OPENS, STOCKHOLM).astimezone(UTC)
