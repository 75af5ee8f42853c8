"""Runs the tests nearest to a wrong rule first, until one fails."""

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.mutate.sites import Site

FAST = "not connected and not slow and not long"
LONGEST_CPU_SECONDS = 180
LONGEST_SECONDS = 900
"""A wrong rule may go round, or wait, for ever."""
PASSED, NOTHING_TO_RUN = 0, 5
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


class TestsAreRed(Exception):
    """Tests fail without any wrong rule, so they would notice everything."""

    __test__ = False


@dataclass(frozen=True)
class Notice:
    """Which test noticed a wrong rule, and whether it is of the service's own folder."""

    test: str
    is_own: bool


@dataclass(frozen=True)
class Tests:
    """The fast tests of a copy of the project."""

    __test__ = False

    root: Path
    everywhere: bool
    """Try all other folders too when the own folder notices nothing; that takes minutes."""

    def demand_green(self, groups: Sequence[str]) -> None:
        """Raises TestsAreRed, for then nothing is learnt."""
        folders = ["tests"] if self.everywhere else [f"tests/{each}" for each in groups]
        failed = self._run(folders)
        if failed is not None:
            raise TestsAreRed(failed)

    def notice(self, site: Site) -> Notice | None:
        for files, is_own in self._stages(site):
            failed = self._run(files)
            if failed is not None:
                return Notice(failed, is_own)
        return None

    def _stages(self, site: Site) -> Iterator[tuple[list[str], bool]]:
        """Give the files that import the module, the rest of its folder, and all the others."""
        own = sorted((self.root / "tests" / site.group).glob("test_*.py"), key=_likely_to_notice(site))
        module = re.compile(rf"\b{re.escape(module_of(site.file))}\b")
        near = [file for file in own if module.search(file.read_text())]
        yield self._names(near), True
        yield self._names([file for file in own if file not in near]), True
        if self.everywhere:
            folders = sorted(each for each in (self.root / "tests").iterdir() if any(each.glob("test_*.py")))
            yield self._names([each for each in folders if each.name != site.group]), False

    def _names(self, files: Sequence[Path]) -> list[str]:
        return [str(each.relative_to(self.root)) for each in files]

    def _run(self, files: Sequence[str]) -> str | None:
        """Run fast tests until one fails; name it, None when all pass."""
        if not files:
            return None
        command = [sys.executable, "-m", "pytest", *files, "-m", FAST, "-x", "-q", "-p", "no:cacheprovider"]
        try:
            done = subprocess.run(
                command,
                cwd=self.root,
                env={**os.environ, "PYTHONPATH": str(self.root)},
                check=False,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                preexec_fn=_bounded,
                timeout=LONGEST_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return f"did not end within {LONGEST_SECONDS} s"
        if done.returncode in {PASSED, NOTHING_TO_RUN}:
            return None
        found = FAILED.search(done.stdout)
        return found[1] if found else f"ended with code {done.returncode}"


def _likely_to_notice(site: Site) -> Callable[[Path], tuple[bool, bool, str]]:
    """Put first the tests that have the module's name, and last those of a whole service in memory."""
    stem = Path(site.file).stem
    return lambda file: (stem not in file.stem, file.stem.endswith(("_in_memory", "doors")), file.stem)


def module_of(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_CPU_SECONDS, LONGEST_CPU_SECONDS))
