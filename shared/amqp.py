"""The broker's address, as its client takes it."""

from aio_pika.connection import make_url

HEARTBEAT_SECONDS = 10
"""A dead connection is noticed after three of them; the client's own default takes three minutes."""


def address(url: str) -> str:
    """Give the address with our heartbeat beside what its query says: TLS options, a heartbeat of its own."""
    given = make_url(url)
    return str(given if "heartbeat" in given.query else make_url(given, heartbeat=HEARTBEAT_SECONDS))
