"""Routes about the signed-in person: identity, roles, units and areas (S52, S73, S76)."""

from services.prescription.api.own.functions import opened_to
from services.prescription.application.prescribers import Prescribers
from shared.auth.actor import Actor
from shared.http import Ask, Router, View


class Myself(View):
    """What the sign-in says of a person; where one may prescribe is at /me/prescribing."""

    name: str
    sub: str
    roles: list[str]
    profession: str | None
    care_units: list[str]
    product_areas: list[str]
    employed_by_region: bool
    patient_ref: str | None
    guardian_of: list[str]
    may: list[str]
    """Every action in every service that the person's roles open."""

    @classmethod
    def of(cls, actor: Actor, may: list[str]) -> "Myself":
        return cls(
            name=actor.name,
            sub=actor.sub,
            roles=sorted(actor.roles),
            profession=actor.profession,
            care_units=sorted(actor.care_units),
            product_areas=sorted(actor.product_areas),
            employed_by_region=actor.employed_by_region,
            patient_ref=actor.patient_ref,
            guardian_of=sorted(actor.guardian_of),
            may=may,
        )


def routes(prescribers: Prescribers) -> Router:
    router = Router("prescription", prefix="/me", tags=["me"])

    @router.get("")
    async def get_myself(ask: Ask) -> Myself:
        """Tell a person about oneself; a prescriber's places are learned from the token (Q42)."""
        await prescribers.learn(ask.actor)
        return Myself.of(ask.actor, opened_to(ask.actor))

    return router
