"""Asks a process's own page, from inside its container: `python -I -S answers.py /live`; exit 0 for a 200.

A bare socket, because it runs every few seconds beside each process and an HTTP client costs more to load.
"""

import os
import socket
import sys

PATIENCE = 4.0  # seconds; less than the health check's own limit


def port() -> int:
    """The worker's and the bridge's pages have a port of their own name."""
    chosen = os.environ.get("THROUGHLINE_METRICS_PORT") or os.environ["THROUGHLINE_HTTP_PORT"]
    return int(chosen)


def answers(path: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port()), PATIENCE) as line:
            line.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
            return line.recv(64).split(b" ", 2)[1:2] == [b"200"]
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(0 if answers(sys.argv[1]) else 1)
