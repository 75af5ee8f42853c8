"""Every step of a device order, the first one first: when, by whom, and what (S128)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.ordering.domain.devices.order import Act, DeviceOrder
from shared.domain.decision import Sentence

What = Literal[
    "sent", "requested", "refused", "picking", "despatched", "received", "handed_over", "handed_out",
    "not_fetched", "split", "annulment_asked", "annulment_too_late", "annulled", "agreement_signed",
    "mistake", "taken_back", "hand_over_refused", "not_taken_back",
]  # fmt: skip
STEPS: dict[What, Sentence] = {
    "sent": Sentence("beställd", "ordered"),
    "requested": Sentence("utlämning begärd", "hand-out asked for"),
    "refused": Sentence("kunde inte göras", "could not be made"),
    "picking": Sentence("plocklistan uttagen", "pick list taken"),
    "despatched": Sentence("skickad från lagret", "despatched"),
    "received": Sentence("mottagen på enheten", "received at the unit"),
    "handed_over": Sentence("utlämning registrerad", "hand-over registered"),
    "handed_out": Sentence("utlämnad till patienten", "handed out to the patient"),
    "not_fetched": Sentence("inte hämtad, tillbaka i förråd", "not fetched, in a storeroom again"),
    "split": Sentence("samleverans uppdelad", "joint delivery split"),
    "annulment_asked": Sentence("makulering begärd", "annulment asked for"),
    "annulment_too_late": Sentence("för sent att makulera", "too late to annul"),
    "annulled": Sentence("makulerad", "annulled"),
    "agreement_signed": Sentence("låneavtal registrerat", "loan agreement registered"),
    "mistake": Sentence("anmäld som misstag", "reported as a mistake"),
    "taken_back": Sentence("återtagen", "taken back"),
    "hand_over_refused": Sentence("utlämningen kunde inte registreras", "hand-over could not be registered"),
    "not_taken_back": Sentence("kunde inte tas tillbaka", "could not be taken back"),
}
"""What people call the steps."""


@dataclass(frozen=True)
class Step:
    """Something that happened to the order; None of what nobody has said."""

    what: What
    at: datetime | None = None
    by: str | None = None
    """The signed-in person; None: the warehouse or the unit's receipt, which inventory keeps."""
    reason: str | None = None
    parcel_no: str | None = None
    on: date | None = None
    """The true day, where it was registered later."""


def steps_of(order: DeviceOrder) -> tuple[Step, ...]:
    """List what happened, by time; what nobody said the time of comes last."""
    return tuple(sorted(_steps(order), key=lambda each: (each.at is None, each.at or order.sent_at)))


def _steps(order: DeviceOrder) -> Iterator[Step]:
    begun: What = "requested" if order.kind == "hand_out" else "sent"
    yield Step(begun, order.sent_at, order.placed_by)
    if order.refusal:
        yield Step("refused", reason=order.refusal.rule)
    if order.pick_list_no:
        yield Step("picking", order.picking_at)
    yield from _of_goods(order)
    yield from _of_acts(order)


def _of_goods(order: DeviceOrder) -> Iterator[Step]:
    for parcel in order.parcels:
        if parcel.despatched_at:
            yield Step("despatched", parcel.despatched_at, parcel_no=parcel.parcel_no)
        if parcel.received_at:
            yield Step("received", parcel.received_at, parcel_no=parcel.parcel_no)
    for each in order.hand_overs:
        made = Step("handed_over", each.registered_at, each.by, each.reason, on=each.handed_over_on)
        refused = each.refusal
        yield replace(made, what="hand_over_refused", reason=refused.rule) if refused else made
    for handed in order.handed_out:
        yield Step("handed_out", handed.handed_out_at, on=handed.handed_out_on)
    for ended in order.not_fetched:
        yield Step("not_fetched", ended.ended_at)


def _of_acts(order: DeviceOrder) -> Iterator[Step]:
    acts: tuple[tuple[What, Act | None], ...] = (
        ("split", order.split),
        ("annulment_asked", order.annulment),
        ("mistake", order.mistake),
    )
    yield from (Step(what, act.at, act.by, act.reason) for what, act in acts if act)
    if order.agreement:
        signed = order.agreement
        yield Step("agreement_signed", signed.at, signed.by, on=order.agreement_signed_on)
    if order.too_late:
        yield Step("annulment_too_late", order.too_late_at, reason=order.too_late)
    if order.released_at:
        yield Step("annulled", order.released_at)
    if order.mistake_refusal:
        yield Step("not_taken_back", reason=order.mistake_refusal.rule)
    if order.taken_back_at:
        yield Step("taken_back", order.taken_back_at)
