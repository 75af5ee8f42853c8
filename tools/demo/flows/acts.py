"""What people do in the flows, each as a step of the timeline: find, prescribe, withdraw, send."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.patients import demo_patient

CLERK = "customer_service"
PEOPLE_SAY = {
    "dietitian": "the dietitian",
    "physician": "the physician",
    CLERK: "customer service",
    "customer_service_2": "another clerk",
    "dietitian_elsewhere": "the dietitian of another unit",
    "nurse": "the nurse",
    "order_placer": "the order placer",
    "patient": "the patient",
    "guardian": "the guardian",
}


@dataclass(frozen=True)
class Prescribed:
    """What is prescribed: one article, so many packages per withdrawal."""

    patient_ref: str
    article: Body
    packages: int
    days: int
    withdrawals: int
    care_unit: str = "DEMO-101"

    @property
    def article_no(self) -> str:
        return str(self.article["article_no"])

    @property
    def form(self) -> Body:
        line = {
            "article_no": self.article_no,
            "packages": self.packages,
            "days": self.days,
            "withdrawals": self.withdrawals,
        }
        return {
            "patient_ref": self.patient_ref,
            "prescription_type": self.article["prescription_type"],
            "care_unit": self.care_unit,
            "lines": [line],
        }


@dataclass(frozen=True)
class Line:
    """A prescribed line, for the next steps of a flow."""

    patient_ref: str
    line_id: str
    article: Body
    packages: int
    splits: list[Body] = field(default_factory=list)

    def split(self, *packages: int) -> "Line":
        """Split the packages over the flavours, in the catalogue's order."""
        flavours = [each["article_no"] for each in self.article["variants"]]
        return self._chosen(dict(zip(flavours, packages, strict=False)))

    def split_by_name(self, packages: Mapping[str, int]) -> "Line":
        """Split the packages over named flavours."""
        numbers = {each["variant_name"]: each["article_no"] for each in self.article["variants"]}
        return self._chosen({numbers[name]: count for name, count in packages.items()})

    def whole(self) -> "Line":
        """Take all packages of an article that has no flavours."""
        return self._chosen({self.article["article_no"]: self.packages})

    def _chosen(self, packages: Mapping[str, int]) -> "Line":
        splits = [{"article_no": number, "packages": count} for number, count in packages.items()]
        return replace(self, splits=splits)


async def find_patient(stage: Stage, key: str, *, by: str) -> str:
    """Find one of the demo's patients by the full number; give the reference."""
    patient = demo_patient(key)
    with stage.timeline.step(f"{PEOPLE_SAY[by]} finds the patient, {patient.says}"):
        found = await stage.ask(by, Call("prescription", "/patients/find", {"number": patient.number}))
    return str(found["patient_ref"])


async def find_article(stage: Stage, text: str, prescription_type: str, *, by: str) -> Body:
    """Find an active article by words of its name under a type, with its flavours."""
    form = {"text": text, "prescription_type": prescription_type}
    with stage.timeline.step(f"{PEOPLE_SAY[by]} searches for an article: {text!r}") as step:
        found = await stage.ask(by, Call("inventory", "/articles/search", form))
        active = [each for each in found["articles"] if each["status"] == "active"]
        demand(
            bool(active), f"no article for {text!r}", look_at="tools/demo/catalogue.csv and inventory's log"
        )
        chosen = next((each for each in active if each["is_generic"]), active[0])
        article = await stage.ask(by, Call("inventory", f"/articles/{chosen['article_no']}", method="GET"))
        step.note(f"{article['article_no']} {article['name']}, hits: {found['hits']}")
    return dict(article)


async def prescribe(stage: Stage, wanted: Prescribed, *, by: str) -> Body:
    """Save a prescription of one line."""
    says = f"{wanted.packages} packages x {wanted.withdrawals} withdrawals"
    with stage.timeline.step(f"{PEOPLE_SAY[by]} prescribes {says}") as step:
        saved = await stage.ask(by, Call("prescription", "/prescriptions", wanted.form))
        step.note(saved["prescription_no"])
    return dict(saved)


async def prescribed_line(stage: Stage, wanted: Prescribed, *, by: str) -> Line:
    """Prescribe, and wait until the line can be withdrawn: nothing of an earlier run is on its way."""
    saved = await prescribe(stage, wanted, by=by)
    line_id = saved["lines"][0]["line_id"]
    line = Line(wanted.patient_ref, line_id, wanted.article, wanted.packages)

    async def known() -> Body | None:
        answer = await stage.answer(
            CLERK, Call("ordering", f"/allowances/{wanted.patient_ref}", method="GET")
        )
        shown: Body = answer.json() if answer.is_success else {"allowed": False}
        lines: list[Body] = shown["lines"] if shown["allowed"] else []
        return next((dict(each) for each in lines if each["line_id"] == line_id and withdrawable(each)), None)

    look_at = (
        f"GET ordering /allowances/{wanted.patient_ref}: what stands against the line, what is on its way"
    )
    await stage.eventually("ordering has heard of the line", known, look_at=look_at)
    return line


def withdrawable(line: Body) -> bool:
    return bool(line["allowed"] and line["article_name"])


HOME = {"kind": "home", "rule": "leave_outside", "notice": "sms"}


def withdrawal_form(*lines: Line, delivery: Body | None = None) -> Body:
    """Fill in a withdrawal of one patient's lines, delivered home and notified by SMS unless it is said."""
    return {
        "patient_ref": lines[0].patient_ref,
        "items": [{"line_id": line.line_id, "split": line.splits} for line in lines],
        "delivery": delivery or HOME,
    }


async def draft(
    stage: Stage,
    *lines: Line,
    by: str,
    says: str = "makes a withdrawal",
    delivery: Body | None = None,
    more: Body | None = None,
) -> str:
    """Begin a withdrawal; give its number."""
    packages = [each for line in lines for each in packages_of(line)]
    form = withdrawal_form(*lines, delivery=delivery) | (more or {})
    with stage.timeline.step(f"{PEOPLE_SAY[by]} {says}: {' + '.join(packages)}") as step:
        made = await stage.ask(by, Call("ordering", "/withdrawals", form))
        step.note(made["withdrawal_no"])
    return str(made["withdrawal_no"])


async def send(stage: Stage, withdrawal_no: str, *, by: str) -> Body:
    """Send a draft; give the confirmation with its fees and the rule that set each."""
    with stage.timeline.step(f"{PEOPLE_SAY[by]} sends the withdrawal") as step:
        confirmation = await stage.ask(by, Call("ordering", f"/withdrawals/{withdrawal_no}/send"))
        for fee in confirmation["fees"]:
            step.note(f"fee {fee['amount']} kr by the rule {fee['reason']!r}")
        step.note(f"order {', '.join(confirmation['order_nos'])}")
    return dict(confirmation)


def packages_of(line: Line) -> list[str]:
    return [str(each["packages"]) for each in line.splits]
