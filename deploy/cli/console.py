"""What all commands say and ask alike: the terminal, the data folder, errors in one sentence."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

import typer
from rich.console import Console

from deploy.embedded.errors import StackError
from deploy.embedded.folders import default_data_folder

P = ParamSpec("P")
R = TypeVar("R")

out = Console()
errors = Console(stderr=True)

DataFolder = Annotated[
    Path,
    typer.Option(
        "--data",
        help="Data folder of the stack.",
        default_factory=default_data_folder,
        envvar="THROUGHLINE_DATA",
        show_default=".data",
    ),
]


def in_one_sentence(command: Callable[P, R]) -> Callable[P, R]:
    """Shows a StackError as its sentence, and ends with 1."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except StackError as error:
            errors.print(str(error), style="red", highlight=False, soft_wrap=True, markup=False)
            raise typer.Exit(1) from None

    return told
