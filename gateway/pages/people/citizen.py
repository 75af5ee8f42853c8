"""The start page of a patient and a guardian: what can be done for oneself and for each child (Q7)."""

import asyncio
from dataclasses import dataclass

from fastapi import Response

from gateway.services import Answer
from gateway.visit import Visit, part


@dataclass(frozen=True)
class Cared:
    """One whom the reader acts for, in the reader's own words."""

    ref: str
    is_own: bool
    name: str
    can_withdraw: bool
    on_the_way: list[str]
    trouble: Answer | None


async def citizen_start(visit: Visit) -> Response:
    """Ask for each person what may be withdrawn; a child from 13 is said to be served by telephone."""
    own = visit.me.get("patient_ref")
    refs = [*([own] if own else []), *sorted(visit.me.get("guardian_of", ()))]
    news, *people = await asyncio.gather(
        visit.get("notification", "/news"), *(cared(visit, each, is_own=each == own) for each in refs)
    )
    return visit.page("citizen.html", people=people, news=news)


async def cared(visit: Visit, ref: str, *, is_own: bool) -> Cared:
    allowance = await visit.get("ordering", f"/allowances/{part(ref)}")
    if not allowance.ok:
        return Cared(ref, is_own, "", can_withdraw=False, on_the_way=[], trouble=allowance)
    lines = allowance.body["lines"]
    return Cared(
        ref,
        is_own,
        name=(allowance.body["prefill"] or {}).get("name") or "",
        can_withdraw=any(each["allowed"] for each in lines),
        on_the_way=sorted({each["withdrawal_no"] for line in lines for each in line["on_the_way"]}),
        trouble=None,
    )
