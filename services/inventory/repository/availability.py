"""How much of some articles is free in some storerooms (Q39)."""

import asyncio
from collections.abc import Mapping, Sequence

from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.offering import Free
from services.inventory.domain.places import Storeroom, StoreroomKind
from services.inventory.repository.collections import BALANCES
from shared.repository import Repository


async def balances_of(
    repository: Repository, article_nos: Sequence[str], *, storerooms: Sequence[str]
) -> list[Balance]:
    """Give the balances that there are of these articles in these storerooms."""
    if not article_nos or not storerooms:
        return []
    where = {"storeroom_no": {"$in": list(storerooms)}, "article_no": {"$in": list(article_nos)}}
    return await repository.whole(BALANCES, where)  # by name they would be ten times as many ids as there are


async def free_of(
    repository: Repository, article_nos: Sequence[str], places: Sequence[Storeroom]
) -> Mapping[str, Free]:
    """Give what is free of each article in own storerooms and in warehouses; the database adds it up."""
    own, central = await asyncio.gather(
        *(_sums(repository, article_nos, places, kind) for kind in ("storeroom", "warehouse"))
    )
    return {each: Free(own.get(each, 0), central.get(each, 0)) for each in article_nos}


async def _sums(
    repository: Repository, article_nos: Sequence[str], places: Sequence[Storeroom], kind: StoreroomKind
) -> Mapping[str, int]:
    among = [each.storeroom_no for each in places if each.kind == kind]
    if not article_nos or not among:
        return {}
    where = {"article_no": {"$in": list(article_nos)}, "storeroom_no": {"$in": among}}
    return await repository.backend.sums(
        BALANCES, "article_no", where=where, plus="lots.on_hand", minus="reserved"
    )
