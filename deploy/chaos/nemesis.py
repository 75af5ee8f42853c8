"""Makes the troubles of a plan, one at a time, and heals each: what was killed runs again."""

import asyncio
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta

from pymongo.errors import PyMongoError

from deploy.chaos import replica_set
from deploy.chaos.plan import Trouble
from deploy.chaos.proxy import Proxy
from deploy.chaos.system import System
from deploy.chaos.waiting import until
from deploy.local import rabbitmq, servers
from deploy.local.progress import say
from shared.fault import Order

ELECTION_SECONDS = 30.0
POINT_SECONDS = 8.0
CAREFULLY_SECONDS = 2.0
KEEP_MEMORY = "0.4"


class Nemesis:
    """Knows how to make every trouble."""

    def __init__(self, system: System, proxy: Proxy, *, began: str) -> None:
        self._system = system
        self._proxy = proxy
        self._began = began
        self.made: Counter[str] = Counter()
        self.waited: list[str] = []
        """Points that a process was armed for and did not come to in time."""

    async def play(self, plan: Sequence[Trouble]) -> None:
        for trouble in plan:
            await asyncio.sleep(trouble.after_seconds)
            say(f"  {trouble.what} {trouble.who or ''}")
            await self._how(trouble.what)(trouble)
            self.made[trouble.what] += 1

    def _how(self, what: str) -> Callable[[Trouble], Awaitable[None]]:
        how: Callable[[Trouble], Awaitable[None]] = getattr(self, "_" + what.replace("-", "_"))
        return how

    async def _kill(self, trouble: Trouble) -> None:
        await self._killed(trouble.who or "ordering")

    async def _killed(self, name: str, orders: Sequence[Order] = ()) -> None:
        self._system.services[name].kill()
        self._system.restart(name, orders)
        await self._system.until_ready(name)

    async def _kill_at_point(self, trouble: Trouble) -> None:
        """Arm a process, and give the work that goes on some time to bring it there."""
        point = trouble.who or ""
        name = point.partition(".")[0]
        await self._killed(name, [Order(point=point, action="kill")])
        service = self._system.services[name]
        with suppress(TimeoutError):
            await until(lambda: not service.alive, within_seconds=POINT_SECONDS)
        if service.alive:
            self.waited.append(point)
        self._system.restart(name)
        await self._system.until_ready(name)

    async def _stop(self, trouble: Trouble) -> None:
        """Stop a process for longer than its lease lasts; it wakes up as a zombie."""
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

    async def _kill_primary(self, _: Trouble) -> None:
        number = await self._primary()
        self._system.mongods[number].kill()
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
        self._system.broker.kill()
        self._system.broker.start()
        await self._system.until_broker_ready()

    async def _wipe_broker(self, _: Trouble) -> None:
        """Take everything from the broker, and tell again what was kept since the trial began."""
        self._system.broker.kill()
        shutil.rmtree(self._system.place.node.folder / "data")
        (self._system.place.node.folder / "data").mkdir()
        self._system.broker.start()
        await self._system.until_broker_ready()
        await asyncio.sleep(CAREFULLY_SECONDS)
        command = [sys.executable, "-m", "deploy.cli", "replay", "--since", self._began]
        await self._system.run("replay", command)

    async def _memory_alarm(self, trouble: Trouble) -> None:
        """Make the broker believe that it has no memory: it takes nothing from those who tell."""
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
        await self._killed("billing", [Order(point="billing.export.after_write", action="raise", times=3)])

    async def _clock_forward(self, trouble: Trouble) -> None:
        self._system.move_clock(timedelta(seconds=trouble.seconds))

    async def _clock_back(self, trouble: Trouble) -> None:
        self._system.move_clock(timedelta(seconds=-trouble.seconds))


def primary_of(ports: Sequence[int]) -> tuple[int] | None:
    """Give the primary's place, wrapped, so that the first place is something too."""
    number = replica_set.primary(ports)
    return None if number is None else (number,)
