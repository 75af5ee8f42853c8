"""Plays of replies that are kept: again, too many, too long, astray, and of articles that cannot be had."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from services.ordering.domain.allowance import Allowance, note_annulled, note_expired, note_lines
from services.ordering.domain.dialogue.crowding import is_crowded, shortened
from services.ordering.domain.dialogue.effects import take_long_reply, take_reply
from services.ordering.domain.dialogue.replies import repeats
from services.ordering.domain.dialogue.silence import has_been_silent
from services.ordering.domain.dialogue.stray import keep_stray, stray_key
from services.ordering.domain.order import Order, Received
from services.ordering.domain.shortage import affected, follow_article, is_still_prescribed
from shared.distributors import NOBODY
from shared.domain.hashing import plain_hash
from shared.partners import DistributorReply
from tests.ordering.conversation import (
    ACK,
    DELIVERED,
    DESPATCHED,
    LATER,
    UNDELIVERABLE,
    answer,
    goods,
    left,
    rejected,
)
from tests.ordering.examples import (
    ALLOWANCE,
    BREAD,
    BREAD_LINE,
    DRINK,
    LINE,
    NOW,
    ORDER,
    PATIENT,
    SENT,
    STRAWBERRY,
    TODAY,
    USED,
)
from tests.ordering.whole import Play


def took(order: Order, *replies: DistributorReply, **said: Any) -> Any:
    """Let replies come to an order; give the order and what was told."""
    told: list[Any] = []
    for reply in replies:
        _, _, (order,), facts = take_reply(
            SENT, USED, (order,), reply=reply, body="sealed:b", at=LATER, **said
        )
        told += facts
    return order, told


def came_again() -> Play:
    five = left(goods(1, 5)).model_copy(update={"message_id": "five"})
    half, _ = took(ORDER, five)
    yield "half", half
    changes: dict[str, dict[str, Any]] = {
        "the same": {},
        "another part": {"message_id": "more"},
        "without an id": {"message_id": ""},
        "said later": {"at": LATER},
        "the id with other goods": {"lines": (goods(1, 4),)},
    }
    for name, change in changes.items():
        order, told = took(half, five.model_copy(update=change))
        yield name, [order.state, [each.despatched for each in order.lines]]
        yield f"{name}: kept", [f"{each.made_of} {each.why} {each.copies}" for each in order.replies]
        yield f"{name}: told", told
    named = five.model_copy(update={"packages": ("parcel-1",)})
    order, _ = took(ORDER, named, named.model_copy(update={"message_id": "more"}))
    yield "the same parcel", [f"{each.made_of} {each.why} {each.copies}" for each in order.replies]
    full, _ = took(half, five.model_copy(update={"message_id": "more"}))
    order, _ = took(full, five.model_copy(update={"message_id": "still more"}))
    yield "once more than there is", [f"{each.made_of} {each.why} {each.copies}" for each in order.replies]
    found = repeats(full, five)
    yield "which is repeated", found and found.message_id == full.replies[0].message_id


def keyed(text: str) -> str:
    """Stands for a hash with a key."""
    return f"keyed:{plain_hash(text)}"


def came_again_under_a_key() -> Play:
    """As it came, and as the versions before kept it: without a key."""
    later = left(goods(1, 2)).model_copy(update={"message_id": "despatched"})
    for before in (keyed, plain_hash):
        first, _ = took(ORDER, ACK, DESPATCHED, hashed=before)
        order, told = took(first, ACK, DESPATCHED, later, hashed=keyed)
        yield "again", [order.replies, told]
        crowded = replace(order, replies=(*order.replies, *(OTHER,) * 20))
        for reply in (ACK, later, UNDELIVERABLE):
            *_, (kept,), beside, told = take_long_reply(
                SENT, USED, (crowded,), None, reply=reply, body="b", whole="w", at=LATER, hashed=keyed
            )
            yield reply.type, (kept.replies[:3], kept.replies[23:], kept.has_more_replies, beside, told)
        stray = keep_stray(None, None, reply=ACK, sender="demo-a", body="b", at=LATER, hashed=before)
        yield "astray", (*stray, stray_key(ACK, "demo-a", before))


OTHER = Received("m", "k", NOW, NOW, "c", "sealed:b", "late")


def crowded() -> Play:
    full = replace(ORDER, state="delivered", replies=(OTHER,) * 20)
    yield "full or not", [is_crowded(replace(full, replies=(OTHER,) * many)) for many in (19, 20)]
    take = partial(
        take_long_reply, SENT, USED, (full,), None, reply=ACK, body="sealed:b", whole="sealed:b", at=LATER
    )
    *_, (order,), beside, told = take()
    yield "beside", (order.has_more_replies, len(order.replies), beside, list(told))
    *_, (order,), again, told = take_long_reply(
        SENT, USED, (order,), beside, reply=ACK, body="sealed:b", whole="sealed:b", at=LATER
    )
    yield "beside again", (order.has_more_replies, again, list(told))
    *_, (order,), known, told = take_long_reply(
        SENT, USED, (ORDER,), None, reply=UNDELIVERABLE, body="sealed:b", whole="sealed:whole", at=LATER
    )
    yield "cut", (order.replies, known, list(told))
    *_, (order,), known, told = take_long_reply(
        SENT, USED, (ORDER,), None, reply=ACK, body="sealed:b", whole="sealed:b", at=LATER, id_is_reused=True
    )
    yield "with an id that is used", (order.replies, known, list(told))
    long = answer(*(rejected(no) for no in range(1, 22))).model_copy(update={"message_id": "x" * 101})
    short = shortened(long) or {}
    yield "shortened", (len(short["lines"]), short["message_id"])
    yield "short enough", [shortened(ACK.model_copy(update={"message_id": "x" * many})) for many in (99, 100)]


def astray() -> Play:
    for name, (order, sender) in {
        "of nobody": (ORDER, NOBODY),
        "of another": (ORDER, "demo-b"),
        "for no order": (None, "demo-a"),
        "played again for no order": (None, None),
    }.items():
        kept, _, told = keep_stray(None, order, reply=ACK, sender=sender, body="sealed:b", at=LATER)
        yield name, (kept, list(told), stray_key(ACK, sender))
        yield (
            f"{name}, again",
            keep_stray(kept, order, reply=ACK, sender=sender, body="sealed:b", at=LATER)[::2],
        )
    strange = ACK.model_copy(update={"order_no": "19121212-1212"})
    yield "for what is no number", keep_stray(None, None, reply=strange, sender=None, body="sealed:b", at=NOW)


def silent() -> Play:
    for name, change in {
        "since then": {"quiet_from": NOW},
        "since later": {"quiet_from": LATER},
        "awaits nothing": {"quiet_from": None},
        "told already": {"quiet_from": LATER, "is_silent": True},
    }.items():
        yield name, has_been_silent(replace(ORDER, **change), before=NOW)  # type: ignore[arg-type]
    quiet = replace(ORDER, is_silent=True, unreached="annulment")
    for reply in (ACK, DESPATCHED, DELIVERED):
        order, told = took(quiet, reply)
        yield reply.type, [order.quiet_from, order.is_silent, order.unreached, told]


def cannot_be_had() -> Play:
    gone = replace(BREAD, version=2, status="discontinued")
    for name, (known, published, is_prescribed) in {
        "gone": (BREAD, gone, True),
        "gone, and not prescribed": (BREAD, gone, False),
        "gone already": (replace(gone, version=1), gone, True),
        "an older version": (replace(BREAD, version=3), gone, True),
        "never known": (None, gone, True),
        "there again": (replace(gone, version=1), replace(BREAD, version=2), False),
    }.items():
        newest, told = follow_article(known, published=published, is_prescribed=is_prescribed)
        yield name, [newest.version, list(told)]
    for name, allowance in {"new": ALLOWANCE, "used": USED}.items():
        for article in (DRINK, STRAWBERRY, BREAD):
            found = affected(allowance, article_no=article.article_no, on=TODAY)
            yield f"{name}: {article.name}", [each.line_id for each in found.lines] if found else "nobody"
            is_prescribed = is_still_prescribed(allowance, article.article_no, on=TODAY)
            yield f"{name}: {article.name} is prescribed", is_prescribed


def lines_come_and_go() -> Play:
    noted, _ = note_lines(None, patient_ref=PATIENT, lines=(LINE,))
    yield "new", noted
    more, _ = note_lines(noted, patient_ref=PATIENT, lines=(replace(LINE, packages=1), BREAD_LINE))
    yield "more", more
    for name, note in {"annulled": note_annulled, "expired": note_expired}.items():
        ended: Allowance | None = None
        for line_id in ("a", "b", "a"):
            ended, _ = note(ended, patient_ref=PATIENT, line_id=line_id)
        yield name, ended
    yield "again", note_lines(more, patient_ref=PATIENT, lines=(LINE,))[0] is more


REPLY_PLAYS: dict[str, Callable[[], Play]] = {
    each.__name__: each
    for each in (
        came_again,
        came_again_under_a_key,
        crowded,
        astray,
        silent,
        cannot_be_had,
        lines_come_and_go,
    )
}
