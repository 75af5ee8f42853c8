"""How much of some articles is free in some storerooms (Q39)."""

from collections.abc import Sequence

from services.inventory.domain.goods.balance import Balance, balance_id
from services.inventory.repository.collections import BALANCES
from shared.repository import Repository

MOST_BY_ID = 10
"""Balances of so many storerooms are read by their ids; of more, all balances of the articles are read."""


async def balances_of(
    repository: Repository, article_nos: Sequence[str], *, storerooms: Sequence[str]
) -> list[Balance]:
    """Give the balances that there are of these articles in these storerooms."""
    if not article_nos or not storerooms:
        return []
    if len(storerooms) <= MOST_BY_ID:
        ids = [balance_id(place, each) for place in storerooms for each in article_nos]
        return [each for each in await repository.get(BALANCES.maybe_many(ids)) if each]
    shown = frozenset(storerooms)
    found = await repository.whole(BALANCES, {"article_no": {"$in": list(article_nos)}})
    return [each for each in found if each.storeroom_no in shown]
