"""Does the same for many items, each by itself: one that fails does not stop the others."""

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from typing import TypeVar

from shared.repository import Repository

Item = TypeVar("Item")


async def each_for_itself(
    repository: Repository,
    items: Iterable[Item] | AsyncIterable[Item],
    work: Callable[[Item], Awaitable[object]],
) -> None:
    """Do the work with every item; a failure is raised after the last one, so that the job counts as failed.

    An error that concerns all of them, such as a database that is away, ends it at once.
    """
    failures: list[Exception] = []
    async for item in _one_by_one(items):
        try:
            await work(item)
        except Exception as failure:
            if repository.backend.may_pass(failure):
                raise
            failures.append(failure)
    if failures:
        raise failures[0]


async def _one_by_one(items: Iterable[Item] | AsyncIterable[Item]) -> AsyncIterable[Item]:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item
