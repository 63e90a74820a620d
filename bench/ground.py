"""The ground a part is measured on: a stack on the real clock, the people who act, the ways to look inside."""

import json
import os
import random
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import asyncpg
import httpx2
import psutil  # type: ignore[import-untyped]  # its stubs are not among our tools

from bench.wire import Answered, send_all
from deploy.embedded.running import memory_mb
from deploy.embedded.stack import EmbeddedStack
from deploy.migrations.bootstrap import DATABASE, with_database

AGENCY, TEAM, WORKER, SUPERVISOR = "agency-north", "team-one", "amal", "jonas"
AT_ONCE = 16
# A pack of its own: nothing falls due beside what is measured.
PACK = "bench"
_CASE = {
    "source": "school", "criteria": ["emotional-distress"], "concerns": "An example.",
    "consent": {
        "given_by": "mother", "how": "written", "purposes": ["case-management", "referral"],
        "explained": True,
    },
    "expectations": {"can": ["Regular talks"], "cannot": ["Money"]},
    "caseworker_id": WORKER, "supervisor_id": SUPERVISOR,
}  # fmt: skip
_SYLLABLES = (
    "ba",
    "do",
    "fi",
    "ga",
    "ke",
    "li",
    "mo",
    "nu",
    "pe",
    "ra",
    "so",
    "ta",
    "vi",
    "wo",
    "ze",
)
_chance = random.Random(7)
PEOPLE = {WORKER: "caseworker", SUPERVISOR: "supervisor", "ruth": "manager", "olga": "operations"}


def a_case() -> dict[str, Any]:
    """A registration; children differ as they do, so that few are alike."""

    def word(syllables: int) -> str:
        return "".join(_chance.choices(_SYLLABLES, k=syllables)).capitalize()

    child = {
        "name": f"{word(3)} {word(4)}", "age": _chance.randrange(18),
        "gender": _chance.choice(("girl", "boy")), "location": f"{word(3)} Street 4",
    }  # fmt: skip
    return {**_CASE, "child": child}


def write_pack(folder: Path) -> None:
    """The default practice without reminders, under a name of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    text = Path("contracts/policies/default.yaml").read_text(encoding="utf-8")
    lines = [
        "    reminders: []" if line.lstrip().startswith("reminders:") else line
        for line in text.replace("pack: default\n", f"pack: {PACK}\n", 1).splitlines()
    ]
    (folder / "bench.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


class Ground:
    """`async with Ground(folder, parts) as ground:`; raises StackError. Nothing is left running."""

    def __init__(self, folder: Path, parts: Iterable[str]) -> None:
        write_pack(folder / "packs")
        os.environ["THROUGHLINE_POLICY_DIR"] = str(folder / "packs")
        self.stack = EmbeddedStack(folder / "stack", parts=parts, any_port=True, given={})
        self.tokens: dict[str, str] = {}
        self.refs: list[str] = []  # every case on the record, oldest first

    async def __aenter__(self) -> Self:
        await self.stack.open()
        try:
            await self._sign_in()
            if "agencies" in self.stack.parts:
                await self._set_stage()
        except BaseException:
            await self.stack.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stack.close()

    def url(self, service: str) -> str:
        return self.stack.urls[service]

    async def _sign_in(self) -> None:
        async with httpx2.AsyncClient(timeout=10.0) as client:
            for name, role in {**PEOPLE, "seed": "administrator"}.items():
                home = {"agency": AGENCY, "team": TEAM} if name in PEOPLE else {"agency": "x1"}
                body = {"sub": name, "roles": [role], **home}
                answer = await client.post(f"{self.url('issuer')}/token", json=body)
                self.tokens[name] = answer.raise_for_status().json()["access_token"]

    async def _set_stage(self) -> None:
        bearer = {"Authorization": f"Bearer {self.tokens['seed']}"}
        async with httpx2.AsyncClient(timeout=10.0, headers=bearer) as client:

            async def put(service: str, path: str, body: Any) -> None:
                answer = await client.put(self.url(service) + path, json=body)
                answer.raise_for_status()

            teams = [{"team_id": TEAM, "name": "Team One"}]
            agency = {"name": AGENCY, "zone": "Europe/Berlin", "policy": PACK, "teams": teams}
            await put("agencies", f"/agencies/{AGENCY}", agency)
            for name, role in PEOPLE.items():
                staff = {"name": name, "team_id": TEAM, "roles": [role]}
                await put("agencies", f"/agencies/{AGENCY}/staff/{name}", staff)
                address = {"email": f"{name}@{AGENCY}.example", "language": "en"}
                await put("notifications", f"/recipients/{name}", address)

    async def register(self, count: int, at_once: int = AT_ONCE) -> list[Answered]:
        requests = [("/cases", a_case()) for _ in range(count)]
        answers = await send_all(self.url("cases"), self.tokens[WORKER], requests, at_once)
        self.refs += [each.json()["case_ref"] for each in answers]
        return answers

    @property
    def database_url(self) -> str:
        return with_database(self.stack.site.database_admin_url, DATABASE)

    async def query(self, statement: str, *arguments: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.database_url)
        try:
            return list(await connection.fetch(statement, *arguments))
        finally:
            await connection.close()

    async def execute(self, statements: str) -> None:
        connection = await asyncpg.connect(self.database_url)
        try:
            await connection.execute(statements)
        finally:
            await connection.close()

    def cpu_seconds(self) -> dict[str, float]:
        """What each part has used so far, with its children; and we ourselves."""
        used = {name: _cpu(self.stack.pid(name)) for name in self._lasting()}
        return {**used, "bench": _cpu(os.getpid(), children=False)}

    def memory(self) -> dict[str, tuple[float, float]]:
        """Each part's resident memory, and its fair share of what is shared with others, both in MB."""
        found = {}
        for name in self._lasting():
            pid = self.stack.pid(name)
            family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
            resident = sum(each.memory_info().rss for each in family) / 1024**2
            found[name] = (resident, float(memory_mb(pid) or resident))
        return found

    def _lasting(self) -> list[str]:
        return [name for name in self.stack.parts if name != "migrations"]


class Others:
    """How much of the machine other programs use, which no figure of ours can be blamed for."""

    def __init__(self) -> None:
        self._at, self._busy, self._own = time.perf_counter(), _busy(), _own()

    def cores(self) -> float:
        """Since the last time this was asked."""
        at, busy, own = time.perf_counter(), _busy(), _own()
        used = (busy - self._busy - (own - self._own)) / (at - self._at)
        self._at, self._busy, self._own = at, busy, own
        return max(0.0, float(used))


def _busy() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)


def _own() -> float:
    """Of this process and all it has started; what has ended is counted with its parent."""
    every = [psutil.Process(), *psutil.Process().children(recursive=True)]
    times = []
    for each in every:
        with suppress(psutil.Error):
            times.append(each.cpu_times())
    return float(
        sum(each.user + each.system + each.children_user + each.children_system for each in times)
    )


def _cpu(pid: int, *, children: bool = True) -> float:
    first = psutil.Process(pid)
    family = [first, *(first.children(recursive=True) if children else ())]
    times = [each.cpu_times() for each in family]
    # Children that have ended are counted with their parent.
    ended = sum(each.children_user + each.children_system for each in times) if children else 0.0
    return float(sum(each.user + each.system for each in times) + ended)


def machine() -> dict[str, Any]:
    """What the figures were taken on, and when."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "date": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="minutes"),
        "commit": commit or "unknown",
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1024**3, 1),
        "busy_with_others": os.getloadavg()[0],
        "processor": _processor(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return "unknown"
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown"


def dump(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
