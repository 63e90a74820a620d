"""How many mutants of each rule the tests kill, as mutmut left them in `mutants/`: python -m bench.mutations"""

import json
from collections import Counter
from pathlib import Path

_KEPT = Path("mutants") / "domain"
_SURVIVED, _NOT_RUN = 0, None


def table(folder: Path = _KEPT) -> str:
    """Markdown; only modules whose mutants were all run, and below it the names of those that lived."""
    rows, lived, together = [], [], Counter[bool]()
    for path in sorted(folder.rglob("*.meta")):
        codes: dict[str, int | None] = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
        if not codes or _NOT_RUN in codes.values():
            continue
        lived += [name for name, code in codes.items() if code == _SURVIVED]
        counts = Counter(code != _SURVIVED for code in codes.values())
        together += counts
        rows.append(_row(path.name.removesuffix(".py.meta"), counts))
    head = ["| module | mutants | killed |", "|---|---|---|"]
    return "\n".join([*head, *rows, _row("together", together), "", *lived])


def _row(module: str, counts: Counter[bool]) -> str:
    every = counts.total()
    share = f"{100 * counts[True] / every:.0f} in 100" if every else "none"
    return f"| `{module}` | {every} | {counts[True]} ({share}) |"


if __name__ == "__main__":
    print(table())
