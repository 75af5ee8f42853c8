"""Measures searches among a region's devices, and what is free of a page of hits (S160, Q39)."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import Balance, Lot, balance_id
from services.inventory.domain.listing import Listing
from services.inventory.repository.availability import balances_of
from services.inventory.repository.collections import ARTICLES, BALANCES, COLLECTIONS
from services.inventory.repository.properties import DeviceLimits
from services.inventory.repository.search import ArticleSearch, SearchCriteria
from shared.clock import SystemClock
from shared.domain.money import Money
from shared.events.inventory import DeviceArticle
from shared.repository import Repository
from shared.repository.codec import Document, to_document
from shared.repository.mongo.backend import Mongo, connect
from shared.repository.refs import Collection, Loaded
from shared.sealed import new_keys, seals_of
from shared.service.process import repository_of
from tools.embedded import mongod, servers
from tools.embedded.ports import free_ports
from tools.embedded.processes import Supervisor

STOREROOMS, LINKED = 200, 10
ASKED = 300
WITH_SUPPLIER = 2
"""So many of ten searches name a supplier."""
PAGE = 2_000
PRICE = Money.of("1096.00")
WORDS = [
    f"{first}{second}"
    for first in ("mask", "slang", "rull", "steg", "lyft", "säng", "spol", "hör", "syn", "dusch")
    for second in ("stol", "liten", "stor", "ram", "hjul", "kudde", "platta", "fäste", "batteri", "rör")
]
SUPPLIERS = [f"Leverantör {letter} AB" for letter in "ABCDEFGHIJKLMNOPQRST"]
CODES = [
    f"{first}{second}{third}"
    for first in ("04", "12", "22")
    for second in ("03", "06")
    for third in ("06", "12")
]
AREAS = ("cpap", "inhalation", "mobility", "hearing", "vision")


@dataclass(frozen=True)
class Took:
    """Milliseconds of one kind of question, at the median and the 95th percentile."""

    name: str
    p50: float
    p95: float

    def line(self) -> str:
        return f"{self.name:48}{self.p50:10.2f}{self.p95:10.2f}"


def measure(articles: int, say: Callable[[str], None]) -> list[Took]:
    """Fill a database on a server of our own, and the search index; ask both."""
    with TemporaryDirectory(prefix="sesam-catalogue-") as folder, ExitStack() as stack:
        supervisor = Supervisor(Path(folder) / "logs")
        stack.callback(supervisor.stop)
        (port,) = free_ports(1)
        servers.start_mongodb(supervisor, servers.prepare_mongodb(), Path(folder) / "mongodb", port=port)
        servers.await_mongodb(supervisor, port)
        return asyncio.run(_measure_on(mongod.url(port), articles, say))


async def _measure_on(url: str, articles: int, say: Callable[[str], None]) -> list[Took]:
    client, random, search = connect(url, app_name="bench"), Random(952), ArticleSearch()  # noqa: S311
    try:
        say(f"Filling a catalogue of {articles} devices and {STOREROOMS} storerooms ...")
        database = client["catalogue_inventory"]
        backend = Mongo(database)
        await backend.prepare(COLLECTIONS)
        invented = [_device(random, number) for number in range(articles)]
        await _fill(database, ARTICLES, [(each.article_no, each) for each in invented])
        await _fill(database, BALANCES, list(_balances(random, invented)))
        search.wait(invented)
        for _ in search.take_in_waiting():
            await asyncio.sleep(0)
        say("Asking ...")
        repository = repository_of(
            backend, service="inventory", clock=SystemClock(), seals=seals_of(new_keys())
        )
        return [await _searches(search, random), await _pages(search, repository, random)]
    finally:
        search.close()
        await client.close()


async def _fill(
    database: AsyncDatabase[Document], collection: Collection[Any], kept: Sequence[tuple[str, Any]]
) -> None:
    for first in range(0, len(kept), PAGE):
        documents = [
            to_document(collection, key, Loaded(each, 1)) for key, each in kept[first : first + PAGE]
        ]
        await database[collection.name].insert_many(documents)


def _device(random: Random, number: int) -> Article:
    device = DeviceArticle(
        iso_code=random.choice(CODES),
        supplier=random.choice(SUPPLIERS),
        article_type=random.choice(("main_aid", "accessory", "accessory", "spare_part")),
        assortment=random.choice(("standard", "standard", "other", "earlier")),
    )
    name = " ".join(random.choice(WORDS) + random.choice(("", "a", "en", "s")) for _ in range(4))
    listing = Listing(f"Serie {random.randint(1, 3000)}")
    return Article(
        str(900_000 + number), f"{name} {random.randint(1, 60)} cm", random.choice(AREAS), "", "",
        f"LV-{number}", 1, PRICE, device=device, listing=listing, version=1,
    )  # fmt: skip


def _balances(random: Random, articles: Sequence[Article]) -> Iterator[tuple[str, Balance]]:
    """Let each article lie in four storerooms."""
    for each in articles:
        for place in random.sample(range(STOREROOMS), 4):
            balance = Balance(f"S{place}", each.article_no, (Lot(on_hand=random.randint(0, 9)),))
            yield balance_id(balance.storeroom_no, balance.article_no), balance


def _asked(random: Random) -> SearchCriteria:
    """Make up what is looked for: parts of one to three words, now and then a supplier or a number."""
    parts = [random.choice(WORDS)[random.randint(0, 3) :] for _ in range(random.randint(1, 3))]
    words = [each[: random.randint(3, 9)] for each in parts]
    kind = random.randrange(10)
    if kind == 0:
        words = [str(random.randint(9_000, 999_999))]
    elif kind <= WITH_SUPPLIER:
        words.append(random.choice(("leverantör", "lever", random.choice(SUPPLIERS))))
    limits = DeviceLimits(
        only_standard=random.choice((True, True, False)),
        article_type=random.choice((None, None, "main_aid", "accessory")),
    )
    return SearchCriteria(" ".join(words), devices=limits)


async def _searches(search: ArticleSearch, random: Random) -> Took:
    async def find() -> None:
        search.find(_asked(random))

    return await _took("a search", find)


async def _pages(search: ArticleSearch, repository: Repository, random: Random) -> Took:
    """Give a page of fifty hits with what is free of them in ten storerooms of two hundred."""
    linked = [f"S{place}" for place in range(0, STOREROOMS, STOREROOMS // LINKED)]

    async def page() -> None:
        numbers = search.find(_asked(random)).article_nos
        await repository.get(ARTICLES.maybe_many(numbers))
        await balances_of(repository, numbers, storerooms=linked)

    return await _took("a page with what is free in 10 storerooms", page)


async def _took(name: str, ask: Callable[[], Awaitable[None]]) -> Took:
    """Measure this process's time on the processor: what else runs on the machine does not count."""
    took = []
    for _ in range(ASKED):
        began = time.process_time()
        await ask()
        took.append((time.process_time() - began) * 1_000)
    percentiles = quantiles(took, n=20)
    return Took(name, percentiles[9], percentiles[18])
