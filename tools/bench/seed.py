"""Makes patients with one line each in prescription's repository, and a draft for each in ordering."""

import asyncio
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import httpx

from services.prescription.domain.patients.patients import Person, Status, register_patient
from services.prescription.domain.patients.rounds import Round, go_on
from services.prescription.domain.prescriptions.prescriptions import Line, Prescription
from services.prescription.repository.collections import IDENTITIES, PATIENTS, PRESCRIPTIONS, ROUNDS
from shared.clock import SystemClock
from shared.domain.days import valid_through
from shared.domain.decision import Decision
from shared.events.prescription import LinePrescribed, PrescriptionRegistered
from shared.repository import Cause, Repository
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import Seals, seals_from
from shared.service.process import repository_of
from tools.bench.system import RunningSystem
from tools.demo.tokens import Tokens

GENERIC = "900001"
FLAVOURS = ("900002", "900003", "900004")
A_TEST_NUMBER = "199007052393"
AT_ONCE = 16
HEARD_WITHIN_SECONDS = 90


@dataclass(frozen=True)
class Draft:
    """A withdrawal that waits to be sent."""

    withdrawal_no: str
    patient_ref: str


async def drafts(
    system: RunningSystem, tokens: Tokens, http: httpx.AsyncClient, *, count: int
) -> list[Draft]:
    """Make so many patients, lines and drafts; wait until every service knows them."""
    refs = await patients(system, count=count)
    base = system.environment()["SESAM_ORDERING_URL"]
    at_once = asyncio.Semaphore(AT_ONCE)

    async def one(patient_ref: str) -> Draft:
        async with at_once:
            return await _draft(http, tokens, base, patient_ref)

    return list(await asyncio.gather(*(one(each) for each in refs)))


async def patients(system: RunningSystem, *, count: int) -> list[str]:
    """Make so many patients, each with a prescribed line; give their references."""
    environment = system.environment()
    seals = seals_from(system.place.folder / "keys" / "sealed.json")
    client = connect(environment["MONGODB_URL"], app_name="bench")
    clock = SystemClock()
    backend = Mongo(client[f"{environment['SESAM_DATABASE_PREFIX']}_prescription"])
    repository = repository_of(backend, service="prescription", clock=clock, seals=seals)
    try:
        await _end_nightly_rounds(repository, clock.today())
        return list(await asyncio.gather(*(_patient(repository, seals, clock.today()) for _ in range(count))))
    finally:
        await repository.close()
        await client.close()


async def _end_nightly_rounds(repository: Repository, today: date) -> None:
    """Say that the register was asked about everybody: the bench's clock is set to the next day."""
    for day in (today, today + timedelta(days=1)):
        known = ROUNDS.maybe(f"register:{day.isoformat()}")
        over = Round(f"register:{day.isoformat()}", is_over=True)
        await repository.change(known, partial(go_on, to=over), cause=Cause(key=None))


async def _patient(repository: Repository, seals: Seals, today: date) -> str:
    ref, key = str(uuid.uuid4()), uuid.uuid4().hex
    born = today - timedelta(days=40 * 365)
    address = {"line1": "Provvägen 3", "postal_code": "21120", "city": "MALMÖ"}
    person = Person(
        number=seals.seal(A_TEST_NUMBER, purpose="identity"),
        number_type="personnummer",
        born=born,
        sealed_born=seals.seal(born.isoformat(), purpose="identity"),
        name=seals.seal("Testsson, Bänk"),
        address=seals.seal(json.dumps(address)),
        phone=seals.seal("+46701740605"),
    )
    status = Status(protected=False)
    rule = partial(
        register_patient, patient_ref=ref, number_key=key, person=person, status=status, by="bench"
    )
    refs: Any = PATIENTS.maybe(ref) & IDENTITIES.maybe(key)
    await repository.change(refs, rule, cause=Cause.of_job("bench-patient", ref))
    number = await repository.next_number("F", year=today.year)
    prescription = _prescription(number, ref, today)
    told = _told(prescription)

    def keep(_: Prescription | None) -> Decision[Prescription | None]:
        return prescription, [told]

    await repository.change(PRESCRIPTIONS.maybe(number), keep, cause=Cause.of_job("bench", number))
    return ref


def _prescription(number: str, patient_ref: str, today: date) -> Prescription:
    line = Line(f"{number}-1", GENERIC, "Demodryck (välj smak vid uttag)", True, None, 20, 30, 3)
    return Prescription(
        prescription_no=number,
        patient_ref=patient_ref,
        prescription_type="energy_nutrition",
        product_area="foods",
        care_unit="DEMO-101",
        prescriber="bench",
        prescriber_profession="dietitian",
        prescriber_employed_by_region=True,
        payer="region",
        registered_on=today,
        valid_through=valid_through(today),
        lines=(line,),
    )


def _told(prescription: Prescription) -> PrescriptionRegistered:
    line = prescription.lines[0]
    return PrescriptionRegistered(
        prescription_no=prescription.prescription_no,
        patient_ref=prescription.patient_ref,
        prescription_type=prescription.prescription_type,
        product_area=prescription.product_area,
        care_unit=prescription.care_unit,
        prescriber=prescription.prescriber,
        payer=prescription.payer,
        registered_on=prescription.registered_on,
        lines=(
            LinePrescribed(
                line_id=line.line_id,
                article_no=line.article_no,
                packages=line.packages,
                days=line.days,
                withdrawals=line.withdrawals,
                valid_through=prescription.valid_through,
            ),
        ),
    )


async def _draft(http: httpx.AsyncClient, tokens: Tokens, base: str, patient_ref: str) -> Draft:
    form = {
        "patient_ref": patient_ref,
        "items": [{"line_id": await _line_of(http, tokens, base, patient_ref), "split": _split()}],
        "delivery": {"notice": "sms"},
    }
    headers = await bearer(tokens, key=f"draft-{patient_ref}")
    answer = await http.post(f"{base}/withdrawals", json=form, headers=headers)
    answer.raise_for_status()
    return Draft(answer.json()["withdrawal_no"], patient_ref)


async def _line_of(http: httpx.AsyncClient, tokens: Tokens, base: str, patient_ref: str) -> str:
    """Wait until ordering knows the line and the person."""
    async with asyncio.timeout(HEARD_WITHIN_SECONDS):
        while True:
            answer = await http.get(f"{base}/allowances/{patient_ref}", headers=await bearer(tokens))
            if answer.is_success and answer.json()["lines"]:
                return str(answer.json()["lines"][0]["line_id"])
            await asyncio.sleep(0.1)


def _split() -> Sequence[dict[str, Any]]:
    return [
        {"article_no": each, "packages": packages}
        for each, packages in zip(FLAVOURS, (10, 5, 5), strict=True)
    ]


async def bearer(tokens: Tokens, *, key: str | None = None) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {await tokens.of('customer_service')}"}
    return {**headers, "Idempotency-Key": key} if key else headers
