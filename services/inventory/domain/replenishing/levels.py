"""Setting and ending the level below which a storeroom's article is replenished by itself (S115, Q19)."""

from dataclasses import replace

from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.levels import Level, Stopped
from services.inventory.domain.goods.supplying import Shelf
from services.inventory.domain.replenishing.judging import WHY_STOPPED
from services.inventory.domain.replenishing.refusals import MayNotBeReplenished
from services.inventory.domain.replenishing.rights import DeviceRules, Orderer, against_right
from shared.domain.days import local_day
from shared.domain.decision import Decision, NotFound
from shared.events.fact import Fact
from shared.events.tasks import TaskResolved


def set_level(
    known: Balance | None,
    *,
    shelf: Shelf,
    level: Level,
    article: Article,
    why: Stopped | None,
    orderer: Orderer,
    rules: DeviceRules | None,
) -> Decision[Balance]:
    """Say how few of an article may lie in a storeroom or warehouse, and how much is ordered then.

    `why`: why it may not be replenished there, or purchased.
    Raises MayNotBeReplenished with the reason, and NotForUnit: a level orders home like a person (Q55).
    """
    if why is not None:
        raise MayNotBeReplenished(WHY_STOPPED[why], article_no=shelf.article_no)
    refused = against_right(article, orderer=orderer, rules=rules, on=local_day(level.set_at))
    if refused is not None:
        raise refused
    balance = known or Balance(shelf.storeroom_no, shelf.article_no)
    return replace(balance, level=level), resolved(balance, how="level-set")


def end_level(balance: Balance) -> Decision[Balance]:
    """Let the article be replenished only when somebody orders it. Raises NotFound."""
    if balance.level is None:
        raise NotFound("Level", balance.article_no)
    return replace(balance, level=None), resolved(balance, how="level-ended")


def resolved(balance: Balance, *, how: str) -> list[Fact]:
    """Solve the task that says that the article is not replenished any more, if there is one."""
    if balance.level is None or balance.level.stopped is None:
        return []
    return [TaskResolved(task_id=task_of_stop(balance), how=how)]


def task_of_stop(balance: Balance) -> str:
    return f"replenishment-stopped:{balance.storeroom_no}:{balance.article_no}"
