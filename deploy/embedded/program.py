"""What the stack knows of one part: how it is launched, when it is ready, what it needs first."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from deploy.embedded.children import Launch
from deploy.embedded.errors import StackError

GIVEN_WITHIN = 10.0  # seconds for an engine given by its address to answer

Say = Callable[[str], None]
Prepare = Callable[[Say], Awaitable[Launch]]
Diagnosis = Callable[[str], StackError | None]


def no_diagnosis(_words: str) -> StackError | None:
    return None


@dataclass(frozen=True)
class Program:
    """One part of the stack.

    `launch` prepares what is missing (data folder, download), says what takes long, and answers how
    to start it; None for an engine given by its address. `diagnose` reads a failed start's log into
    an error that says what to do. `completes`: it is done when it has ended well, as a migration is.
    """

    name: str
    ready: Callable[[], Awaitable[bool]]
    launch: Prepare | None
    needs: tuple[str, ...] = ()
    within: float = 60.0
    stop_within: float = 10.0
    diagnose: Diagnosis = no_diagnosis
    completes: bool = False
    address: str = ""
    given_by: str = ""
