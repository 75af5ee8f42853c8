"""A dietitian's exemption: what may be registered, and what it allows."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from services.prescription.domain.prescriptions.prescribing import prescribe
from services.prescription.domain.prescriptions.prescriptions import Physician, Prescription
from services.prescription.domain.rules.exemptions import (
    AlreadyEnded,
    AlreadyExempted,
    Authorised,
    Exemptions,
    PeriodBackwards,
    ResponsibleForOneself,
    dietitian_of,
    end_exemption,
    exemption_for,
    grant_exemption,
)
from shared.domain.days import Period
from shared.domain.decision import NotFound, Refused
from shared.events.prescription import PrescriptionRegistered
from tests.prescription.conftest import CHILD, UNIT, Register, form
from tests.prescription.examples import (
    DIETITIAN,
    DRINK,
    FIFTEEN,
    LINE_WANTED,
    NUMBER,
    OF_FOODS,
    PATIENT,
    TODAY,
    WANTED,
    reasons,
)
from tests.support import InMemory

PHYSICIAN = Physician("SE2321000016-LAK9", "Lova Testsson")
LAST = TODAY + timedelta(days=30)
AUTHORISED = Authorised(("SE-UNIT-1",), Period(TODAY, LAST), PHYSICIAN, "SE2321000016-CHEF1")


def granted(authorised: Authorised = AUTHORISED, known: Exemptions | None = None) -> Exemptions:
    exemptions, _ = grant_exemption(
        known, dietitian=DIETITIAN.sub, authorised=authorised, by="clerk", on=TODAY
    )
    return exemptions


EXEMPTIONS = granted()
(EXEMPTION,) = EXEMPTIONS.granted


def saved(patient: Any, exemptions: Exemptions | None) -> tuple[Prescription, PrescriptionRegistered]:
    prescription, *_, facts = prescribe(
        None,
        patient,
        (DRINK,),
        exemptions,
        prescription_no=NUMBER,
        wanted=WANTED,
        by=DIETITIAN,
        rules=OF_FOODS,
        on=TODAY,
    )
    (fact,) = facts
    assert isinstance(fact, PrescriptionRegistered)
    return prescription, fact


def test_an_exempted_dietitian_prescribes_to_a_child() -> None:
    assert reasons(FIFTEEN) == [("dietitian-only-from-16", None)]
    assert reasons(FIFTEEN, exemptions=EXEMPTIONS) == []


@pytest.mark.parametrize(
    ("on", "allowed"),
    [(TODAY - timedelta(days=1), False), (TODAY, True), (LAST, True), (LAST + timedelta(days=1), False)],
)
def test_an_exemption_holds_from_its_first_through_its_last_day(on: date, allowed: bool) -> None:
    assert (reasons(FIFTEEN, exemptions=EXEMPTIONS, on=on) == []) == allowed


def test_an_exemption_holds_for_its_care_units_only() -> None:
    elsewhere = replace(WANTED, care_unit="SE-UNIT-2")

    refused = reasons(FIFTEEN, exemptions=EXEMPTIONS, wanted=elsewhere)

    assert refused == [("dietitian-only-from-16", None)]


def test_the_responsible_physician_is_named_on_the_lines_and_published() -> None:
    prescription, fact = saved(FIFTEEN, EXEMPTIONS)

    assert [line.responsible_physician for line in prescription.lines] == [PHYSICIAN]
    assert [line.responsible_physician for line in fact.lines] == [PHYSICIAN.sub]


def test_nobody_else_is_responsible_for_what_a_dietitian_prescribes_to_an_adult() -> None:
    prescription, _ = saved(PATIENT, EXEMPTIONS)

    assert [line.responsible_physician for line in prescription.lines] == [None]


def test_a_child_of_an_exempted_dietitian_still_gets_90_days_at_most() -> None:
    wanted = replace(WANTED, lines=(replace(LINE_WANTED, days=91, withdrawals=3),))

    assert reasons(FIFTEEN, exemptions=EXEMPTIONS, wanted=wanted) == [("more-than-90-days-under-16", 1)]


def test_an_ended_exemption_allows_nothing_from_that_day() -> None:
    ended, _ = end_exemption(EXEMPTIONS, exemption_id=EXEMPTION.exemption_id, by="clerk", on=TODAY)

    assert reasons(FIFTEEN, exemptions=ended) == [("dietitian-only-from-16", None)]
    assert exemption_for(ended, care_unit="SE-UNIT-1", on=TODAY - timedelta(days=1)) is None
    with pytest.raises(AlreadyEnded):
        end_exemption(ended, exemption_id=EXEMPTION.exemption_id, by="clerk", on=TODAY)


def test_ending_one_exemption_leaves_the_others() -> None:
    both = granted(replace(AUTHORISED, care_units=("SE-UNIT-2",)), EXEMPTIONS)

    ended, _ = end_exemption(both, exemption_id=EXEMPTION.exemption_id, by="clerk", on=TODAY)

    assert [each.ended_on for each in ended.granted] == [TODAY, None]
    assert exemption_for(ended, care_unit="SE-UNIT-2", on=TODAY) is not None


def test_an_exemption_that_is_not_there_cannot_be_ended() -> None:
    with pytest.raises(NotFound):
        end_exemption(EXEMPTIONS, exemption_id=f"{DIETITIAN.sub}.9", by="clerk", on=TODAY)


@pytest.mark.parametrize(
    ("authorised", "refusal"),
    [
        (replace(AUTHORISED, holds=Period(LAST, TODAY)), PeriodBackwards),
        (replace(AUTHORISED, physician=Physician(DIETITIAN.sub, "Didrik")), ResponsibleForOneself),
        (replace(AUTHORISED, holds=Period(LAST, LAST)), AlreadyExempted),
    ],
)
def test_an_exemption_that_makes_no_sense_is_refused(authorised: Authorised, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        granted(authorised, EXEMPTIONS)


@pytest.mark.parametrize(
    "authorised",
    [
        replace(AUTHORISED, care_units=("SE-UNIT-2",)),
        replace(AUTHORISED, holds=Period(LAST + timedelta(days=1), LAST + timedelta(days=9))),
    ],
)
def test_a_dietitian_may_have_several_exemptions(authorised: Authorised) -> None:
    assert [each.exemption_id for each in granted(authorised, EXEMPTIONS).granted] == [
        f"{DIETITIAN.sub}.1",
        f"{DIETITIAN.sub}.2",
    ]


def test_an_ended_exemption_may_be_given_again() -> None:
    ended, _ = end_exemption(EXEMPTIONS, exemption_id=EXEMPTION.exemption_id, by="clerk", on=TODAY)

    again = granted(AUTHORISED, ended)

    assert exemption_for(again, care_unit="SE-UNIT-1", on=TODAY) == again.granted[1]
    assert dietitian_of(again.granted[1].exemption_id) == DIETITIAN.sub


BODY = {
    "dietitian": "dietitian-1",
    "care_units": [UNIT],
    "valid_from": "2026-11-23",
    "valid_through": "2027-05-31",
    "responsible_physician": "physician-1",
    "responsible_physician_name": "Lova Testsson",
    "authorised_by": "head-of-unit-1",
}


async def registered(service: InMemory, **changes: Any) -> Any:
    headers = service.once("customer_service")
    return await service.client.post("/exemptions", json={**BODY, **changes}, headers=headers)


async def test_customer_service_keeps_exemptions_and_ends_them(service: InMemory, register: Register) -> None:
    child, post = await register(number=CHILD), partial(service.client.post, "/prescriptions")
    body = form(child)
    before = await post(json=body, headers=service.once("dietitian"))

    exemption = (await registered(service)).json()
    during = await post(json=body, headers=service.once("dietitian"))
    ended = await service.client.post(
        f"/exemptions/{exemption['exemption_id']}/end", headers=service.once("customer_service")
    )
    after = await post(json=body, headers=service.once("dietitian"))

    assert [each.status_code for each in (before, during, ended, after)] == [422, 201, 200, 422]
    assert during.json()["lines"][0]["responsible_physician"]["name"] == "Lova Testsson"
    assert (ended.json()["ended_on"], ended.json()["ended_by"]) == ("2026-11-23", "customer_service-1")


async def test_exemptions_are_listed_for_one_or_for_all_dietitians(service: InMemory) -> None:
    await registered(service)
    await registered(service, dietitian="dietitian-2")
    headers = service.token("customer_service")

    everybody = (await service.client.get("/exemptions", headers=headers)).json()
    one = (await service.client.get("/exemptions?dietitian=dietitian-2", headers=headers)).json()

    assert [each["dietitian"] for each in everybody] == ["dietitian-1", "dietitian-2"]
    assert [each["exemption_id"] for each in one] == ["dietitian-2.1"]


async def test_only_customer_service_keeps_exemptions(service: InMemory) -> None:
    answer = await service.client.post("/exemptions", json=BODY, headers=service.once("dietitian"))

    assert answer.status_code == 403
