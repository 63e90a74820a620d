"""One module of domain/ given from other source than its file holds, for the tests of one process."""

import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Iterator
from types import ModuleType


class ChangedModule(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands in sys.meta_path before the module is first imported."""

    def __init__(self, module: str, source: str) -> None:
        self._name = f"domain.{module}"
        self._file = f"domain/{module}.py"
        self._code = compile(source, self._file, "exec")

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._file, loader=self)

    def create_module(self, _: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


def put_in_place(module: str, source: str) -> None:
    sys.meta_path.insert(0, ChangedModule(module, source))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    with (
        open(os.devnull, "w") as off,
        contextlib.redirect_stdout(off),
        contextlib.redirect_stderr(off),
    ):
        yield
