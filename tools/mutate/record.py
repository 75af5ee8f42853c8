"""Stores the result of each wrong rule line by line, so that an interrupted run can continue."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.mutate.noticing import Notice
from tools.mutate.sites import Site

SHOWN = 90


@dataclass(frozen=True)
class Record:
    """A file in which each wrong rule that was noticed has a line."""

    file: Path

    def noticed(self) -> dict[str, Notice]:
        """Give what was noticed before, by the wrong rule's name; what survived is tried again."""
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        read = (json.loads(line) for line in lines)
        return {each["name"]: Notice(each["test"], each["is_own"]) for each in read}

    def keep(self, site: Site, notice: Notice) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a") as file:
            file.write(json.dumps({"name": site.name, **asdict(notice)}) + "\n")


Outcome = tuple[Site, Notice | None]


def figures(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Tell per group how many were noticed of how many, and then each that survived."""
    groups: dict[str, list[Notice | None]] = defaultdict(list)
    for site, notice in outcomes:
        groups[site.group].append(notice)
        groups["all"].append(notice)
    for group, notices in groups.items():
        seen = [each for each in notices if each]
        own = sum(each.is_own for each in seen)
        share = 100 * len(seen) / len(notices)
        yield f"  {group:<14} {len(seen):>4} of {len(notices):<4} noticed ({share:.0f} %), {own} by own tests"
    yield from (survivor(site) for site, notice in outcomes if notice is None)


def survivor(site: Site) -> str:
    place = f"{site.file}:{site.line} {site.function}"
    return f"  alive: {place}: {site.what}: {_short(site.old)} -> {_short(site.new)}"


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= SHOWN else f"{one_line[:SHOWN]}…"
