"""Route that opens a patient from a record system by a signed context, valid for minutes and once (S28)."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import Response
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import StringConstraints

from services.prescription.api.own.work import OwnWork
from services.prescription.api.patients.patients import found_by_number
from services.prescription.application.residents import Residents
from services.prescription.domain.patients.launching import Launch, LaunchRefused, use_launch
from services.prescription.domain.patients.patients import demand_served
from services.prescription.repository.collections import LAUNCHES, PATIENTS, to_be
from services.prescription.repository.prescriptions import Prescribing
from shared.auth.compact import InvalidToken, read
from shared.clock import Clock
from shared.domain.person_id import PersonId, parse
from shared.fields import Code
from shared.http import AskedByNumber, Request, Router, View

ALGORITHMS = ["ES256", "Ed25519"]
AUDIENCE = "oppna-sesam-launch"
TYPE = "launch+jwt"
LONGEST_LIFE_SECONDS = 300
LEEWAY_SECONDS = 5


class LaunchForm(Request):
    """The context token, as the record system posted it through the user's browser."""

    context: Annotated[Code, StringConstraints(max_length=4096)]


class Launched(View):
    """Whose view to open."""

    patient_ref: str

    @classmethod
    def of(cls, launch: Launch) -> "Launched":
        return cls(patient_ref=launch.patient_ref)


class RecordSystems:
    """The record systems that we trust, each with its own public keys; without a file there are none."""

    def __init__(self, keys_file: Path | None, clock: Clock) -> None:
        known = json.loads(keys_file.read_text()) if keys_file else {}
        self._keys = {system: KeySet.import_key_set(keys) for system, keys in known.items()}
        self._clock = clock

    def read(self, context: str, *, user: str) -> dict[str, Any]:
        """Give what a system says, when it says it of this user, to us and now; raises LaunchRefused."""
        try:
            said = read(context)
            keys = self._keys[str(said.claims.get("iss"))]
            jwt.decode(context, keys, algorithms=ALGORITHMS)
        except (InvalidToken, KeyError, JoseError, ValueError, TypeError) as broken:
            raise LaunchRefused from broken
        claims = said.claims
        texts = all(isinstance(claims.get(name), str) and claims[name] for name in ("jti", "sub", "number"))
        ours = (said.type, claims.get("aud"), claims.get("sub")) == (TYPE, AUDIENCE, user)
        if not (texts and ours and self._in_time(claims)):
            raise LaunchRefused
        return claims

    def _in_time(self, claims: dict[str, Any]) -> bool:
        issued, expires = claims.get("iat"), claims.get("exp")
        if type(issued) is not int or type(expires) is not int:
            return False
        now = self._clock.now().timestamp()
        lives = 0 < expires - issued <= LONGEST_LIFE_SECONDS
        return lives and issued <= now + LEEWAY_SECONDS and now < expires + LEEWAY_SECONDS


def routes(
    systems: RecordSystems, prescribing: Prescribing, residents: Residents, own_work: OwnWork, clock: Clock
) -> Router:
    router = Router("prescription", prefix="/launch", tags=["patients"])
    repository = prescribing.repository

    @router.post("", response_model=Launched, status_code=201)
    async def launch_patient(form: LaunchForm, asked: AskedByNumber) -> Response:
        claims, now = systems.read(form.context, user=asked.actor.sub), clock.now()
        patient_ref = await found_by_number(number_in(claims, clock), residents, asked)
        await repository.show(PATIENTS.ref(patient_ref), asked=asked, demand=demand_served)
        await own_work.note_number(asked.actor, patient_ref, at=now)
        launch = Launch(patient_ref, str(claims["iss"]), asked.actor.sub, now)
        used = to_be(LAUNCHES, f"{claims['iss']}|{claims['jti']}")
        rule = partial(use_launch, launch=launch)
        answer = await repository.change(used, rule, cause=asked.cause, reply=Launched.of)
        return asked.answered(answer, 201)

    return router


def number_in(claims: dict[str, Any], clock: Clock) -> PersonId:
    return parse(claims["number"], clock.today())
