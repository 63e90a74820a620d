"""What can keep the stack from starting, each a sentence that says what to do.

StackError
├── PortInUse
├── AlreadyRunning
├── NotRunning
├── NoNetwork
├── NoGo
├── BuildFailed
├── DiskFull
├── FolderOutOfReach
├── DamagedFolder
├── OutOfReach
├── UnknownPart
├── DidNotStart
└── DidNotStop
"""


class StackError(Exception):
    """The stack cannot do this."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(" ".join((type(self).__doc__ or "").split()).format(**facts))


class PortInUse(StackError):
    """Port {port} asked for {name} is in use or not ours to take; end what listens there, or ask
    for another with --port {name}=PORT."""


class AlreadyRunning(StackError):
    """The data folder {folder} already has a running stack (pid {pid}); use it, end it with
    `throughline down`, or give another folder with --data."""


class NotRunning(StackError):
    """No stack runs on the data folder {folder}; start one with `throughline up`."""


class NoNetwork(StackError):
    """{what} is not in the cache yet and cannot be fetched ({reason}); connect to the network
    once, then start again."""


class NoGo(StackError):
    """No Temporal server was found: put `temporal` on the PATH, allow downloads from
    temporal.download, or install Go 1.24 or newer to build it once, then start again."""


class BuildFailed(StackError):
    """Go could not build the Temporal server ({reason}); read {log}, or put a ready `temporal`
    on the PATH, then start again."""


class DiskFull(StackError):
    """Only {free_mb} MB are free at {folder} and the stack needs {needed_mb} MB; free some space
    or give another folder with --data."""


class FolderOutOfReach(StackError):
    """The data folder {folder} cannot be used ({reason}); give one you may write to with
    --data."""


class DamagedFolder(StackError):
    """{name} cannot read its data in {folder} ({reason}); restore the folder from a backup, or
    move it away to begin with an empty one."""


class OutOfReach(StackError):
    """{name} given by {variable} does not answer at {address}; start it, correct the address, or
    unset {variable} to use the embedded one."""


class UnknownPart(StackError):
    """There is no part called {name}; choose from {allowed}."""


class DidNotStart(StackError):
    """{name} did not start ({reason}); read {log} for the cause, then start again."""


class DidNotStop(StackError):
    """The stack on {folder} did not end within {seconds} s; look at pid {pid} and end it by
    hand."""
