"""The command that sends many generated requests to every service."""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from tools.embedded.place import PROJECT
from tools.embedded.progress import say

PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
LONGEST_MESSAGE = 4000
TESTS = "tests/doors/test_fuzz.py"


def fuzz(*, cases: int, seed: int) -> int:
    """Run them two services at a time; tell what was answered, and every kind of wrong answer once."""
    say(f"{cases} cases over five services, seed {seed}. About a minute for every 2,000.")
    asked = {"SESAM_FUZZ_CASES": str(cases), "SESAM_FUZZ_SEED": str(seed)}
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.xml"
        command = [*PYTEST, TESTS, "-q", "-n", "2", "-m", "not connected", f"--junitxml={book}"]
        code = subprocess.run(
            command, cwd=PROJECT, env={**os.environ, **asked}, check=False, stdout=subprocess.DEVNULL
        ).returncode
        for line in told(book.read_text()) if book.exists() else ():
            say(line)
    say("Nothing wrong was answered." if code == 0 else f"Wrong answers; again with --seed {seed}.")
    return code


def told(book: str) -> Iterator[str]:
    """Tell each service's cases and statuses, what was wrong, and the sum."""
    total = 0
    for each in ET.fromstring(book).iter("testcase"):  # noqa: S314  our own tests wrote it
        kept = {item.get("name"): item.get("value") or "" for item in each.iter("property")}
        service = (each.get("name") or "").partition("[")[2].rstrip("]")
        cases = int(kept.get("cases", "0"))
        total += cases
        statuses = Counter({int(a): int(b) for a, b in re.findall(r"(\d+): (\d+)", kept.get("statuses", ""))})
        shown = "  ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
        yield f"  {service:<14} {cases:>6} cases   {shown}"
        wrong = (*each.iter("failure"), *each.iter("error"))
        yield from ((one.get("message") or "")[:LONGEST_MESSAGE] for one in wrong)
    yield f"  {'all':<14} {total:>6} cases"
