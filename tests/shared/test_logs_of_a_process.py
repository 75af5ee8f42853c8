"""A process that is a service lets nothing out but lines by the allow-list, whoever writes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
CANARY = "Kanariefagel Testsson"
BEGIN = f"""
import asyncio, logging, sys, threading, traceback, warnings
from shared import logs
logging.getLogger("uvicorn.error").addHandler(logging.StreamHandler())
logging.getLogger("uvicorn.error").propagate = False
logs.close_other_ways()
logs.set_up("tests")
CANARY = "{CANARY}"
class {CANARY.replace(" ", "")}Error(Exception): pass
def fail(): raise ValueError("no good: " + CANARY)
async def afail(): fail()
"""
LOGGERS = (
    "uvicorn", "uvicorn.error", "uvicorn.access", "asyncio", "aio_pika", "aio_pika.robust_connection",
    "aiormq.connection", "pymongo", "pymongo.command", "faststream", "sesam.bus", "httpx", "httpcore",
    "aiohttp.client", "concurrent.futures", "py.warnings", "a.library.of.tomorrow",
)  # fmt: skip
WAYS = {
    **{
        f"logger {name}": (
            f"try:\n  fail()\nexcept ValueError:\n  logging.getLogger('{name}').exception('of %s', CANARY)\n"
        )
        for name in LOGGERS
    },
    "a handler of a library's own": (
        "log = logging.getLogger('own'); log.addHandler(logging.StreamHandler()); log.warning(CANARY)"
    ),
    "standard output": "print(CANARY)",
    "standard error": "print(CANARY, file=sys.stderr)",
    "a traceback printed": "try:\n  fail()\nexcept ValueError:\n  traceback.print_exc()",
    "a warning": "warnings.warn(CANARY)",
    "a crash": "fail()",
    "a thread": "thread = threading.Thread(target=fail); thread.start(); thread.join()",
    "what cannot be raised": "class Bad:\n  def __del__(self): fail()\nbad = Bad(); del bad",
    "a callback of the loop": (
        "async def main():\n  asyncio.get_running_loop().call_soon(fail); await asyncio.sleep(0.01)\n"
        "asyncio.run(main())"
    ),
    "a task that nobody asks": (
        "async def main():\n  asyncio.create_task(afail()); await asyncio.sleep(0.01)\nasyncio.run(main())"
    ),
    "a coroutine that nobody awaits": "afail()",
    "the loop's own handler": (
        "async def main():\n"
        "  loop = asyncio.get_running_loop()\n"
        "  loop.call_exception_handler({'message': CANARY, 'exception': ValueError(CANARY)})\n"
        "asyncio.run(main())"
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_word_of_a_failure_leaves_a_process(way: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + WAYS[way]],
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert done.stderr == ""
    assert not any(word in done.stdout for word in CANARY.split())
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines
    assert {line["service"] for line in lines} == {"tests"}
    assert {line["event"] for line in lines} <= {
        "library",
        "printed",
        "crashed",
        "thread failed",
        "not raised",
    }


def test_a_crash_says_its_kind_and_our_own_lines() -> None:
    code = "from shared import logs; logs.close_other_ways(); logs.set_up('tests')\n"
    code += "from shared.sealed import seals_from; from pathlib import Path\nseals_from(Path('/dev/null'))"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env={"PYTHONPATH": str(PROJECT)}, capture_output=True,
        text=True, check=False, timeout=30,
    )  # fmt: skip

    (line,) = [json.loads(each) for each in done.stdout.splitlines()]
    assert (line["event"], line["error"], line["level"]) == ("crashed", "JSONDecodeError", "error")
    assert line["frames"]
    assert all(each.startswith("shared/sealed.py:") for each in line["frames"])
    assert done.returncode == 1
