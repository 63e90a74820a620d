"""Starts one service: `python -m services NAME`; prints its API: `python -m services openapi NAME`."""

import json
import sys
from importlib import import_module
from pkgutil import iter_modules

import services
from infrastructure.http import create_api
from infrastructure.running import CANNOT_START, run
from infrastructure.service import Service

_USAGE = (
    "usage: python -m services NAME\n       python -m services openapi NAME\nNAME is one of: {}\n"
)


def main(arguments: list[str]) -> int:
    match arguments:
        case [name] if name in names():
            return run(load(name))
        case ["openapi", name] if name in names():
            document = create_api(load(name)).openapi()
            sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
            return 0
        case _:
            sys.stderr.write(_USAGE.format(", ".join(names())))
            return CANNOT_START


def names() -> list[str]:
    return sorted(module.name for module in iter_modules(services.__path__) if module.ispkg)


def load(name: str) -> Service:
    """The `service` that services/NAME/app.py declares."""
    declared = import_module(f"services.{name}.app").service
    if not isinstance(declared, Service):
        raise TypeError(f"services.{name}.app.service is not a Service")
    return declared


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
