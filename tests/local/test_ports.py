"""Ports, the lock of a place, and the addresses of a run."""

import socket
from pathlib import Path

import pytest

from tools.embedded.lock import AlreadyRunning, hold
from tools.embedded.place import Place
from tools.embedded.ports import PortTaken, free_ports, is_free, require_free


def test_free_ports_are_free_and_differ() -> None:
    ports = free_ports(5)

    assert len(set(ports)) == 5
    assert all(is_free(port) for port in ports)


def test_a_taken_port_is_named_with_who_needs_it_and_how_to_change_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTaken) as taken:
            require_free([("MongoDB", port)], change_with="--port-base 8200")

    assert f"port {port}, which MongoDB needs" in str(taken.value)
    assert "--port-base 8200" in str(taken.value)


def test_no_two_programs_of_a_run_want_the_same_port() -> None:
    wanted = [port for _, port in Place(Path("/tmp/x"), 8100).wanted_ports(mongodb=True, broker=True)]

    assert len(wanted) == len(set(wanted)) == 13


def test_given_servers_want_no_port() -> None:
    wanted = dict(Place(Path("/tmp/x"), 8100).wanted_ports(mongodb=False, broker=False))

    assert "MongoDB" not in wanted
    assert len(wanted) == 9


def test_a_second_run_of_the_same_place_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(AlreadyRunning, match="--port-base 8200"), hold(tmp_path):
        pass


def test_a_place_is_free_again_after_its_run(tmp_path: Path) -> None:
    with hold(tmp_path):
        pass
    with hold(tmp_path):
        pass


def test_given_servers_are_used_instead_of_own_ones(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RABBITMQ_URL", "amqp://anna:secret@broker:5672/live")
    monkeypatch.delenv("RABBITMQ_PARTNERS_URL", raising=False)
    monkeypatch.delenv("MONGODB_URL", raising=False)

    environment = Place(tmp_path, 8100).environment()

    assert environment["RABBITMQ_URL"] == "amqp://anna:secret@broker:5672/live"
    assert environment["RABBITMQ_PARTNERS_URL"] == "amqp://anna:secret@broker:5672/partners"
    assert "@127.0.0.1:8110/" in environment["MONGODB_URL"]


def test_each_program_signs_in_as_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("RABBITMQ_URL", raising=False)
    monkeypatch.delenv("MONGODB_URL", raising=False)
    place = Place(tmp_path, 8100)

    urls = {name: place.environment(name)["MONGODB_URL"] for name in ("billing", "ordering")}

    assert urls["billing"] != urls["ordering"]
    assert f"billing:{place.accounts['billing']}@" in urls["billing"]
    assert place.accounts_file.stat().st_mode & 0o077 == 0
