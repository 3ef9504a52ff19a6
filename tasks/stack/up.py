"""`orchestrator up`: the whole product on one machine, in the order in which it has to start."""

import asyncio
import signal
import sys
from dataclasses import dataclass
from datetime import date
from logging import getLogger
from pathlib import Path

from tasks import log as logs
from tasks.clock import utcnow
from tasks.errors import OrchestratorError
from tasks.settings import settings
from tasks.stack import mail_catcher
from tasks.stack.home import Stack
from tasks.stack.ports import LOCAL
from tasks.stack.supervisor import Part, Supervisor, how_it_ended
from tasks.stack.terminal import Terminal
from tasks.stack.valkey import valkey, wait_until_it_answers

log = getLogger(__name__)

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Up:
    """One stack, from its start to its end."""

    home: Path
    stack: Stack
    demo: bool
    terminal: Terminal

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(self.terminal.say)
        self.stopping = asyncio.Event()

    async def run(self) -> int:
        """Run until somebody stops it; return the exit code."""
        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, self._stop_or_kill)
        stopped = asyncio.create_task(self.stopping.wait())
        work = asyncio.create_task(self._work())
        try:
            await asyncio.wait({stopped, work}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            self.terminal.tell("Stopping; once more stops at once.")
            return 0
        finally:
            stopped.cancel()
            work.cancel()
            await self.supervisor.stop()
            log.info("stack stopped")

    async def _work(self) -> int:
        """Start the parts, then stay; return only with what makes going on impossible."""
        try:
            await self._start()
        except OrchestratorError as error:
            self.terminal.tell(error.message)
            return 1
        while True:
            await _next_day()
            if self.demo:
                await self._errand("demo", "tasks.stack.prepare", "--only-company")

    async def _start(self) -> None:
        self.terminal.tell(f"Starting in {self.home}. Ctrl-C stops everything.")
        self.supervisor.start(valkey(self.home, self.stack))
        self.catcher = await mail_catcher.serve(self.home / "mail", self.stack.smtp_port)
        await wait_until_it_answers(self.stack)
        demo = "--demo" if self.demo else "--no-demo"
        code = await self._errand("prepare", "tasks.stack.prepare", demo)
        if code != 0:
            raise OrchestratorError(
                "The stack cannot start: preparing it {how}. The lines above say why.",
                how=how_it_ended(code),
            )
        self.supervisor.start(_command("worker", "worker", stop_seconds=30))
        self.supervisor.start(_command("beat", "beat"))
        self.supervisor.start(
            _command("web", "web", f"--bind={self.stack.web_bind}", stop_seconds=15)
        )
        await asyncio.gather(self._tell_address(), self._tell_first_report())

    async def _errand(self, name: str, module: str, *arguments: str) -> int | None:
        command = (sys.executable, "-m", module, *arguments)
        return await self.supervisor.run(Part(name, command, ENVIRONMENT))

    async def _web_answers(self) -> bool:
        port = int(self.stack.web_bind.rpartition(":")[2])
        try:
            reader, writer = await asyncio.open_connection(LOCAL, port)
        except OSError:
            return False
        try:
            writer.write(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return (await reader.readline()).startswith(b"HTTP/")
        except OSError:
            return False
        finally:
            writer.close()

    async def _tell_first_report(self) -> None:
        if self.demo:
            await self._errand("", "tasks.stack.first_report")

    async def _tell_address(self) -> None:
        while not await self._web_answers():
            await asyncio.sleep(0.1)
        self.terminal.tell()
        self.terminal.tell(f"Task Orchestrator is ready at {self.stack.web_url}")
        login = self.home / "login.txt"
        if login.exists():
            self.terminal.tell(f"  login  admin; the password is in {login}")
        self.terminal.tell(f"  mail   kept in {self.home / 'mail'}, sent nowhere")
        self.terminal.tell(f"  logs   {settings().logs_dir}")
        log.info("stack ready", extra={"url": self.stack.web_url})

    def _stop_or_kill(self) -> None:
        if self.stopping.is_set():
            self.supervisor.kill()
        self.stopping.set()


ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",
    "MALLOC_ARENA_MAX": "2",  # one arena a thread costs megabytes that are never used again
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser",  # nobody else is here
}


def _command(name: str, *arguments: str, stop_seconds: float = 10) -> Part:
    command = (sys.executable, "-m", "tasks.cli.main", *arguments)
    return Part(name, command, ENVIRONMENT, stop_seconds=stop_seconds)


async def _next_day() -> None:
    """Wait until the date has changed in the zone of the installation."""
    began = _today()
    while _today() == began:
        await asyncio.sleep(60)


def _today() -> date:
    return utcnow().astimezone(settings().zone).date()


def up(home: Path, stack: Stack, *, demo: bool) -> int:
    """Run the stack in this process until it is stopped; return the exit code."""
    logs.configure(logs.PRODUCT, stream=False)

    async def run() -> int:
        return await Up(home, stack, demo, Terminal()).run()

    return asyncio.run(run())
