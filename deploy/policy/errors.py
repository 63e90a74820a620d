"""What a policy command cannot do, in one sentence, or in a line for each fault."""


class PolicyCommandError(Exception):
    """A pack or a file of facts cannot be used."""
