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


def after_open_hours(moment: datetime, hours: timedelta) -> datetime:
    """Give the moment, in UTC, by which messages could be sent for so long: nights do not count (Q24)."""
    begins, left = next_allowed(moment), hours
    while (closes := _closes(begins)) - begins < left:
        left -= closes - begins
        begins = next_allowed(closes)
    return begins + left


def _closes(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(STOCKHOLM).date(), CLOSES, STOCKHOLM).astimezone(UTC)
