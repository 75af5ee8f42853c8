"""Exemptions: a head of unit lets a named dietitian prescribe to children (S21, Q26)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from services.prescription.domain.prescriptions.prescriptions import Physician
from shared.domain.days import Period
from shared.domain.decision import Decision, NotFound, Refused, Sentence, refuse_any

MOST_GRANTED = 100


class TooManyExemptions(Refused):
    """All that a dietitian was authorised to is kept; one exemption holds for many units and days (S21)."""

    rule = "too-many-exemptions"
    sentence = Sentence(
        f"Dietisten har redan fått {MOST_GRANTED} undantag. Låt läkaren förskriva, och fråga "
        "regionen om så många behövs.",
        f"The dietitian has been given {MOST_GRANTED} exemptions already. "
        "Let the physician prescribe, and ask the region whether so many are needed.",
    )


class PeriodBackwards(Refused):
    """An exemption is valid from a day and through the same or a later one (Q26)."""

    rule = "period-backwards"
    sentence = Sentence(
        "Sista dagen ligger före första dagen. Rätta datumen.",
        "The last day is before the first day. Correct the dates.",
    )


class ResponsibleForOneself(Refused):
    """The responsible physician is somebody else than the dietitian (Q26)."""

    rule = "responsible-for-oneself"
    sentence = Sentence(
        "Dietisten kan inte själv vara ansvarig läkare. Ange läkaren.",
        "The dietitian cannot be the responsible physician. Name the physician.",
    )


class AlreadyExempted(Refused):
    """The dietitian has an exemption for a care unit on some of the days (S21)."""

    rule = "already-exempted"
    sentence = Sentence(
        "Dietisten har redan ett undantag för enheten under tiden. Avsluta det först.",
        "The dietitian has an exemption for the care unit in that time already. End it first.",
    )


class AlreadyEnded(Refused):
    """An exemption is ended once (S21)."""

    rule = "exemption-ended"
    sentence = Sentence("Undantaget är redan avslutat.", "The exemption has ended already.")


@dataclass(frozen=True)
class Exemption:
    """One authorisation; `authorised_by` is the head of unit, `ended_on` the first day without it."""

    exemption_id: str
    care_units: tuple[str, ...]
    holds: Period
    physician: Physician
    authorised_by: str
    registered_by: str
    registered_on: date
    ended_on: date | None = None
    ended_by: str | None = None

    def covers(self, care_unit: str, on: date) -> bool:
        """Tell whether it lets the dietitian prescribe for the care unit that day (Q26)."""
        ended = self.ended_on is not None and on >= self.ended_on
        return care_unit in self.care_units and self.holds.covers(on) and not ended


@dataclass(frozen=True)
class Exemptions:
    """All that one dietitian was ever authorised to; nothing is erased."""

    dietitian: str
    granted: tuple[Exemption, ...] = ()

    def exemption(self, exemption_id: str) -> Exemption:
        """Give one exemption (S21); raises NotFound."""
        for each in self.granted:
            if each.exemption_id == exemption_id:
                return each
        raise NotFound("Exemption", exemption_id)


@dataclass(frozen=True)
class Authorised:
    """What customer service registers: care units, days, who decided, and who is responsible."""

    care_units: tuple[str, ...]
    holds: Period
    physician: Physician
    authorised_by: str


def against_granting(
    exemptions: Exemptions | None, *, dietitian: str, authorised: Authorised
) -> Iterator[Refused]:
    """Say why the exemption cannot be registered (S21, Q26)."""
    last = authorised.holds.valid_through
    if last is not None and last < authorised.holds.valid_from:
        yield PeriodBackwards()
    if authorised.physician.sub == dietitian:
        yield ResponsibleForOneself()
    granted = exemptions.granted if exemptions else ()
    if len(granted) >= MOST_GRANTED:
        yield TooManyExemptions()
    for each in granted:
        if each.ended_on is None and _overlap(each, authorised):
            yield AlreadyExempted(exemption_id=each.exemption_id)


def grant_exemption(
    exemptions: Exemptions | None, *, dietitian: str, authorised: Authorised, by: str, on: date
) -> Decision[Exemptions]:
    """Register a dietitian's exemption (S21, Q26)."""
    refuse_any(against_granting(exemptions, dietitian=dietitian, authorised=authorised))
    known = exemptions or Exemptions(dietitian)
    exemption = Exemption(
        exemption_id=exemption_id(dietitian, len(known.granted) + 1),
        care_units=authorised.care_units,
        holds=authorised.holds,
        physician=authorised.physician,
        authorised_by=authorised.authorised_by,
        registered_by=by,
        registered_on=on,
    )
    return replace(known, granted=(*known.granted, exemption)), []


def end_exemption(exemptions: Exemptions, *, exemption_id: str, by: str, on: date) -> Decision[Exemptions]:
    """End an exemption from today on; what was prescribed under it stands (S21). Raises NotFound."""
    ending = exemptions.exemption(exemption_id)
    if ending.ended_on is not None:
        raise AlreadyEnded
    ended = replace(ending, ended_on=on, ended_by=by)
    granted = tuple(ended if each is ending else each for each in exemptions.granted)
    return replace(exemptions, granted=granted), []


def exemption_for(exemptions: Exemptions | None, *, care_unit: str, on: date) -> Exemption | None:
    """Find what authorises the dietitian for the care unit that day (Q26)."""
    granted = exemptions.granted if exemptions else ()
    return next((each for each in granted if each.covers(care_unit, on)), None)


def exemption_id(dietitian: str, place: int) -> str:
    """Name an exemption by its dietitian and its place, counted from 1 (S21)."""
    return f"{dietitian}.{place}"


def dietitian_of(exemption_id: str) -> str:
    """Give whose exemption it is (S21)."""
    return exemption_id.rpartition(".")[0]


def _overlap(known: Exemption, authorised: Authorised) -> bool:
    first = max(known.holds.valid_from, authorised.holds.valid_from)
    in_time = known.holds.covers(first) and authorised.holds.covers(first)
    return in_time and not set(known.care_units).isdisjoint(authorised.care_units)
