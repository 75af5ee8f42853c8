"""The most that one patient pays within a number of days, counted at each booking (T5, decision 0031)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from services.billing.domain.fees.ledger import Entry
from services.billing.domain.fees.payer import Payer, Spent
from shared.domain.decision import Refused, Sentence
from shared.domain.money import NOTHING, Money
from shared.events.fees import Cap

Caps = Mapping[str, Cap]
"""The caps of tariffs, by the tariff's name; those without one are left out."""
NO_CAPS: Caps = MappingProxyType({})


class OverTheCap(Refused):
    """A correction cannot make a patient pay more than the cap within its days (T5); `most` says what can."""

    rule = "over-the-cap"
    sentence = Sentence(
        "Beloppet är högre än vad som ryms under patientens tak. Ange högst det belopp som ryms.",
        "The amount is more than fits under the patient's cap. Give the amount that fits at most.",
    )


def room(spent: Iterable[Spent], *, day: date, cap: Cap) -> Money:
    """Give what a patient may still pay on a day, whatever window of days one looks at (T5).

    The fullest window that holds the day begins on it, or on a day before it on which something was paid.
    """
    near = [each for each in spent if abs((each.day - day).days) < _days(cap)]
    firsts = {day, *(each.day for each in near if each.day <= day)}
    fullest = max(_within(near, first, cap) for first in firsts)
    return max(Money(cap.amount) - fullest, NOTHING)


def spend(payer: Payer | None, patient_ref: str, wanted: Spent, *, cap: Cap) -> tuple[Payer, Money]:
    """Count as much of a fee as fits, and say how much that is (T5).

    The payer is written even when nothing fits: of two who book at one moment the second counts the first.
    """
    known = payer or Payer(patient_ref, version=0, identity=None)
    paid = min(wanted.amount, room(known.spent, day=wanted.day, cap=cap))
    more = (replace(wanted, amount=paid),) if paid != NOTHING else ()
    return replace(known, spent=(*known.spent, *more)), paid


def capped(payer: Payer | None, entry: Entry, *, caps: Caps) -> tuple[Payer | None, Entry]:
    """Take off a fee what does not fit under its tariff's cap, and count what is left (T5).

    The cap is for fees: what is paid for a lost device is not held to it, and does not count (Q57).
    """
    cap = None if entry.is_compensation else caps.get(entry.tariff)
    if cap is None:
        return payer, entry
    wanted = _counts(entry)
    payer, paid = spend(payer, entry.patient_ref, wanted, cap=cap)
    return payer, entry if paid == entry.amount else replace(entry, amount=paid, before_cap=entry.amount)


def counted(payer: Payer | None, entry: Entry, *, caps: Caps) -> Payer | None:
    """Count a fee that two people set by hand (S97, T5); raises OverTheCap."""
    after, fitting = capped(payer, entry, caps=caps)
    if fitting.amount < entry.amount:
        raise OverTheCap(most=str(fitting.amount))
    return after


def before_any_cap(entry: Entry) -> Entry:
    """Give a fee as the tariff's rule gave it: booked again it is held to the cap anew (T5)."""
    return replace(entry, amount=entry.before_cap, before_cap=None) if entry.before_cap else entry


def given_back(payer: Payer | None, event_ids: Sequence[str]) -> Payer | None:
    """Give the room of fees that were taken back to those that come later (Q9, T5)."""
    if payer is None or not any(each.event_id in event_ids for each in payer.spent):
        return payer
    return replace(payer, spent=tuple(each for each in payer.spent if each.event_id not in event_ids))


def beyond_cap(payer: Payer, *, caps: Caps) -> tuple[Spent, ...]:
    """Give what would have been taken off, had all that a patient pays been counted together (T5)."""
    counted, beyond = replace(payer, spent=()), []
    for each in sorted(payer.spent, key=lambda each: (each.day, each.event_id)):
        cap = caps.get(each.tariff or "")
        if cap is None:
            counted = replace(counted, spent=(*counted.spent, each))
            continue
        counted, paid = spend(counted, payer.patient_ref, each, cap=cap)
        beyond += [replace(each, amount=each.amount - paid)] if paid < each.amount else []
    return tuple(beyond)


def _counts(entry: Entry) -> Spent:
    return Spent(entry.event_id, entry.due_on, entry.amount, entry.tariff)


def _within(spent: Iterable[Spent], first: date, cap: Cap) -> Money:
    last = first + timedelta(days=_days(cap) - 1)
    return sum((each.amount for each in spent if first <= each.day <= last), NOTHING)


def _days(cap: Cap) -> int:
    return cap.window_days or 1
