"""The commands that check the code: check, test, fix."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.embedded.place import PROJECT
from tools.embedded.progress import say

PYTHON = (sys.executable, "-m")
WORKERS = str(min(4, max(2, os.cpu_count() or 2)))
SOME_TESTS = ("-n", "2")
ALL_TESTS = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")
"""Many wait for servers, so one process more than two cores; a file's tests share what they set up."""
LEFT_OUT = {"--long": "", "--full": "not long"}
"""The marks of the tests that are left out all the same, widest first (decision 0119)."""


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str]
    advice: str


@dataclass(frozen=True)
class Outcome:
    check: Check
    code: int
    output: str
    seconds: float


CHECKS = (
    Check("format", (*PYTHON, "ruff", "format", "--check", "."), "./sesam fix"),
    Check("lint", (*PYTHON, "ruff", "check", "."), "./sesam fix, then correct by hand what is left"),
    Check(
        "layers",
        (str(Path(sys.executable).with_name("lint-imports")),),
        "move the import; docs/architecture.md says why",
    ),
    Check("documents", (*PYTHON, "tools.cli", "docs", "--check"), "./sesam docs"),
    Check("types", (*PYTHON, "mypy"), "correct the types"),
    Check(
        "fast tests",
        (*PYTHON, "pytest", "-m", "not connected and not slow and not long", "-n", WORKERS, "-q"),
        "./sesam test <file> -k <name> shows one test",
    ),
)


def check() -> int:
    """Run every check, two at a time; tell of the first that fails."""
    started = time.monotonic()
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = [pool.submit(perform, each) for each in CHECKS]
        for waiting in outcomes:
            outcome = waiting.result()
            if outcome.code != 0:
                pool.shutdown(wait=False, cancel_futures=True)
                return fail(outcome)
            say(f"  ✓ {outcome.check.name:<12} {outcome.seconds:5.1f} s   {last_line(outcome)}".rstrip())
    say(f"All checks passed in {time.monotonic() - started:.0f} s.")
    return 0


def perform(check: Check) -> Outcome:
    started = time.monotonic()
    done = subprocess.run(
        check.command, cwd=PROJECT, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return Outcome(check, done.returncode, done.stdout, time.monotonic() - started)


def fail(outcome: Outcome) -> int:
    say(outcome.output.rstrip())
    say(f"  ✗ {outcome.check.name} failed after {outcome.seconds:.1f} s. What to do: {outcome.check.advice}")
    return 1


def last_line(outcome: Outcome) -> str:
    lines = outcome.output.strip().splitlines()
    return lines[-1].strip("= ") if lines else ""


def test(extra: Sequence[str]) -> int:
    """Run pytest; -n says how many processes, else two (three for all); --full or --long adds tests."""
    named = [in_full(word) for word in extra if word not in LEFT_OUT]
    spread = SOME_TESTS if any(Path(word.partition("::")[0]).exists() for word in named) else ALL_TESTS
    chosen = [] if "-m" in extra else ["-m", left_out(extra)]
    command = [*PYTHON, "pytest", *spread, *chosen, *named]  # of an option that comes twice the last counts
    return subprocess.run(command, cwd=PROJECT, check=False).returncode


def left_out(extra: Sequence[str]) -> str:
    """Name the marks of the tests that are not run; of several options the widest counts."""
    return next((marks for option, marks in LEFT_OUT.items() if option in extra), "not full and not long")


def in_full(word: str) -> str:
    """Give a test's path as the caller sees it; pytest itself runs in the project's folder."""
    path, colons, name = word.partition("::")
    is_file = not word.startswith("-") and Path(path).exists()
    return f"{Path(path).resolve()}{colons}{name}" if is_file else word


def fix() -> int:
    left = subprocess.run([*PYTHON, "ruff", "check", "--fix", "."], cwd=PROJECT, check=False).returncode
    formatted = subprocess.run([*PYTHON, "ruff", "format", "."], cwd=PROJECT, check=False).returncode
    return left or formatted
