"""How figures change when ten times the cases are on record."""

from bench.figures import Part

COMPARED = {
    "platform": ("through HTTP", "p99"),
    "travel": ("p50", "p99"),
    "lateness-many": ("missed on the bus, p99", "announced a second", "overdue in SQL after"),
    "memory": ("cases", "operations", "worker", "everything together"),
}


def compare(parts: dict[str, Part], few: int, many: int) -> Part:
    """Of each figure taken at both sizes: the second by the first."""
    part = Part("growth", f"{many} cases on record by {few}")
    for name, figures in COMPARED.items():
        before, after = parts.get(name), parts.get(f"{name}-grown")
        if before is None or after is None:
            continue
        for what in figures:
            first, second = before.value(what), after.value(what)
            if first and second:
                part.add(f"{name}: {what}", second / first, "times")
    return part
