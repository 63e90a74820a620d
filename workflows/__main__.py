"""Starts one of ours: `python -m workflows worker`, `python -m workflows bridge`."""

import sys

from workflows.process import CANNOT_START, run_process

_USAGE = "usage: python -m workflows worker|bridge\n"


def main(arguments: list[str]) -> int:
    # Imported where they are wanted: the bridge need not hold the worker, nor the worker the bridge.
    match arguments:
        case ["worker"]:
            from workflows.worker import work

            return run_process("worker", {"worker": work})
        case ["bridge"]:
            from workflows.bridge.consumer import carry_facts, carry_mail

            return run_process("bridge", {"facts": carry_facts, "mail": carry_mail})
        case _:
            sys.stderr.write(_USAGE)
            return CANNOT_START


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
