"""The embedded stack: started in the order of needs, stopped as one, its parts killed and started at will."""

import asyncio
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.embedded.children import POLL, Child, spawn
from deploy.embedded.errors import DidNotStart, OutOfReach, StackError
from deploy.embedded.folders import as_stack_error, open_data_folder
from deploy.embedded.ledger import Ledger
from deploy.embedded.ports import FIRST_CHOICE, choose_ports
from deploy.embedded.processes import PARTS, check_parts, port_names, process_table
from deploy.embedded.program import Prepare, Program
from deploy.embedded.secret_store import load_secrets
from deploy.embedded.settings_for import settings_for
from deploy.embedded.site import Site, engines_given
from deploy.migrations.bootstrap import SERVICES

# Parts that never read the clock of the cases.
BEFORE_THE_CLOCK = ("postgres", "kafka", "temporal", "mail", "issuer", "migrations")
# What is heard of a start: part, state (waiting, starting, ready, stopping, stopped, died), detail.
Heard = Callable[[str, str, str], None]


def _silent(_part: str, _state: str, _detail: str) -> None:
    return None


class EmbeddedStack:
    """`async with EmbeddedStack(folder) as stack:`; raises StackError, with nothing left running.

    `ports` are asked for; `any_port` passes the first choices over, so that test stacks stay out
    of a developer's way. `given` are engines by their URL, from the environment unless told.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        parts: Iterable[str] = PARTS,
        clock_plan: str | Callable[[], str] = "",
        ports: Mapping[str, int] | None = None,
        any_port: bool = False,
        durable: bool = True,
        given: Mapping[str, str] | None = None,
        heard: Heard = _silent,
    ) -> None:
        self.folder = data_dir
        self.parts = check_parts(parts)
        self._asked = dict(ports or {})
        self._first_choice = {} if any_port else FIRST_CHOICE
        self._clock_plan = clock_plan
        self._durable = durable
        self._given = dict(engines_given() if given is None else given)
        self._heard = heard
        self._children: dict[str, Child] = {}
        self._programs: dict[str, Program] = {}
        self._site: Site | None = None
        self._ledger: Ledger | None = None

    @property
    def site(self) -> Site:
        if self._site is None:
            raise RuntimeError("The stack has not been started.")
        return self._site

    @property
    def urls(self) -> dict[str, str]:
        """Each part's address; no secrets."""
        return {name: program.address for name, program in self._programs.items()}

    def env_for(self, name: str) -> dict[str, str]:
        """The THROUGHLINE_* settings of a part, secrets included."""
        return settings_for(name, self.site)

    def pid(self, name: str) -> int:
        return self._children[name].pid

    def died(self) -> dict[str, int]:
        """Parts that ended by themselves, with their exit codes."""
        codes = {name: child.exit_code for name, child in self._children.items()}
        return {
            name: code
            for name, code in codes.items()
            if code is not None and not self._programs[name].completes
        }

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def open(self) -> None:
        folder = open_data_folder(self.folder)
        self._ledger = Ledger(folder)
        for name in self._ledger.open():
            self._heard(name, "stopped", "left by an earlier stack")
        try:
            self._site = self._settle(folder)
            self._programs = process_table(self._site, self.parts)
            self._publish()
            await self._start_all()
        except BaseException:
            await self.close()
            raise

    def _settle(self, folder: Path) -> Site:
        wanted = port_names(self.parts, self._given)
        return Site(
            folder=folder,
            ports=choose_ports(wanted, self._asked, self._first_choice),
            secrets=load_secrets(folder, SERVICES),
            given=self._given,
            clock_plan="" if callable(self._clock_plan) else self._clock_plan,
            durable=self._durable,
        )

    def _publish(self) -> None:
        """Writes the addresses for other tools to read."""
        stack = {
            "pid": os.getpid(),
            "addresses": self.urls,
            "ports": dict(self.site.ports),
            "given": sorted(set(self._given) & set(self.parts)),
            "temporal_ui": self.site.url("temporal-ui"),
            "mail_page": self.site.url("mail-page"),
            "clock_plan": self.site.clock_plan,
        }
        draft = self.site.folder / "stack.new"
        draft.write_text(json.dumps(stack, indent=2))
        draft.replace(self.site.folder / "stack.json")

    async def _start_all(self) -> None:
        ready = {name: asyncio.Event() for name in self._programs}
        if callable(self._clock_plan):
            await self._start_parts(
                [name for name in self.parts if name in BEFORE_THE_CLOCK], ready
            )
            self._site = replace(self.site, clock_plan=self._clock_plan())
            self._programs = process_table(self._site, self.parts)
            self._publish()
        await self._start_parts([name for name in self.parts if not ready[name].is_set()], ready)

    async def _start_parts(self, names: list[str], ready: Mapping[str, asyncio.Event]) -> None:

        async def in_turn(name: str) -> None:
            self._heard(name, "waiting", "")
            for needed in self._programs[name].needs:
                if needed in ready:
                    await ready[needed].wait()
            await self.start(name)
            ready[name].set()

        try:
            async with asyncio.TaskGroup() as group:
                for name in names:
                    group.create_task(in_turn(name))
        except BaseExceptionGroup as failed:
            raise _first_told(failed) from None

    async def start(self, name: str) -> None:
        """Starts one part and waits until it is ready; its state is what its folder holds."""
        program = self._programs[name]
        self._heard(name, "starting", "")
        if program.launch is None:
            await self._reach(program)
        else:
            await self._launch(program, program.launch)
        self._heard(name, "ready", program.address)

    async def _launch(self, program: Program, prepare: Prepare) -> None:
        name = program.name
        try:
            launch = await prepare(lambda detail: self._heard(name, "starting", detail))
            child = spawn(name, launch, self.site.logs / f"{name}.log")
            self._children[name] = child
            if self._ledger:
                self._ledger.add(child)
        except OSError as error:
            raise as_stack_error(error, self.site.folder) from error
        await self._until_ready(program, child)

    async def _reach(self, program: Program) -> None:
        limit = time.monotonic() + program.within
        while not await program.ready():
            if time.monotonic() > limit:
                raise OutOfReach(
                    name=program.name.capitalize(),
                    variable=program.given_by,
                    address=program.address,
                )
            await asyncio.sleep(POLL)

    async def _until_ready(self, program: Program, child: Child) -> None:
        limit = time.monotonic() + program.within
        while child.exit_code is None and time.monotonic() < limit:
            if not program.completes and await program.ready():
                return
            await asyncio.sleep(POLL)
        if program.completes and child.exit_code == 0:
            return
        words = child.words()
        raise program.diagnose(words) or DidNotStart(
            name=program.name, reason=_reason(child, words, program.within), log=child.log
        )

    async def stop(self, name: str) -> None:
        child = self._children.pop(name, None)
        if child is None:
            return
        self._heard(name, "stopping", "")
        await child.stop(self._programs[name].stop_within)
        if self._ledger:
            self._ledger.remove(name)
        self._heard(name, "stopped", "")

    async def kill(self, name: str) -> None:
        """SIGKILL, as a fault would."""
        child = self._children.pop(name)
        child.popen.kill()
        await child.ended(5)
        if self._ledger:
            self._ledger.remove(name)
        self._heard(name, "died", "killed")

    async def restart(self, name: str) -> None:
        await self.stop(name)
        await self.start(name)

    async def close(self) -> None:
        """Stops every part, those that need others first. Completes even when cancelled."""
        closing = asyncio.ensure_future(self._stop_all())
        while not closing.done():
            with suppress(asyncio.CancelledError):
                await asyncio.shield(closing)
        if self._ledger:
            self._ledger.close()
            self._ledger = None
        closing.result()

    async def _stop_all(self) -> None:
        stopped = {name: asyncio.Event() for name in self._children}

        async def in_turn(name: str) -> None:
            for other, event in stopped.items():
                if name in self._programs[other].needs:
                    await event.wait()
            await self.stop(name)
            stopped[name].set()

        await asyncio.gather(*(in_turn(name) for name in tuple(self._children)))


def _first_told(failed: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first error that is a sentence for the operator, else all of them."""
    told: BaseException | None = failed.subgroup(StackError)
    while isinstance(told, BaseExceptionGroup):
        told = told.exceptions[0]
    return told or failed


def _reason(child: Child, words: str, within: float) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"[\w.()]*(Error|Exception|Refused)\b", line)]
    last = (errors or lines or ["it said nothing"])[-1]
    code = child.exit_code
    ended = f"not ready after {within:.0f} s" if code is None else f"ended with code {code}"
    return f"{ended}: {last[:200]}"
