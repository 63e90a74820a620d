"""Starts a program that ends with its parent: run as a file, `leash.py SIGNAL PARENT ACCOUNT PROGRAM...`.

Standard library only, because it runs before the program, isolated from every installed package.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1


def become(account: str) -> None:
    entry = pwd.getpwnam(account)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.environ["HOME"] = "/"


def end_with_parent(signal_number: int, parent: int) -> None:
    # After the change of account: the kernel forgets the wish when credentials change.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        sys.exit(1)


def run(arguments: list[str]) -> None:
    signal_number, parent, account, *command = arguments
    if account != "-":
        become(account)
    end_with_parent(int(signal_number), int(parent))
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    run(sys.argv[1:])
