"""The oracle sees when one reply about an order overtook another."""

from dataclasses import replace

from tests.chaos.sound import ORDER, with_state
from tools.chaos.judging.evidence import Evidence, Row
from tools.chaos.judging.invariants import i31_replies_about_an_order_take_effect_in_the_order_they_were_sent

STEPS = ("ack", "response", "despatched", "delivered")


def answered(key: str, number: int, step: str, copy: str = "") -> Row:
    body = {"message_id": f"B1/{step}{copy}"}
    return {"what": "answered", "key": key, "number": number, "step": step, "body": body}


def heard(*message_ids: str, copies: bool = False) -> Evidence:
    evidence = with_state("ordering", "orders", ORDER, replies=[{"message_id": each} for each in message_ids])
    booked = [answered("B1", number, step) for number, step in enumerate(STEPS, start=1)]
    if copies:
        booked += [answered("B1/c", number, step, "/c") for number, step in enumerate(STEPS, start=1)]
    return replace(evidence, orders_booked=booked)


def found(evidence: Evidence) -> list[str]:
    return list(i31_replies_about_an_order_take_effect_in_the_order_they_were_sent(evidence))


def test_a_reply_that_overtook_another_is_found() -> None:
    assert found(heard("B1/ack", "B1/response", "B1/delivered", "B1/despatched")) == ["B1: [1, 2, 4, 3]"]


def test_replies_in_their_order_are_sound_though_some_are_missing_or_of_others() -> None:
    assert found(heard("B1/ack", "by hand", "B1/despatched", "B1/delivered")) == []


def test_the_answers_to_a_copy_are_another_conversation() -> None:
    assert found(heard("B1/ack", "B1/response", "B1/ack/c", "B1/delivered", copies=True)) == []
