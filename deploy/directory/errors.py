"""What a directory command cannot do, in one sentence."""


class DirectoryCommandError(Exception):
    """A file, a dictionary or a service cannot be used."""
