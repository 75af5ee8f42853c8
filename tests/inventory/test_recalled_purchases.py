"""What a purchase brings of recalled goods lies in quarantine, whole or damaged, and is counted (Q60, N4)."""

from tests.inventory.purchased import NO, asked, balance, done, received, sent, shown
from tests.inventory.test_purchases import service as service  # noqa: PLC0414  the fixture
from tests.support import InMemory

RECALL = {"article_no": NO, "reason": "Bandet kan lossna", "notify_patients": False}


async def test_a_delivery_of_a_recalled_lot_lies_apart_and_the_purchase_counts_it(service: InMemory) -> None:
    order_no = await sent(service)
    begun = await asked(service, "/recalls", RECALL | {"lot": "L0"})

    whole = await received(service, order_no, 5, lot="l0")
    damaged = {"kind": "damaged", "article_no": NO, "quantity": 4, "lot": "L0", "reason": "Våt kartong"}
    await done(service, f"/purchases/{order_no}/deviations", {"deviations": [damaged]})
    fit = await received(service, order_no, 11, lot="L9")

    assert [each.status_code for each in (begun, whole, fit)] == [201, 200, 200], whole.text
    kept = await balance(service)
    assert (kept.on_hand, kept.available, kept.quarantined) == (11, 11, 19)
    assert (await shown(service, order_no))["state"] == "received"


async def test_goods_of_two_recalls_are_free_when_both_are_withdrawn(service: InMemory) -> None:
    numbers = [
        (await asked(service, "/recalls", RECALL | which)).json()["recall_no"]
        for which in ({}, {"lot": "L0"})
    ]
    to_shelf = {"article_no": NO, "lot": "L0", "quantity": 4, "destination": "shelf",
                "from_quarantine": True, "reason": "Kontrollerade"}  # fmt: skip
    end = {"outcome": "withdrawn", "reason": "Gällde en annan artikel"}

    answers = []
    for each in numbers:
        await asked(service, f"/recalls/{each}/end", end)
        answers.append(await asked(service, "/storerooms/DEMO-W1/set-apart", to_shelf))

    assert [each.status_code for each in answers] == [422, 200], answers[1].text
    assert answers[0].json()["rule"] == "lot-recalled"
    kept = await balance(service)
    assert (kept.on_hand, kept.available, kept.quarantined) == (4, 4, 6)
