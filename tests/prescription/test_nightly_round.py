"""Each night the register is asked of everybody with an active line or an open order."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.prescription.domain.patients.rounds import Round
from services.prescription.repository.collections import ROUNDS
from shared.events.prescription import PatientChanged
from tests.prescription.conftest import DRINK, LINE, form
from tests.prescription.register_double import ADULT, CHILD, ONLY, Registered, start
from tests.prescription.test_consuming import SENT

NIGHT = datetime(2026, 11, 24, 2, tzinfo=UTC)
NAME_OF_THE_ROUND = "register:2026-11-24"
BY_HAND = {
    "number": ADULT,
    "name": "Test Testsson",
    "address": {"line1": "Provvägen 3", "postal_code": "21120", "city": "MALMÖ"},
    "protected": False,
}


async def night(registry: Registered) -> None:
    (job,) = (each for each in registry.service.assembled.jobs if each.name == "night")
    await job.run()


async def prescribed(registry: Registered, patient_ref: str) -> None:
    answer = await registry.post("/prescriptions", form(patient_ref, lines=[LINE]), role="dietitian")
    assert answer.status_code == 201, answer.text


def died(registry: Registered) -> list[bool]:
    return [fact.deceased_on is not None for fact in registry.service.told_of(PatientChanged)]


async def test_a_death_is_seen_in_the_night_though_nobody_looks_the_person_up(registry: Registered) -> None:
    await prescribed(registry, (await registry.found(ADULT))["patient_ref"])
    await registry.say("adult", "deceased")

    registry.service.clock.set(NIGHT)
    await night(registry)

    assert died(registry) == [False, True]


async def test_an_open_order_is_enough(registry: Registered) -> None:
    patient_ref = (await registry.found(ADULT))["patient_ref"]
    sent = SENT.model_copy(update={"patient_ref": patient_ref, "order_nos": ("B2026-000091-6",)})
    await registry.service.hear(sent)
    await registry.say("adult", "deceased")

    registry.service.clock.set(NIGHT)
    await night(registry)

    assert died(registry) == [False, True]


async def test_of_whom_nothing_is_prescribed_or_ordered_nobody_asks(registry: Registered) -> None:
    await registry.found(ADULT)
    await registry.say("adult", "deceased")

    registry.service.clock.set(NIGHT)
    await night(registry)

    assert died(registry) == [False]


async def test_a_round_stops_at_a_silent_register_and_is_taken_up_where_it_stopped(
    registry: Registered,
) -> None:
    for place, number in enumerate((ADULT, CHILD, ONLY)):
        patient_ref = (await registry.found(number))["patient_ref"]
        sent = SENT.model_copy(
            update={
                "patient_ref": patient_ref,
                "withdrawal_no": f"U2026-00009{place}",
                "order_nos": (f"B2026-00009{place}",),
            }
        )
        await registry.service.hear(sent)
    await registry.say("adult", "deceased")
    registry.service.clock.set(NIGHT)
    registry.behave("down")
    await night(registry)
    while_silent = await registry.service.repository.get(ROUNDS.maybe(NAME_OF_THE_ROUND))

    registry.behave("normal")
    await night(registry)

    over = await registry.service.repository.get(ROUNDS.ref(NAME_OF_THE_ROUND))
    assert while_silent is None
    assert over.is_over
    assert died(registry).count(True) == 1


async def test_no_more_are_asked_in_a_minute_than_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = await start(tmp_path, monkeypatch, register_asks_per_minute=1)
    await registry.service.hear(DRINK)
    for number, name in ((ADULT, "adult"), (ONLY, "only_in_register")):
        await prescribed(registry, (await registry.found(number))["patient_ref"])
        await registry.say(name, "deceased")

    registry.service.clock.set(NIGHT)
    deaths = []
    for _ in range(2):
        await night(registry)
        deaths.append(died(registry).count(True))

    assert deaths == [1, 2]
    await registry.http.aclose()


@pytest.mark.parametrize("moment", [datetime(2026, 11, 23, 23, 30, tzinfo=UTC)])
async def test_before_the_night_begins_nobody_asks(registry: Registered, moment: datetime) -> None:
    await prescribed(registry, (await registry.found(ADULT))["patient_ref"])

    registry.service.clock.set(moment)
    await night(registry)

    assert await registry.service.repository.get(ROUNDS.maybe("register:2026-11-24")) is None


def test_a_round_begins_at_the_first_reference() -> None:
    assert (Round("register:2026-11-24").after, Round("x").is_over) == ("", False)
