"""How much memory each process holds, and all of them together."""

from bench.figures import Part
from bench.ground import Ground
from deploy.migrations.bootstrap import SERVICES


def measure(ground: Ground, name: str) -> Part:
    part = Part(name, f"Memory, {len(ground.refs)} cases on record")
    found = ground.memory()
    for process, (resident, share) in found.items():
        if process in SERVICES:
            part.at_most(process, resident, "MB", 150)
        else:
            part.add(process, share, "MB")
    part.at_most("everything together", sum(share for _, share in found.values()), "MB", 2560)
    part.notes.append(
        "A service by its resident memory; all else by what it holds alone and its share of what is shared"
        " (Postgres is many processes in one memory)."
    )
    return part
