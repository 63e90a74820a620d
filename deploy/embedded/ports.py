"""Which TCP port each part listens on: the one asked for, else its first choice, else a free one."""

import socket
from collections.abc import Iterable, Mapping

from deploy.embedded.errors import PortInUse, UnknownPart

HOST = "127.0.0.1"

FIRST_CHOICE = {
    "postgres": 8432,
    "kafka": 8092,
    "kafka-controller": 8093,
    "temporal": 8233,
    "temporal-ui": 8234,
    "issuer": 8100,
    "cases": 8101,
    "referrals": 8102,
    "reviews": 8103,
    "notifications": 8104,
    "agencies": 8105,
    "operations": 8106,
    "worker": 8111,
    "bridge": 8112,
    "mail": 8125,
    "mail-page": 8126,
}


def is_free(port: int) -> bool:
    """True when nothing listens on the port, on this machine's loopback or on all addresses."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without it a port whose last connections are in TIME_WAIT would look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port(taken: Iterable[int] = ()) -> int:
    """A port that nobody else is given for a minute, by the kernel's own rule about closed connections."""
    while True:
        port = _kept_free()
        if port not in taken:
            return port


def _kept_free() -> int:
    # A port in TIME_WAIT is handed to nobody who asks for any, and goes to who asks for it by number.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, 0))
        listener.listen(1)
        port = int(listener.getsockname()[1])
        with socket.create_connection((HOST, port)):
            accepted, _ = listener.accept()
            accepted.close()  # the first to close is the one that waits
    return port


def choose_ports(
    names: Iterable[str],
    asked: Mapping[str, int] | None = None,
    first_choice: Mapping[str, int] = FIRST_CHOICE,
) -> dict[str, int]:
    """A port for each name. Raises PortInUse for an asked port only; UnknownPart."""
    asked = dict(asked or {})
    names = tuple(names)
    for name in asked:
        if name not in FIRST_CHOICE:
            raise UnknownPart(name=name, allowed=", ".join(FIRST_CHOICE))
    chosen: dict[str, int] = {}
    for name in sorted(names, key=lambda name: name not in asked):
        wanted = asked.get(name) or first_choice.get(name)
        taken = chosen.values()
        if wanted and wanted not in taken and is_free(wanted):
            chosen[name] = wanted
        elif name in asked:
            raise PortInUse(port=wanted, name=name)
        else:
            chosen[name] = free_port({*taken, *asked.values()})
    return chosen
