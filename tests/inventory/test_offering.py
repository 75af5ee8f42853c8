"""Why a device cannot be ordered, in words, and what there is instead (S162, S167, Q50)."""

from dataclasses import replace
from typing import Any

import pytest

from services.inventory.domain.article import Article
from services.inventory.domain.offering import (
    EARLIER,
    NOT_HERE,
    ONLY_STOREROOM,
    OUTSIDE,
    Free,
    why_not_ordered,
)
from services.inventory.domain.replacements import last_replacement
from shared.domain.decision import Sentence
from tests.inventory.devices import CPAP
from tests.inventory.foods import CHOCOLATE

NOTHING, IN_STOREROOM, IN_WAREHOUSE = Free(), Free(in_storerooms=1), Free(in_warehouses=1)
GOING = replace(CPAP, status="outgoing", replaced_by="910002")
NEXT = replace(CPAP, article_no="910002", name="Nattluft Ny")


def device(**changes: Any) -> Article:
    assert CPAP.device
    return replace(CPAP, device=CPAP.device.model_copy(update=changes))


@pytest.mark.parametrize(
    ("article", "free", "why"),
    [
        (CPAP, NOTHING, None),
        (device(assortment="other"), NOTHING, None),
        (device(assortment="none"), IN_WAREHOUSE, OUTSIDE),
        (CHOCOLATE, NOTHING, OUTSIDE),
        (device(assortment="earlier", sources=("storeroom",)), IN_STOREROOM, None),
        (device(assortment="earlier"), IN_WAREHOUSE, EARLIER),
        (device(sources=("storeroom",)), NOTHING, ONLY_STOREROOM),
        (device(sources=("storeroom",)), IN_STOREROOM, None),
        (device(sources=("supplier",)), IN_WAREHOUSE, NOT_HERE),
        (GOING, IN_STOREROOM, None),
        (GOING, IN_WAREHOUSE, None),
        (replace(GOING, status="discontinued"), IN_WAREHOUSE, None),
    ],
)
def test_what_may_be_ordered_depends_on_assortment_status_source_and_what_is_left(
    article: Article, free: Free, why: Sentence | None
) -> None:
    assert why_not_ordered(article, free, instead=None) == why


def test_an_article_that_is_gone_names_what_there_is_instead() -> None:
    why = why_not_ordered(GOING, NOTHING, instead=NEXT)
    alone = why_not_ordered(GOING, NOTHING, instead=None)

    assert why
    assert why.sv.endswith("Välj Nattluft Ny (910002) i stället.")
    assert alone
    assert alone.en.endswith("Choose another article.")


def test_a_chain_of_replacements_is_followed_to_an_article_that_is_active() -> None:
    middle = replace(NEXT, status="discontinued", replaced_by="910003")
    last = replace(CPAP, article_no="910003")
    chain = {each.article_no: each for each in (GOING, middle, last)}

    assert last_replacement("910001", chain) == last
    assert last_replacement("910001", {**chain, "910003": replace(last, status="outgoing")}) is None
    assert last_replacement("910003", chain) is None
    assert last_replacement("910001", {"910001": GOING}) is None
