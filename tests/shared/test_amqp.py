"""The broker's address keeps what it says, and gets a heartbeat."""

import pytest

from deploy.local.rabbitmq import in_vhost
from shared.amqp import address


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("amqp://a:b@broker:5672/sesam", "amqp://a:b@broker:5672/sesam?heartbeat=10"),
        (
            "amqps://a:b@broker/sesam?cafile=/etc/ssl/ca.pem&no_verify_ssl=1",
            "amqps://a:b@broker/sesam?cafile=/etc/ssl/ca.pem&no_verify_ssl=1&heartbeat=10",
        ),
        ("amqp://a:p%40ss%2Fw@broker/a%2Fb?", "amqp://a:p%40ss%2Fw@broker/a%2Fb?heartbeat=10"),
        ("amqp://broker/sesam?heartbeat=30", "amqp://broker/sesam?heartbeat=30"),
    ],
)
def test_a_heartbeat_is_added_beside_what_the_address_says(given: str, expected: str) -> None:
    assert address(given) == expected


def test_the_partners_vhost_of_a_given_broker_keeps_its_tls_options() -> None:
    given = "amqps://anna:se%2Fcret@broker:5671/live?cafile=/etc/ssl/ca.pem"

    assert in_vhost(given, "partners") == "amqps://anna:se%2Fcret@broker:5671/partners?cafile=/etc/ssl/ca.pem"
