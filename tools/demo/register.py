"""The demo population register: JSON files in the form of GetPersonsForProfile v5, asked over HTTP.

One file per test person in tools/demo/population/, named as the person's key; `personRecord` holds the
fields that are read. POST /persons/lookup {"personalIdentity": {"root", "extension"}} answers
{"personRecord": ...}, null when nobody has the number. What was answered is noted in register.jsonl, never
for whom.
Modes, in register.control.json as {"mode": ...}:
normal, down (answers 503), slow (answers after delay_seconds), garbled (answers what nobody understands).
Switches for one person, PUT /persons/{key}/switch {"to": ...}: as-filed, protected, flags-missing, deceased,
no-fixed-address, other-region, moved (with "number": the new one), gone.
"""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict

from shared.domain.person_id import OIDS
from shared.service.server import answer
from tools.demo.control import Control
from tools.demo.journal import Journal
from tools.demo.settings import DemoSettings
from tools.demo.test_numbers import demand_test_number

NAME = "register"
FOLDER = Path(__file__).with_name("population")
ANOTHER_COUNTY = "07"

To = Literal[
    "as-filed", "protected", "flags-missing", "deceased", "no-fixed-address", "other-region", "moved", "gone"
]
Person = dict[str, Any]
SAID: dict[str, Person] = {
    "as-filed": {},
    "protected": {"protectedPersonIndicator": True},
    "flags-missing": {"protectedPersonIndicator": None, "protectedPopulationRecord": None},
    "deceased": {"deregistration": {"deregistrationReasonCode": "AV"}},
    "no-fixed-address": {"addressInformation": None},
    "other-region": {"countyCode": ANOTHER_COUNTY},
}


class Identity(BaseModel):
    """A number with its type's root."""

    root: str
    extension: str


class Question(BaseModel):
    """Whom a service asks for."""

    personalIdentity: Identity  # noqa: N815  the register's own field name


class Switch(BaseModel):
    """What shall be said of a person from now on."""

    model_config = ConfigDict(extra="forbid")

    to: To
    number: str | None = None


class People:
    """The filed persons, with what was switched since; the switches outlive a restart."""

    def __init__(self, folder: Path, switches: Path) -> None:
        self.filed = {file.stem: filed_person(file) for file in sorted(folder.glob("*.json"))}
        self._switches = switches

    def find(self, root: str, number: str) -> Person | None:
        for key, person in self.filed.items():
            if person["personalIdentity"] == {"root": root, "extension": number}:
                return switched(person, self._switched().get(key))
        return None

    def switch(self, key: str, switch: Switch) -> None:
        told = self._switched() | {key: switch.model_dump()}
        self._switches.parent.mkdir(parents=True, exist_ok=True)
        self._switches.write_text(json.dumps(told))

    def _switched(self) -> dict[str, Person]:
        return dict(json.loads(self._switches.read_text())) if self._switches.exists() else {}


def filed_person(file: Path) -> Person:
    """Read a person; raises NotATestPerson for a number that is not on the official list."""
    person: Person = json.loads(file.read_text())["personRecord"]
    demand_test_number(person["personalIdentity"]["extension"])
    return person


def switched(person: Person, switch: Person | None) -> Person | None:
    """Say of a person what the switch says."""
    if switch is None:
        return person
    if switch["to"] == "moved":
        return {**person, "primaryIdentity": identity(switch["number"])}
    return None if switch["to"] == "gone" else {**person, **SAID[switch["to"]]}


def identity(number: str) -> Person:
    """Name a number with its root: a day above 60 is a coordination number's."""
    coordination = int(number[6:8]) > 31  # noqa: PLR2004  no month has more days
    root = OIDS["samordningsnummer" if coordination else "personnummer"]
    return {"root": root, "extension": number}


def create_app(folder: Path = FOLDER) -> FastAPI:
    settings = DemoSettings()
    control = Control(NAME, settings)
    journal = Journal(settings.peer_log_dir / f"{NAME}.jsonl")
    people = People(folder, settings.peer_log_dir / f"{NAME}.switches.json")
    app = FastAPI(title="Demo population register", docs_url=None, redoc_url=None)

    @app.get("/live")
    @app.get("/ready")
    async def get_state() -> dict[str, str]:
        return {"status": "ready"}

    @app.post("/persons/lookup")
    async def lookup_person(question: Question) -> dict[str, Any]:
        behaviour = control.now()
        if behaviour.mode == "slow":
            await asyncio.sleep(behaviour.delay_seconds)
        asked = question.personalIdentity
        person = people.find(asked.root, asked.extension)
        journal.add({"mode": behaviour.mode, "found": person is not None})
        if behaviour.mode == "down":
            raise HTTPException(503, "the demo register is out of order")
        return {"garbled": True} if behaviour.mode == "garbled" else {"personRecord": person}

    @app.put("/persons/{key}/switch", status_code=204)
    async def switch_person(key: str, switch: Switch) -> None:
        if key not in people.filed:
            raise HTTPException(404, f"no such person; there are: {', '.join(people.filed)}")
        people.switch(key, switch)

    return app


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    where = urlsplit(DemoSettings().register_url or "")
    print(f"{NAME}: answers on port {where.port}", flush=True)
    answer(create_app(), host=where.hostname or "127.0.0.1", port=where.port or 8107)


if __name__ == "__main__":
    main()
