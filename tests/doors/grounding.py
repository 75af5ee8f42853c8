"""Making generated requests meet what is really there: known numbers, roles, and bodies that are no JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from shared.auth.policy import whole_policy
from tests.doors.world import UNITS, World

WEAK = ("store_keeper", "physician", "patient", "operator")
BROKEN = (
    b"{", b"[", b"", b"null", b"\xff\xfe", b'{"a":1,}', b"{'a':1}", b"NaN", b"[" * 20_000, b'{"a":' * 20_000,
    b'{"patient_ref":"\\ud800"}', b'{"\\ud800":1}', b'{"a":1e99999}', b'{"a":' + b"9" * 5000 + b"}",
    b"true", b'"x"',
    b"{}{}", b"\x00", b'{"a":"\\u0000"}', b"[1]", b"\xef\xbb\xbf{}",
)  # fmt: skip
KINDS = (
    "application/json",
    "application/json; charset=utf-8",
    "text/plain",
    "application/xml",
    "",
    "x",
    "a/b;c=d",
)
LINKS: Mapping[tuple[str, str, str], dict[str, tuple[str, str]]] = {
    ("/withdrawals", "post", "201"): {
        name: (name, "$response.body#/withdrawal_no")
        for name in ("get_withdrawal", "send_withdrawal", "change_withdrawal", "annul_withdrawal")
    },
    ("/withdrawals/{withdrawal_no}", "get", "200"): {
        "send_withdrawal": ("send_withdrawal", "$response.body#/withdrawal_no"),
        "annul_withdrawal": ("annul_withdrawal", "$response.body#/withdrawal_no"),
    },
    ("/patients", "post", "201"): {
        name: (name, "$response.body#/patient_ref")
        for name in ("get_patient", "record_patient", "change_status", "get_patient_prescriptions")
    },
}
"""What follows from what, where the names alone do not tell it."""


def linked(document: dict[str, Any]) -> dict[str, Any]:
    """Write the links into a document's answers."""
    for (path, method, status), links in LINKS.items():
        answer = document["paths"].get(path, {}).get(method, {}).get("responses", {}).get(status)
        if answer is not None:
            parameter = "withdrawal_no" if path.startswith("/withdrawals") else "patient_ref"
            answer["links"] = {
                name: {"operationId": operation, "parameters": {f"path.{parameter}": value}}
                for name, (operation, value) in links.items()
            }
    return document


@dataclass
class Grounding:
    """Chooses by one random number per request, so that a seed says everything."""

    world: World
    service: str

    def known(self) -> dict[str, list[str]]:
        things = self.world.things
        prescriptions = [each.id for each in things if each.kind == "prescription"]
        return {
            "patient_ref": list(self.world.patients.values()),
            "prescription_no": prescriptions,
            "line_id": [f"{each}-1" for each in prescriptions],
            "withdrawal_no": [each.id for each in things if each.kind == "withdrawal"],
            "order_no": [each.id for each in things if each.kind == "order"],
            "event_id": [each.id for each in things if each.kind == "fee"],
            "article_no": [f"article-of-{unit}" for unit in UNITS],
            "care_unit": list(UNITS),
            "number": ["199007052393", "199307022393", "200607102399"],
        }

    def grounded(self, value: Any, chance: Random, known: dict[str, list[str]]) -> Any:
        """Put known numbers where generated ones stood, in three of five places."""
        if isinstance(value, dict):
            return {
                name: chance.choice(known[name])
                if known.get(name) and isinstance(each, str) and chance.random() < 0.6
                else self.grounded(each, chance, known)
                for name, each in value.items()
            }
        if isinstance(value, list):
            return [self.grounded(each, chance, known) for each in value]
        return value

    def somebody(self, action: str, chance: Random) -> dict[str, str]:
        """Sign in as one who may (seven of ten), as one who may not, as nobody, or with nonsense."""
        dice = chance.random()
        if dice > 0.95:
            return {}
        if dice > 0.9:
            return {"Authorization": chance.choice(["Bearer x.y.z", "Basic eA==", "Bearer", "x"])}
        # A webhook has no line in the table: its address is its permission.
        allowed = sorted(whole_policy()[action].roles) if action in whole_policy() else list(WEAK)
        roles = allowed if dice < 0.7 else list(WEAK)
        return self.token(chance.choice(roles), chance)

    def token(self, role: str, chance: Random) -> dict[str, str]:
        service = self.world.services[self.service]
        own: dict[str, Any] = {}
        if role == "patient":
            own = {"patient_ref": chance.choice(list(self.world.patients.values())), "care_units": []}
        if role == "prescriber":
            own = {"profession": "dietitian", "care_units": chance.choice([["DEMO-101"], list(UNITS)])}
        return service.token(role, sub=f"{role}-{chance.randrange(5)}", **own)
