"""The balances of one storeroom that a rule decides about, with every movement that it makes of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from services.inventory.domain.goods import balance as goods
from services.inventory.domain.goods.balance import (
    NO_LOT,
    Balance,
    CountWritten,
    Lot,
    balance_id,
    first_expired,
)
from services.inventory.domain.goods.marks import RecalledLot
from services.inventory.domain.goods.movement import Moved


@dataclass(frozen=True)
class Stock:
    """Balances change only together with a row of the movement: so their sums always agree (I9)."""

    storeroom_no: str
    balances: tuple[Balance, ...]
    moved: tuple[Moved, ...] = ()

    @classmethod
    def of(cls, storeroom_no: str, articles: Iterable[str], kept: Iterable[Balance | None]) -> "Stock":
        """Take the balances as they are kept; what was never there is empty."""
        pairs = zip(articles, kept, strict=True)
        return cls(
            storeroom_no, tuple(each or Balance(storeroom_no, article_no) for article_no, each in pairs)
        )

    def of_article(self, article_no: str) -> Balance:
        return next(each for each in self.balances if each.article_no == article_no)

    def put(
        self, article_no: str, quantity: int, *, source: str, lot: Lot = NO_LOT, device_no: str | None = None
    ) -> "Stock":
        """Put pieces on the shelf; counted goods that are recalled stand in quarantine at once (N4)."""
        row = Moved(article_no, quantity, source, self.storeroom_no, lot.lot, device_no)
        changed = goods.put(self.of_article(article_no), quantity, lot=lot.lot, best_before=lot.best_before)
        there = self._with(changed, row)
        if device_no is None and self.is_recalled(article_no, lot.lot):
            return there.quarantine(article_no, quantity, lot=lot.lot)
        return there

    def put_apart(self, article_no: str, quantity: int, *, source: str, lot: Lot) -> "Stock":
        """Put counted goods into quarantine, whether a recall concerns them or not."""
        there = self.put(article_no, quantity, source=source, lot=lot)
        if self.is_recalled(article_no, lot.lot):
            return there
        return there.quarantine(article_no, quantity, lot=lot.lot)

    def take_free(
        self, article_no: str, quantity: int, *, target: str, lot: str = "", device_no: str | None = None
    ) -> "Stock":
        """Take pieces that are promised to nobody; raises TooFewInStock and LotNotThere."""
        row = Moved(article_no, quantity, self.storeroom_no, target, lot, device_no)
        return self._with(goods.take_free(self.of_article(article_no), quantity, lot=lot), row)

    def take_reserved(
        self, article_no: str, quantity: int, *, target: str, lot: str = "", device_no: str | None = None
    ) -> "Stock":
        """Take pieces that are reserved for who takes them; raises LotNotThere."""
        row = Moved(article_no, quantity, self.storeroom_no, target, lot, device_no)
        return self._with(goods.take_reserved(self.of_article(article_no), quantity, lot=lot), row)

    def quarantine(
        self, article_no: str, quantity: int, *, lot: str = "", device_no: str | None = None
    ) -> "Stock":
        """Set pieces apart that are promised to nobody; raises TooFewInStock and LotNotThere."""
        row = Moved(article_no, quantity, self.storeroom_no, self.storeroom_no, lot, device_no)
        return self._with(goods.quarantine(self.of_article(article_no), quantity, lot=lot), row)

    def take_quarantined(
        self, article_no: str, quantity: int, *, target: str, lot: str = "", device_no: str | None = None
    ) -> "Stock":
        """Take pieces that were set apart; raises LotNotThere."""
        row = Moved(article_no, quantity, self.storeroom_no, target, lot, device_no)
        return self._with(goods.take_quarantined(self.of_article(article_no), quantity, lot=lot), row)

    def is_recalled(self, article_no: str, lot: str) -> bool:
        """Tell whether a recall concerns counted goods of a lot."""
        return bool(goods.recalls_of(self.of_article(article_no), lot))

    def recalled(self, article_no: str, *recalled: RecalledLot) -> "Stock":
        """Mark lots of an article as recalled."""
        changed = self.of_article(article_no)
        for each in recalled:
            changed = goods.mark_recalled(changed, each)
        balances = tuple(changed if each.article_no == article_no else each for each in self.balances)
        return replace(self, balances=balances)

    def counted(self, article_no: str, count: CountWritten) -> "Stock":
        """Note that a count is written into a balance."""
        changed = goods.with_count(self.of_article(article_no), count)
        balances = tuple(changed if each.article_no == article_no else each for each in self.balances)
        return replace(self, balances=balances)

    def release(
        self, article_no: str, quantity: int, *, lot: str = "", device_no: str | None = None
    ) -> "Stock":
        """Put pieces that were set apart on the shelf again; raises LotNotThere and LotRecalled."""
        balance = self.of_article(article_no)
        kept = goods.lot_in(balance, lot)
        if kept is not None and self.is_recalled(article_no, lot):
            raise goods.LotRecalled(article_no=article_no, lot=lot)
        taken = goods.take_quarantined(balance, quantity, lot=lot)
        row = Moved(article_no, quantity, self.storeroom_no, self.storeroom_no, lot, device_no)
        return self._with(
            goods.put(taken, quantity, lot=lot, best_before=kept.best_before if kept else None), row
        )

    def pass_by(
        self,
        article_no: str,
        quantity: int,
        *,
        source: str,
        target: str,
        lot: str = "",
        device_no: str | None = None,
    ) -> "Stock":
        """Note that pieces went from one place to another and never lay on the shelf."""
        return replace(self, moved=(*self.moved, Moved(article_no, quantity, source, target, lot, device_no)))

    def proposed(self, article_no: str, quantity: int) -> tuple[tuple[Lot, int], ...]:
        """Propose lots: first expired, first out. Raises TooFewInStock."""
        return tuple(first_expired(self.of_article(article_no), quantity))

    def promise(self, articles: Mapping[str, int], *, sets: int) -> "Stock":
        """Reserve so many sets; a negative number gives them back."""
        return self._each(articles, lambda balance, quantity: goods.reserve(balance, sets * quantity))

    def await_more(self, articles: Mapping[str, int], *, sets: int) -> "Stock":
        """Note that an order waits for so many sets more, or fewer when negative."""
        return self._each(articles, lambda balance, quantity: goods.await_more(balance, sets * quantity))

    def sets_for_newcomer(self, articles: Mapping[str, int]) -> int:
        """Count the sets that nobody has or waits for: first come, first served."""
        balances = ((self.of_article(no), quantity) for no, quantity in articles.items())
        return max(0, min((each.available - each.waiting) // quantity for each, quantity in balances))

    def sets_there(self, articles: Mapping[str, int]) -> int:
        """Count the sets that are promised to nobody."""
        return min(self.of_article(no).available // quantity for no, quantity in articles.items())

    def _each(self, articles: Mapping[str, int], change: Callable[[Balance, int], Balance]) -> "Stock":
        changed = tuple(
            change(each, articles[each.article_no]) if each.article_no in articles else each
            for each in self.balances
        )
        return replace(self, balances=changed)

    def _with(self, changed: Balance, row: Moved) -> "Stock":
        balances = tuple(changed if each.article_no == changed.article_no else each for each in self.balances)
        return replace(self, balances=balances, moved=(*self.moved, row))


def balance_ids(storeroom_no: str, articles: Iterable[str]) -> list[str]:
    return [balance_id(storeroom_no, each) for each in articles]
