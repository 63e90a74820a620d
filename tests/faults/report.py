"""The tables a run prints: what was killed, what went on meanwhile, what was found afterwards."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.faults.calamity import Outage
from tests.faults.judge import Finding
from tests.faults.ledger import Fate, Ledger


def show(
    console: Console, outages: Sequence[Outage], ledger: Ledger, found: Sequence[Finding]
) -> None:
    console.print(_outages(outages, ledger))
    fates = ledger.fates()
    counted = ", ".join(f"{fates[fate]} {fate.value}" for fate in Fate if fates[fate])
    tries = sum(each.tries for each in ledger.commands)
    console.print(f"Commands: {counted}; {tries} requests in all. {_refusals(ledger)}")
    console.print(_findings(found))


def _outages(outages: Sequence[Outage], ledger: Ledger) -> Table:
    table = Table(title="Killed (SIGKILL) and started again")
    for name in ("part", "away s", "ready after s", "commands meanwhile", "503", "slowest 503 s"):
        table.add_column(name, justify="left" if name == "part" else "right")
    for each in outages:
        meanwhile = ledger.acknowledged_between(each.killed, each.started)
        away = [one for one in ledger.turned_away if each.killed <= one.wall <= each.ready]
        table.add_row(
            each.part,
            f"{(each.started - each.killed).total_seconds():.1f}",
            f"{(each.ready - each.started).total_seconds():.1f}",
            ", ".join(f"{service} {n}" for service, n in sorted(meanwhile.items())) or "none",
            str(len(away)),
            f"{max((one.took for one in away), default=0.0):.2f}",
        )
    return table


def _refusals(ledger: Ledger) -> str:
    refused: dict[str, int] = {}
    for each in ledger.commands:
        if each.fate is Fate.REFUSED:
            refused[f"{each.name}: {each.code}"] = refused.get(f"{each.name}: {each.code}", 0) + 1
    listed = ", ".join(f"{what} {n}" for what, n in sorted(refused.items()))
    return f"Refused by the practice: {listed or 'none'}."


def _findings(found: Sequence[Finding]) -> Table:
    table = Table(title="Afterwards")
    table.add_column("what must be true")
    table.add_column("looked at", justify="right")
    table.add_column("breaches")
    for each in found:
        shown = "\n".join(each.breaches[:8]) or "none"
        more = f"\n... {len(each.breaches)} in all" if len(each.breaches) > 8 else ""
        table.add_row(each.what, str(each.looked_at), f"{shown}{more}")
    return table
