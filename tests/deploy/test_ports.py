"""Which ports a stack takes."""

import socket
from collections.abc import Iterator

import pytest

from deploy.embedded.errors import PortInUse, UnknownPart
from deploy.embedded.ports import choose_ports, free_port, is_free


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_the_first_choice_is_taken_when_it_is_free():
    port = free_port()
    assert choose_ports(["cases"], first_choice={"cases": port}) == {"cases": port}


def test_another_port_is_found_when_the_first_choice_is_in_use(taken_port):
    chosen = choose_ports(["cases"], first_choice={"cases": taken_port})
    assert chosen["cases"] != taken_port
    assert is_free(chosen["cases"])


def test_a_port_asked_for_and_in_use_is_refused_by_its_name(taken_port):
    with pytest.raises(PortInUse, match=f"Port {taken_port} asked for kafka is in use"):
        choose_ports(["kafka"], asked={"kafka": taken_port})


def test_a_port_asked_for_goes_before_the_first_choice_of_another():
    port = free_port()
    chosen = choose_ports(["cases", "kafka"], {"kafka": port}, {"cases": port})
    assert chosen["kafka"] == port
    assert chosen["cases"] != port


def test_a_free_port_is_given_to_nobody_else_who_asks_for_any():
    ports = {free_port() for _ in range(200)}
    others = set()
    for _ in range(5000):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            others.add(listener.getsockname()[1])
    assert len(ports) == 200
    assert not ports & others
    assert all(is_free(port) for port in ports)


def test_a_port_for_an_unknown_part_is_refused():
    with pytest.raises(UnknownPart, match="no part called kafak"):
        choose_ports(["kafka"], asked={"kafak": 9092})
