"""What a person chose to withdraw and how it shall be delivered: from the form, for ordering."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from gateway.web.forms import Form, whole_number

WAYS: Mapping[str, tuple[str, str]] = {
    "home_outside": ("home", "leave_outside"),
    "home_signature": ("home", "signature"),
    "pickup": ("pickup", "pickup"),
    "unit": ("unit", "signature"),
}
"""Ways of delivery as people choose them: the place, and the rule there (S36)."""
USUAL = "usual"
"""The notice that fits the patient and the rule: ordering chooses it."""
ADDRESS = ("line1", "line2", "co", "postal_code", "city")
NOTED = ("notice_to", "door_code", "instructions", "pickup_point")


@dataclass(frozen=True)
class Choice:
    """The form of a withdrawal. `packages` holds, for each line, how many of each article as typed."""

    ref: str
    key: str
    ticked: frozenset[str]
    packages: Mapping[str, Mapping[str, str]]
    way: str = "home_outside"
    notice: str = USUAL
    more: Mapping[str, str] = field(default_factory=dict)
    address: Mapping[str, str] = field(default_factory=dict)
    receiver: str = "patient"
    receiver_name: str = ""
    withdrawal_no: str = ""
    etag: str = ""

    @property
    def items(self) -> list[dict[str, Any]]:
        return [
            {"line_id": line_id, "split": split_of(self.packages.get(line_id, {}))}
            for line_id in sorted(self.ticked)
        ]

    @property
    def body(self) -> dict[str, Any]:
        kind, rule = WAYS.get(self.way, (self.way, None))
        receiver = {"kind": self.receiver, **({"name": self.receiver_name} if self.receiver_name else {})}
        notice = {} if self.notice == USUAL else {"notice": self.notice}
        delivery: dict[str, Any] = {"kind": kind, "rule": rule, "receiver": receiver, **notice}
        asked = {name: value for name, value in self.more.items() if value}
        delivery |= asked if notice else {name: each for name, each in asked.items() if name != "notice_to"}
        typed = {name: value for name, value in self.address.items() if value}
        if typed and kind != "pickup":
            delivery["address"] = {"line1": "", "postal_code": "", "city": "", **typed}
        return {"patient_ref": self.ref, "items": self.items, "delivery": delivery}

    def kept_as(self, withdrawal_no: str, *, etag: str, key: str) -> "Choice":
        """Go on with a draft that ordering has kept."""
        return replace(self, withdrawal_no=withdrawal_no, etag=etag, key=key)

    def count(self, line_id: str, article_no: str) -> str:
        return self.packages.get(line_id, {}).get(article_no, "")

    def total(self, line_id: str) -> int:
        """Sum what is shared out of a line so far; what is no number counts nothing."""
        typed = self.packages.get(line_id, {}).values()
        return sum(each for each in map(whole_number, typed) if isinstance(each, int))


def split_of(packages: Mapping[str, str]) -> list[dict[str, Any]]:
    read = {article_no: whole_number(typed) for article_no, typed in packages.items()}
    return [{"article_no": article_no, "packages": count} for article_no, count in read.items() if count]


def first_choice(ref: str, key: str, allowance: Mapping[str, Any]) -> Choice:
    """Tick each article that may be withdrawn, in its first line; what has no flavours is taken whole."""
    lines = [each for each in allowance["lines"] if each["allowed"]]
    packages = {
        each["line_id"]: {each["article_no"]: str(each["packages"])} for each in lines if not each["variants"]
    }
    prefill = allowance["prefill"] or {}
    phone = prefill.get("phone") or ""
    return Choice(
        ref,
        key,
        ticked=frozenset({each["article_no"]: each["line_id"] for each in reversed(lines)}.values()),
        packages=packages,
        notice=USUAL,
        more={"notice_to": phone},
    )


def as_begun(withdrawal: Mapping[str, Any], allowance: Mapping[str, Any], *, key: str, etag: str) -> Choice:
    """Fill the form in as the draft is; the home address is left out, as in a new one."""
    delivery = withdrawal["delivery"] or {}
    home = (allowance["prefill"] or {}).get("address")
    typed = delivery.get("kind") != "pickup" and delivery.get("address") != home
    address = delivery.get("address") if typed else None
    receiver = delivery.get("receiver") or "patient"
    ways = [way for way, how in WAYS.items() if how == (delivery.get("kind"), delivery.get("rule"))]
    point = delivery.get("pickup_point")
    return Choice(
        withdrawal["patient_ref"],
        key,
        ticked=frozenset(each["line_id"] for each in withdrawal["items"]),
        packages={
            each["line_id"]: {share["article_no"]: str(share["packages"]) for share in each["split"]}
            for each in withdrawal["items"]
        },
        way=ways[0] if ways else "home_outside",
        notice=delivery.get("notice") or "none",
        more={
            "pickup_point": point["point_id"] if isinstance(point, dict) else point or "",
            **{name: delivery.get(name) or "" for name in ("notice_to", "door_code", "instructions")},
        },
        address={name: (address or {}).get(name) or "" for name in ADDRESS},
        receiver=receiver,
        receiver_name="" if receiver == "patient" else delivery.get("recipient") or "",
        withdrawal_no=withdrawal["withdrawal_no"],
        etag=etag,
    )


def changing(begun: Mapping[str, Any], choice: Choice) -> dict[str, Any]:
    """Give the change of a draft: what the page does not show stays as it was begun."""
    delivery = begun["delivery"] or {}
    same = {name: delivery[name] for name in ("together", "language", "keep_address") if delivery.get(name)}
    takes_other = {each["line_id"]: each["substitution_allowed"] for each in begun["items"]}
    items = [
        each | {"substitution_allowed": takes_other.get(each["line_id"], False)} for each in choice.items
    ]
    passed = [{"article_no": each["article_no"], "reason": each["reason"]} for each in begun["overrides"]]
    whole = {"items": items, "delivery": same | choice.body["delivery"], "overrides": passed}
    return whole | {"asked_by": begun["asked_by"]}


def same_as_last(choice: Choice, allowance: Mapping[str, Any]) -> Choice:
    """Share out each ticked line as it was the last time (S47)."""
    last = {
        each["line_id"]: {share["article_no"]: str(share["packages"]) for share in each["last_choice"]}
        for each in allowance["lines"]
        if each["last_choice"]
    }
    return replace(choice, packages={**choice.packages, **last})


def choice_in(ref: str, form: Form) -> Choice:
    packages: dict[str, dict[str, str]] = {}
    for name, value in form.starting("packages:"):
        line_id, _, article_no = name.partition(":")
        packages.setdefault(line_id, {})[article_no] = value
    way, notice = form.text("way", "home_outside"), form.text("notice", USUAL)
    more = {name: form.text(name) for name in NOTED}
    if way != "pickup":
        more["pickup_point"] = ""
    if notice not in ("sms", "email", "phone"):
        more["notice_to"] = ""
    if not way.startswith("home"):
        more |= {"door_code": ""}
    return Choice(
        ref=ref,
        key=form.text("key") or uuid4().hex,
        ticked=frozenset(form.all("line")),
        packages=packages,
        way=way,
        notice=notice,
        more=more,
        address={name: form.text(f"address_{name}") for name in ADDRESS},
        receiver=form.text("receiver", "patient"),
        receiver_name=form.text("receiver_name"),
        withdrawal_no=form.text("withdrawal_no"),
        etag=form.text("etag"),
    )
