"""The measure of sizes measures what it says."""

import ast
from pathlib import Path

import pytest

from tests.architecture import sizes
from tests.architecture.rules import Module
from tests.architecture.sizes import Size

SOURCE = '''"""One sentence."""


@cached
def short() -> int:
    return 1


class Record:
    async def longer(self) -> None:
        a = 1
        b = 2
        return a + b
'''


def a_module(tmp_path: Path, name: str = "domain/closure.py", source: str = SOURCE) -> Module:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    return Module(Path(name), ast.parse(source))


def test_module_is_as_long_as_its_lines_and_the_longest_comes_first(tmp_path: Path) -> None:
    found = sizes.module_sizes(
        tmp_path,
        [
            a_module(tmp_path, "domain/policy.py", "a = 1\n"),
            a_module(tmp_path),
            a_module(tmp_path, "domain/__init__.py", "b = 1\n"),
        ],
    )
    assert found == [Size(13, "domain/closure.py"), Size(1, "domain/policy.py")]


def test_function_is_measured_with_its_decorators_and_methods_too(tmp_path: Path) -> None:
    found = sizes.function_sizes([a_module(tmp_path)])
    assert found == [Size(4, "domain/closure.py:10 longer"), Size(3, "domain/closure.py:4 short")]


def test_share_is_of_those_with_at_most_so_many_lines() -> None:
    measured = [Size(300, "a"), Size(150, "b"), Size(40, "c"), Size(10, "d")]
    assert (sizes.share(measured, 150), sizes.share(measured, 9), sizes.share([], 9)) == (
        75,
        0,
        100,
    )


def test_tail_and_admired_figures_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    sizes.main()
    printed = capsys.readouterr().out
    assert "Longest modules" in printed
    assert "Longest functions" in printed
    assert "90 in 100" in printed
