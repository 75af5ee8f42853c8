"""Every service reaches its own only: on the broker and in the database, as the embedded run sets it up."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiormq
import pytest
from aiormq.exceptions import AMQPError
from pamqp.commands import Basic
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.accounts import INVOICING, OPERATOR, accounts_in, key_file_in
from deploy.migrate import migrate
from deploy.topology import definitions
from services import SERVICES
from shared.distributors import account_of, orders_queue, reply_key
from tools.chaos.processes.replica_set import may_fail
from tools.embedded import mongod, rabbitmq, servers
from tools.embedded.place import demo_distributors
from tools.embedded.ports import free_ports
from tools.embedded.processes import Supervisor

pytestmark = pytest.mark.connected

PREFIX = "own"
DISTRIBUTORS = demo_distributors()
NO_SUCH_COMMAND = 59
FORMER = "distributors"
"""The account that all distributors shared, as the accounts file of an older run names it."""


class Servers:
    """A broker and a database with accounts, as `./sesam run` starts them."""

    def __init__(self, folder: Path) -> None:
        self.accounts = {
            **accounts_in(folder / "keys" / "accounts.json", DISTRIBUTORS),
            FORMER: "known-to-all-distributors",
        }
        self._supervisor = Supervisor(folder / "logs")
        self.mongodb_port, *broker = free_ports(4)
        operator = (OPERATOR, self.accounts[OPERATOR])
        node = rabbitmq.Node(folder / "rabbitmq", *broker, account=operator)
        self.broker_port = node.port
        others = {name: secret for name, secret in self.accounts.items() if name != OPERATOR}
        topology = definitions(DISTRIBUTORS, operator=operator, accounts=others)
        servers.start_mongodb(
            self._supervisor,
            servers.prepare_mongodb(),
            folder / "mongodb",
            port=self.mongodb_port,
            key_file=key_file_in(folder / "keys" / "mongodb.key"),
        )
        servers.start_rabbitmq(self._supervisor, servers.prepare_rabbitmq(), node, topology)
        servers.await_mongodb(self._supervisor, self.mongodb_port, operator=operator)
        asyncio.run(migrate(self.mongodb_url(OPERATOR), prefix=PREFIX, accounts=self.accounts))
        servers.await_rabbitmq(self._supervisor, node, topology)

    def mongodb_url(self, account: str) -> str:
        return mongod.url(self.mongodb_port, user=account, password=self.accounts[account])

    def broker_url(self, account: str, vhost: str) -> str:
        return rabbitmq.url(self.broker_port, vhost, (account, self.accounts[account]))

    def stop(self) -> None:
        self._supervisor.stop()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    running = Servers(tmp_path_factory.mktemp("own"))
    yield running
    running.stop()


def refused(act: Any) -> bool:
    try:
        act()
    except OperationFailure as failure:
        return failure.code == 13
    return False


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reaches_its_own_collections_and_no_others(own: Servers, service: str) -> None:
    with MongoClient[dict[str, Any]](own.mongodb_url(service)) as client:
        mine = client[f"{PREFIX}_{service}"]
        mine["inbox"].replace_one({"_id": "x"}, {"_id": "x"}, upsert=True)
        others = [each for each in SERVICES if each != service]

        assert mine["inbox"].find_one({"_id": "x"}) is not None
        for other in others:
            theirs = client[f"{PREFIX}_{other}"]
            assert refused(lambda db=theirs: db["inbox"].find_one())
            assert refused(lambda db=theirs: db["audit"].find_one())
            assert refused(lambda db=theirs: db["outbox"].insert_one({"_id": "y"}))
        assert refused(lambda: mine["something_new"].insert_one({"_id": "y"}))
        assert refused(mine["inbox"].drop)
        assert refused(client.admin["system.users"].find_one)


@pytest.mark.parametrize("service", SERVICES)
def test_the_audit_log_takes_rows_and_shows_them_and_nothing_else(own: Servers, service: str) -> None:
    with MongoClient[dict[str, Any]](own.mongodb_url(service)) as client:
        audit = client[f"{PREFIX}_{service}"]["audit"]
        audit.insert_one({"_id": f"{service}-row", "writer": "w", "sequence": 1})

        assert audit.find_one({"_id": f"{service}-row"}) is not None
        assert refused(lambda: audit.update_one({"_id": f"{service}-row"}, {"$set": {"actor": "x"}}))
        assert refused(lambda: audit.replace_one({"_id": f"{service}-row"}, {"actor": "x"}))
        assert refused(lambda: audit.delete_one({"_id": f"{service}-row"}))
        assert refused(audit.drop)
        assert refused(lambda: audit.create_index("actor"))


def test_nobody_gets_in_without_signing_in(own: Servers) -> None:
    with MongoClient[dict[str, Any]](mongod.url(own.mongodb_port)) as stranger:
        assert refused(stranger[f"{PREFIX}_billing"]["fees"].find_one)
        assert refused(lambda: stranger.admin.command("createUser", "me", pwd="me", roles=["root"]))


TEST_COMMANDS: tuple[dict[str, Any], ...] = (
    {"godinsert": "system.users", "obj": {"_id": "admin.me", "user": "me", "db": "admin"}},
    {"configureFailPoint": "failCommand", "mode": "alwaysOn", "data": {"failCommands": ["insert"]}},
    {"sleep": 1, "secs": 60, "lock": "w"},
    {"captrunc": "system.users", "n": 1},
    {"emptycapped": "system.users"},
    {"replSetTest": 1},
    {"testDeprecation": 1},
)
FOR_AN_OPERATOR: tuple[dict[str, Any], ...] = (
    {"createUser": "me", "pwd": "me", "roles": ["root"]},
    {"grantRolesToUser": "billing", "roles": ["root"]},
    {"updateUser": "operator", "pwd": "mine"},
    {"setParameter": 1, "transactionLifetimeLimitSeconds": 3600},
    {"getParameter": "*"},
    {"applyOps": [{"op": "i", "ns": "admin.system.users", "o": {"_id": "admin.me"}}]},
    {"replSetGetConfig": 1},
    {"fsync": 1, "lock": True},
    {"shutdown": 1},
)


def refusal_of(client: MongoClient[dict[str, Any]], command: dict[str, Any]) -> int | None:
    """Give the code of the refusal, None when the command was carried out."""
    try:
        client.admin.command(command)
    except OperationFailure as failure:
        return failure.code
    return None


@pytest.mark.parametrize("account", [OPERATOR, *SERVICES])
@pytest.mark.parametrize("command", TEST_COMMANDS, ids=lambda each: next(iter(each)))
def test_the_database_knows_no_test_commands_by_which_anybody_may_become_root(
    own: Servers, account: str, command: dict[str, Any]
) -> None:
    with MongoClient[dict[str, Any]](own.mongodb_url(account)) as client:
        assert refusal_of(client, command) == NO_SUCH_COMMAND


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("command", FOR_AN_OPERATOR, ids=lambda each: next(iter(each)))
def test_a_service_is_not_the_operator_of_its_database(
    own: Servers, service: str, command: dict[str, Any]
) -> None:
    with MongoClient[dict[str, Any]](own.mongodb_url(service)) as client:
        assert refusal_of(client, command) == mongod.UNAUTHORIZED


def test_only_a_server_of_a_trial_is_started_with_test_commands(tmp_path: Path) -> None:
    program = mongod.program(Path("mongod"), tmp_path, port=1, environment={})

    assert "enableTestCommands" not in " ".join(program.command)
    assert "enableTestCommands=1" in may_fail(program).command


class Broker:
    """One account on the broker; a refused act closes its channel, so each act gets its own."""

    def __init__(self, connection: aiormq.abc.AbstractConnection) -> None:
        self._connection = connection

    async def may(self, act: Any) -> bool:
        channel = await self._connection.channel()
        try:
            await act(channel)
        except AMQPError:
            return False
        await channel.close()
        return True


@asynccontextmanager
async def on(own: Servers, account: str, vhost: str) -> AsyncIterator[Broker]:
    connection = await aiormq.connect(own.broker_url(account, vhost))
    try:
        yield Broker(connection)
    finally:
        await connection.close()


async def publish(channel: Any, exchange: str, key: str) -> None:
    await channel.basic_publish(b"{}", exchange=exchange, routing_key=key)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_publishes_its_own_facts_and_declares_nothing(own: Servers, service: str) -> None:
    other = "ordering" if service != "ordering" else "billing"
    async with on(own, service, "sesam") as broker:
        assert await broker.may(lambda c: publish(c, "events", f"{service}.something.v1"))
        assert await broker.may(lambda c: publish(c, "events", "tasks.task_raised.v1"))
        assert not await broker.may(lambda c: publish(c, "events", f"{other}.something.v1"))
        assert not await broker.may(lambda c: publish(c, "", f"{other}.hears.x"))
        assert not await broker.may(lambda c: c.queue_declare("a-new-queue", durable=True))
        assert not await broker.may(lambda c: c.exchange_declare("a-new-exchange"))
        assert not await broker.may(lambda c: c.basic_get("dead.letters"))


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_reads_its_own_queues_only(own: Servers, service: str) -> None:
    queues = [row["name"] for row in definitions(DISTRIBUTORS)["queues"] if row["vhost"] == "sesam"]
    async with on(own, service, "sesam") as broker:
        may_read = {queue for queue in queues if await broker.may(lambda c, q=queue: c.basic_get(q))}

    assert may_read == {queue for queue in queues if queue.startswith(f"{service}.hears.")}


async def test_only_ordering_orders_and_only_billing_invoices(own: Servers) -> None:
    for service in SERVICES:
        async with on(own, service, "partners") as broker:
            orders = await broker.may(
                lambda c: publish(c, "distributors.orders", "distributor.demo-a.orders")
            )
            fees = await broker.may(lambda c: publish(c, "invoicing", "invoicing.fees"))

        assert (orders, fees) == (service == "ordering", service == "billing")


OWN_QUEUE = {account_of(each): orders_queue(each) for each in DISTRIBUTORS} | {INVOICING: "invoicing.fees"}
OWN_ANSWER = {account_of(each): ("distributors.replies", reply_key(each)) for each in DISTRIBUTORS} | {
    INVOICING: ("invoicing.acks", "acks")
}
PLACES = (
    *OWN_ANSWER.values(),
    ("distributors.replies", "reply.demo-a.x"),
    ("distributors.replies", "xreply.demo-a"),
    ("distributors.orders", "distributor.demo-a.orders"),
    ("invoicing", "invoicing.fees"),
    ("dead", "x"),
    ("", "ordering.hears.distributors.replies"),
)


@pytest.mark.parametrize("partner", [*OWN_QUEUE, FORMER])
async def test_a_partner_reads_its_own_queue_and_answers_under_its_own_name_only(
    own: Servers, partner: str
) -> None:
    queues = [row["name"] for row in definitions(DISTRIBUTORS)["queues"] if row["vhost"] == "partners"]
    with pytest.raises(AMQPError):
        await aiormq.connect(own.broker_url(partner, "sesam"))

    async with on(own, partner, "partners") as broker:
        reads = {queue for queue in queues if await broker.may(lambda c, q=queue: c.basic_get(q))}
        writes = {place for place in PLACES if await broker.may(lambda c, p=place: publish(c, *p))}

    assert reads == {OWN_QUEUE[partner]} if partner != FORMER else not reads
    assert writes == {OWN_ANSWER[partner]} if partner != FORMER else not writes


async def test_a_distributor_cannot_sign_a_reply_with_another_ones_account(own: Servers) -> None:
    async def sign(channel: Any, account: str) -> None:
        properties = Basic.Properties(user_id=account)
        await channel.basic_publish(
            b"{}", exchange="distributors.replies", routing_key="reply.demo-a", properties=properties
        )

    async with on(own, "distributor-demo-a", "partners") as broker:
        assert await broker.may(lambda c: sign(c, "distributor-demo-a"))
        assert not await broker.may(lambda c: sign(c, "distributor-demo-b"))
