"""Causes the failures of a plan, one at a time, and repairs each: what was killed is started again."""

import asyncio
import shutil
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from types import MappingProxyType

from pymongo.errors import PyMongoError

from shared.clock import SystemClock
from shared.fault import Order
from shared.repository import moment_text
from tools.chaos.clerks.drives import Drives
from tools.chaos.plan import Trouble
from tools.chaos.processes import replica_set
from tools.chaos.processes.proxy import Proxy
from tools.chaos.processes.system import NotUp, System
from tools.chaos.processes.waiting import until
from tools.embedded import rabbitmq, servers
from tools.embedded.progress import say

ELECTION_SECONDS = 30.0
POINT_SECONDS = 8.0
CAREFULLY_SECONDS = 2.0
MAY_HAVE_LAIN = timedelta(minutes=13)
"""So long before its loss the broker may have held a message, by a clock that was set on ten minutes."""
KEEP_MEMORY = "0.4"
FULL = "billing.export.after_write"
FULL_SECONDS = 20.0
LOOK_SECONDS = 0.3
FAILING_COMMANDS = 4
LONGER, AMPLE_SECONDS = 1.2, 60.0
COPIED_SECONDS = 4.0
"""Until a row without its mark is swept, and published again."""
FAILURES: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        # the commit is done or not, and the line is cut before anybody is told
        "commit-cut": {"failCommands": ["commitTransaction"], "closeConnection": True},
        # the commit is done, and its answer says that a majority may not have it
        "commit-unknown": {
            "failCommands": ["commitTransaction"],
            "writeConcernError": {"code": 91, "errmsg": "a trial"},
        },
        # a write in the middle of a transaction is cut
        "write-cut": {"failCommands": ["insert", "update"], "closeConnection": True},
    }
)
"""How commands fail; 91 is what a server says that is being shut down."""


class Nemesis:
    """Causes every kind of failure."""

    def __init__(self, system: System, proxy: Proxy, *, began: str, drives: Drives) -> None:
        self._system = system
        self._proxy = proxy
        self._began = began
        self._drives = drives
        self.made: list[str] = []
        self.missed: list[str] = []
        """What should have happened for certain and did not: the trial has failed."""
        self.commands_failed = 0
        self.waited: list[str] = []
        """Points that a process was armed for and did not come to in time."""

    async def play(self, plan: Sequence[Trouble]) -> None:
        """Cause each failure at its time, or when the one before is repaired; give up what takes too long."""
        longest = LONGER * sum(each.after_seconds for each in plan) + AMPLE_SECONDS
        due = started = time.monotonic()
        for number, trouble in enumerate(plan, start=1):
            due += trouble.after_seconds
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if time.monotonic() - started > longest:
                self.missed.append(f"{number - 1} of {len(plan)} troubles were made in {longest:.0f} s")
                break
            minutes, seconds = divmod(int(time.monotonic() - started), 60)
            say(f"  {minutes:2d}:{seconds:02d}  {number}/{len(plan)}  {trouble.name}")
            await self._make(trouble)

    async def _make(self, trouble: Trouble) -> None:
        try:
            await self._how(trouble.what)(trouble)
        except (TimeoutError, NotUp) as failure:
            self.missed.append(f"{trouble.name} did not heal: {failure}")
        self.made.append(trouble.name)

    def _how(self, what: str) -> Callable[[Trouble], Awaitable[None]]:
        how: Callable[[Trouble], Awaitable[None]] = getattr(self, "_" + what.replace("-", "_"))
        return how

    async def _kill(self, trouble: Trouble) -> None:
        await self._killed(trouble.who or "ordering")

    async def _killed(self, name: str, orders: Sequence[Order] = ()) -> None:
        # In a thread, here and below: who waits for a process must not hold the proxy that it speaks through.
        await asyncio.to_thread(self._system.services[name].kill)
        await self._restarted(name, orders)

    async def _restarted(self, name: str, orders: Sequence[Order] = ()) -> None:
        await asyncio.to_thread(self._system.restart, name, orders)
        await self._system.until_ready(name)

    async def _kill_at_point(self, trouble: Trouble) -> None:
        """Switch on a fault point of a process, and give the running work some time to reach it."""
        point = trouble.who or ""
        name = point.partition(".")[0]
        await self._killed(name, [Order(point=point, action="kill")])
        service = self._system.services[name]
        with suppress(TimeoutError):
            await until(lambda: not service.alive, within_seconds=POINT_SECONDS)
        if service.alive:
            self.waited.append(point)
        await self._restarted(name)

    async def _stop(self, trouble: Trouble) -> None:
        """Stop a process for longer than its lease lasts; it continues with an ended lease."""
        service = self._system.services[trouble.who or "ordering"]
        service.send(signal.SIGSTOP)
        await asyncio.sleep(trouble.seconds)
        service.send(signal.SIGCONT)

    async def _lose_confirms(self, trouble: Trouble) -> None:
        await self._proxy.misbehave("lose-confirms", seconds=trouble.seconds)

    async def _lose_acks(self, trouble: Trouble) -> None:
        await self._proxy.misbehave("lose-acks", seconds=trouble.seconds)

    async def _double_deliveries(self, trouble: Trouble) -> None:
        await self._proxy.misbehave("double-deliveries", seconds=trouble.seconds)

    async def _deaf(self, trouble: Trouble) -> None:
        await self._proxy.misbehave("deaf", seconds=trouble.seconds)

    async def _every_copy(self, trouble: Trouble) -> None:
        """Let the distributors act on each copy that they get, while lost confirms make copies."""
        self._system.tell_peer("distributor", mode="every-copy")
        await self._proxy.misbehave("lose-confirms", seconds=trouble.seconds)
        await self._drives.copy_an_order()
        await asyncio.sleep(COPIED_SECONDS)
        self._system.tell_peer("distributor", mode="normal")

    async def _fail_commands(self, trouble: Trouble) -> None:
        """Let the primary do what it is asked to and cut the line, or say that nobody knows of it."""
        port, account = self._system.mongodb_ports[await self._primary()], self._system.place.operator
        how = FAILURES[trouble.who or ""]
        try:
            await asyncio.to_thread(replica_set.fail, port, account, how=how, times=FAILING_COMMANDS)
            await asyncio.sleep(trouble.seconds)
            self.commands_failed += await asyncio.to_thread(replica_set.failed, port, account)
        except PyMongoError:
            self.waited.append(trouble.name)  # the primary is gone: nobody fails any more

    async def _partition(self, trouble: Trouble) -> None:
        """Let nothing pass to the primary: two others see no primary, and elect one of them."""
        way = self._system.ways[await self._primary()]
        way.send(signal.SIGSTOP)
        await asyncio.sleep(trouble.seconds)
        way.send(signal.SIGCONT)
        await self._all_mongods()

    async def _kill_primary(self, _: Trouble) -> None:
        number = await self._primary()
        await asyncio.to_thread(self._system.mongods[number].kill)
        await asyncio.sleep(CAREFULLY_SECONDS)
        self._system.mongods[number].start()
        await self._all_mongods()

    async def _step_down(self, _: Trouble) -> None:
        port = self._system.mongodb_ports[await self._primary()]
        with suppress(PyMongoError):
            await asyncio.to_thread(replica_set.step_down, port, self._system.place.operator)
        await self._primary()

    async def _stop_primary(self, trouble: Trouble) -> None:
        number = await self._primary()
        self._system.mongods[number].send(signal.SIGSTOP)
        await asyncio.sleep(trouble.seconds)
        self._system.mongods[number].send(signal.SIGCONT)
        await self._all_mongods()

    async def _primary(self) -> int:
        ports = self._system.mongodb_ports
        found = await until(lambda: primary_of(ports), within_seconds=ELECTION_SECONDS)
        return found[0]

    async def _all_mongods(self) -> None:
        ports = self._system.mongodb_ports
        await until(lambda: all(map(replica_set.answers, ports)), within_seconds=ELECTION_SECONDS)
        await self._primary()

    async def _kill_broker(self, _: Trouble) -> None:
        await asyncio.to_thread(self._system.broker.kill)
        self._system.broker.start()
        await self._system.until_broker_ready()

    async def _wipe_broker(self, _: Trouble) -> None:
        """Take everything from the broker, and publish again what was published lately."""
        await asyncio.to_thread(self._system.broker.kill)
        shutil.rmtree(self._system.place.node.folder / "data")
        (self._system.place.node.folder / "data").mkdir()
        self._system.broker.start()
        await self._system.until_broker_ready()
        await asyncio.sleep(CAREFULLY_SECONDS)
        lately = max(self._began, moment_text(SystemClock().now() + self._system.offset() - MAY_HAVE_LAIN))
        command = [sys.executable, "-m", "tools.cli", "replay", "--since", lately]
        await self._system.run("replay", command)

    async def _memory_alarm(self, trouble: Trouble) -> None:
        """Make the broker think that it has no memory: it takes nothing from publishers."""
        await self._control("set_vm_memory_high_watermark", "0")
        await asyncio.sleep(trouble.seconds)
        await self._control("set_vm_memory_high_watermark", KEEP_MEMORY)

    async def _control(self, *words: str) -> None:
        installed, node = servers.prepare_rabbitmq(), self._system.place.node
        program = installed.server.with_name("rabbitmqctl")
        started = self._system.child(
            "rabbitmqctl",
            [str(program), "-n", "sesam@localhost", *words],
            rabbitmq.settings(installed, node),
        )
        started.start()
        await asyncio.to_thread(started.wait)

    async def _disk_full(self, _: Trouble) -> None:
        """Let the disk be full when the day's file is written; it must come to that."""
        before = self._raised(FULL)
        await self._killed("billing", [Order(point=FULL, action="raise", times=3)])
        with suppress(TimeoutError):
            async with asyncio.timeout(FULL_SECONDS):
                while self._raised(FULL) == before:
                    await self._drives.close_if_answered()
                    await asyncio.sleep(LOOK_SECONDS)
        if self._raised(FULL) == before:
            self.missed.append("disk-full: nobody met the full disk")

    def _raised(self, point: str) -> int:
        return sum(each["point"] == point and each["action"] == "raise" for each in self._system.faults_met())

    async def _clock_forward(self, trouble: Trouble) -> None:
        self._system.move_clock(timedelta(seconds=trouble.seconds))

    async def _clock_back(self, trouble: Trouble) -> None:
        self._system.move_clock(timedelta(seconds=-trouble.seconds))


def primary_of(ports: Sequence[int]) -> tuple[int] | None:
    """Give the primary's place, wrapped, so that the first place is something too."""
    number = replica_set.primary(ports)
    return None if number is None else (number,)
