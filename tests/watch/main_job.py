"""The main job as staff do it over the doors, from the patient's number to a sent withdrawal."""

from typing import Any, Protocol

import httpx

from tests.watch.canaries import Canary

ARTICLE = "900001"
Body = dict[str, Any]


class Doors(Protocol):
    """Five services, wherever they run."""

    async def ask(
        self, role: str, service: str, path: str, body: Body | None = None, *, method: str = "POST"
    ) -> httpx.Response: ...

    async def settle(self) -> None:
        """Let what was told be heard."""


async def well(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.request.url.path}: {answer.status_code} {answer.text}"
    return answer.json()


async def register(doors: Doors, canary: Canary) -> str:
    found = await doors.ask("customer_service", "prescription", "/patients", dict(canary.form))
    return str((await well(found))["patient_ref"])


async def prescribe(doors: Doors, patient_ref: str) -> str:
    """Prescribe the first flavour of the demo's drink; give the line."""
    line = {"article_no": ARTICLE, "packages": 2, "days": 30, "withdrawals": 3}
    form = {
        "patient_ref": patient_ref,
        "prescription_type": "energy_nutrition",
        "care_unit": "DEMO-101",
        "lines": [line],
    }
    answer = await doors.ask("dietitian", "prescription", "/prescriptions", form)
    return str((await well(answer))["lines"][0]["line_id"])


async def withdraw(doors: Doors, patient_ref: str, line_id: str, canary: Canary) -> Body:
    """Draft and send, with every field of a delivery that names somebody; give the confirmation."""
    article = await well(
        await doors.ask("customer_service", "inventory", f"/articles/{ARTICLE}", method="GET")
    )
    split = [{"article_no": article["variants"][0]["article_no"], "packages": 2}]
    delivery = {
        "kind": "home",
        "rule": "leave_outside",
        "receiver": {"kind": "other", "name": canary.name},
        "address": {"line1": canary.street, "postal_code": "21120", "city": "MALMÖ"},
        "door_code": canary.door_code,
        "instructions": canary.instructions,
        "notice": "sms",
        "notice_to": canary.phone,
    }
    form = {
        "patient_ref": patient_ref, "items": [{"line_id": line_id, "split": split}], "delivery": delivery,
    }  # fmt: skip
    drafted = await well(await doors.ask("customer_service", "ordering", "/withdrawals", form))
    path = f"/withdrawals/{drafted['withdrawal_no']}/send"
    return dict(await well(await doors.ask("customer_service", "ordering", path)))


async def look_around(doors: Doors, patient_ref: str, confirmation: Body, canary: Canary) -> None:
    """Read what staff read, and make the mistakes that staff make."""
    await doors.ask("dietitian", "prescription", "/patients/find", {"number": canary.number})
    await doors.ask("customer_service", "prescription", f"/patients/{patient_ref}", method="GET")
    await doors.ask(
        "customer_service", "ordering", f"/withdrawals/{confirmation['withdrawal_no']}", method="GET"
    )
    await doors.ask("customer_service", "billing", "/fees/search", {"patient_ref": patient_ref})
    await doors.ask("customer_service", "notification", "/messages/search", {"patient_ref": patient_ref})
    await doors.ask("customer_service", "prescription", f"/patients/{patient_ref}/access-log", {})


def mistakes(canary: Canary) -> list[tuple[str, str, Body]]:
    """Requests that are refused, with the person's words in fields that cannot be read."""
    wrong = {"line1": canary.street, "postal_code": canary.name, "city": canary.door_code}
    return [
        ("prescription", "/patients", {**canary.form, "phone": canary.name}),
        ("prescription", "/patients", {**canary.form, "address": wrong}),
        ("prescription", "/patients", {**canary.form, "born": canary.name, "language": canary.street}),
        ("prescription", "/patients", {**canary.form}),
        ("prescription", "/patients/find", {"number": canary.name}),
        ("prescription", "/patients/find", {"number": canary.number, "number_type": canary.name}),
        ("prescription", "/prescriptions/preview", {"patient_ref": canary.number, "lines": canary.street}),
        ("ordering", "/withdrawals", {"patient_ref": canary.number, "items": [], "delivery": wrong}),
        (
            "ordering",
            "/withdrawals",
            {"patient_ref": "x", "items": [], "delivery": {"notice_to": canary.phone}},
        ),
        ("billing", "/fees/search", {"patient_ref": {"name": canary.name}}),
        ("notification", "/messages/search", {"patient_ref": [canary.phone]}),
        ("inventory", "/articles/search", {"text": canary.name, "prescription_type": canary.street}),
    ]
