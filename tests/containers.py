"""The same servers in Docker, for machines where they do not run natively."""

import base64
import gzip
import json
import os
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from pymongo import MongoClient
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy
from testcontainers.core.waiting_utils import wait_for_logs

MONGODB_IMAGE = os.environ.get("SESAM_MONGODB_IMAGE", "mongo:8.0")
RABBITMQ_IMAGE = os.environ.get("SESAM_RABBITMQ_IMAGE", "rabbitmq:4")
START_WITHIN_SECONDS = 90
LOAD_DEFINITIONS = """
echo "$DEFINITIONS" | base64 -d | gunzip > /etc/rabbitmq/definitions.json
echo 'load_definitions = /etc/rabbitmq/definitions.json' > /etc/rabbitmq/conf.d/90-definitions.conf
echo 'loopback_users = none' >> /etc/rabbitmq/conf.d/90-definitions.conf
exec docker-entrypoint.sh rabbitmq-server
"""


def mongodb(running: ExitStack) -> str:
    container = DockerContainer(MONGODB_IMAGE).with_exposed_ports(27017)
    container.with_command("--replSet sesam --setParameter transactionLifetimeLimitSeconds=5")
    running.enter_context(container)
    wait_for_logs(container, LogMessageWaitStrategy("Waiting for connections"), START_WITHIN_SECONDS)
    url = f"mongodb://{container.get_container_host_ip()}:{container.get_exposed_port(27017)}/?directConnection=true"
    with MongoClient[dict[str, Any]](url) as client:
        client.admin.command(
            "replSetInitiate", {"_id": "sesam", "members": [{"_id": 0, "host": "127.0.0.1:27017"}]}
        )
    wait_for_logs(container, LogMessageWaitStrategy("Transition to primary complete"), START_WITHIN_SECONDS)
    return url


def rabbitmq(running: ExitStack, definitions: Mapping[str, Any], vhost: str) -> str:
    packed = base64.b64encode(gzip.compress(json.dumps(definitions).encode())).decode()
    container = DockerContainer(RABBITMQ_IMAGE).with_exposed_ports(5672).with_env("DEFINITIONS", packed)
    container.with_kwargs(entrypoint=["sh", "-c", LOAD_DEFINITIONS])
    running.enter_context(container)
    wait_for_logs(container, LogMessageWaitStrategy("Server startup complete"), START_WITHIN_SECONDS)
    return (
        f"amqp://guest:guest@{container.get_container_host_ip()}:{container.get_exposed_port(5672)}/{vhost}"
    )
