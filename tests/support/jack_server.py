"""A JACK server of one's own: real-time, without a sound card, under a name that nobody else has.

    @pytest.fixture(scope="module")
    def jack():
        with jack_server.running() as server:
            yield server

JACK reads its server's name from the environment when a client is opened, so live things belong in a subprocess:
`server.run([...])`, `server.start([...])`, or `subprocess.Popen(..., env=server.environment)`. For a client in the test's own
process, `server.adopt(monkeypatch)`. The benchmarks use it too, and run without pytest.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

_COUNT = itertools.count()
_NOTHING: Mapping[str, str] = MappingProxyType({})
_PATIENCE_S = 20.0
_DIE_WITH_US = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []  # it execs: the pid is the program's


class Server:
    """One `jackd -d dummy`; it may be killed and started again under its name."""

    def __init__(self, folder: Path, rate: int, period: int, driver: tuple[str, ...]) -> None:
        self.name = f"jack-server-{os.getpid()}-{next(_COUNT)}"
        self.rate, self.period = rate, period
        self.log_path = folder / f"{self.name}.log"
        self.environment = {**os.environ, "JACK_DEFAULT_SERVER": self.name, "JACK_NO_START_SERVER": "1"}
        server = ["jackd", "-n", self.name, "-R", "-P", "70"]
        self._command = [*_DIE_WITH_US, *server, "-d", "dummy", "-r", str(rate), "-p", str(period), *driver]
        self._process: subprocess.Popen[bytes] | None = None
        self._was_killed = False
        self._clients: list[subprocess.Popen[Any]] = []

    def start_up(self) -> None:
        """Start jackd and wait until clients can come."""
        self._was_killed = False
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        socket = Path(f"/dev/shm/jack_{self.name}_{os.getuid()}_0")
        end = time.monotonic() + _PATIENCE_S
        while not socket.exists():
            if self._process.poll() is not None or time.monotonic() > end:
                self.shut_down()
                raise RuntimeError(f"jackd did not start: {self.log}")
            time.sleep(0.01)

    def shut_down(self) -> None:
        """End jackd as a user would; at the second call nothing happens.

        JACK counts eight servers at most on a machine, and a killed one stays counted until its name comes again.
        """
        if self._was_killed:
            self.start_up()
        self._end("terminate")

    def kill(self) -> None:
        """End jackd as a crash would."""
        self._end("kill")
        self._was_killed = True

    def _end(self, how: str) -> None:
        if self._process is not None:
            getattr(self._process, how)()
            try:
                self._process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None
        self._sweep()

    def _sweep(self) -> None:
        """Remove what JACK leaves in shared memory under this name."""
        for pattern in (f"jack_{self.name}_*", f"jack_sem.*_{self.name}_*"):
            for left in Path("/dev/shm").glob(pattern):
                left.unlink(missing_ok=True)

    @property
    def pid(self) -> int:
        assert self._process is not None, "jackd does not run"
        return self._process.pid

    @property
    def log(self) -> str:
        """What jackd has written so far, over all its lives."""
        return self.log_path.read_text(errors="replace")

    def missed_cycles(self, client: str = "") -> int:
        """Return how often jackd says that a client, or any, was not finished in time; what came in that cycle is lost."""
        return self.log.count(f"client = {client} was not finished" if client else "was not finished")

    def adopt(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Make this the server of the test's own process."""
        for variable in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER"):
            monkeypatch.setenv(variable, self.environment[variable])

    def start(self, command: list[str]) -> subprocess.Popen[str]:
        """Start a program as a client of this server; stdin and stdout are pipes of text, stderr is the test's."""
        return self.popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def popen(self, command: list[str], environment: Mapping[str, str] = _NOTHING, **options: Any) -> subprocess.Popen[Any]:
        """Start a program as a client of this server, as subprocess.Popen does; it ends with the server, whatever the test."""
        client = subprocess.Popen([*_DIE_WITH_US, *command], env={**self.environment, **environment}, **options)
        self._clients.append(client)
        return client

    def end_clients(self) -> None:
        """Kill what was started here and still runs."""
        for client in self._clients:
            if client.poll() is None:
                client.kill()
                client.wait()
        self._clients.clear()

    def run(self, command: list[str], timeout_s: float = 120.0) -> subprocess.CompletedProcess[str]:
        """Run a program as a client of this server and return what it wrote."""
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, env=self.environment)

    def clients(self) -> list[str]:
        """Return the names of all clients, those without ports too; one that was killed may stay listed."""
        prefix = f"_{self.name}_"
        return sorted(path.name.split(prefix, 1)[1] for path in Path("/dev/shm").glob(f"jack_sem.*{prefix}*"))

    def ports(self) -> list[str]:
        """Return every port of every client."""
        return self.run(["jack_lsp"], 20.0).stdout.split("\n")[:-1]


@contextlib.contextmanager
def running(rate: int = 48000, period: int = 256, driver: tuple[str, ...] = ()) -> Iterator[Server]:
    """Yield a running server, and end it; `driver`: more options of the dummy driver, as ("-C", "0")."""
    with tempfile.TemporaryDirectory(prefix="synth-jack-") as folder:
        server = Server(Path(folder), rate, period, driver)
        server.start_up()
        try:
            yield server
        finally:
            server.end_clients()
            server.shut_down()
