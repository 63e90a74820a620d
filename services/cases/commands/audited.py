"""Who did what, and who was refused: an audit entry for each command, in the command's own transaction."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from domain import reference
from domain.errors import Hidden, Refusal
from domain.vocabulary import Section
from infrastructure.unit_of_work import UnitOfWork

P = ParamSpec("P")
R = TypeVar("R")
Command = Callable[Concatenate[UnitOfWork, str, P], Coroutine[Any, Any, R]]


def audited(action: str, section: Section) -> Callable[[Command[P, R]], Command[P, R]]:
    """Wraps a command on one case; the reference reaches it as it is stored. Raises Malformed."""

    def wrap(command: Command[P, R]) -> Command[P, R]:
        @wraps(command)
        async def run(uow: UnitOfWork, typed: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
            ref = reference.read(typed)
            try:
                answer = await command(uow, ref, *args, **kwargs)
            except Hidden:
                uow.audit(action, ref, section, outcome="hidden")
                raise
            except Refusal as refused:
                uow.audit(action, ref, section, outcome=refused.code)
                raise
            uow.audit(action, ref, section)
            return answer

        return run

    return wrap
