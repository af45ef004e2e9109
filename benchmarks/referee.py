"""The referee of bench_live.py: a JACK server of its own, whose log names every client that was not finished in time.

jackd -R -d dummy -> log -> lines between two moments -> client: missed

jackd names a client at the first cycle of a stall and again every two or three cycles while it lasts: it counts fewer misses than
there are, for everyone alike. Its own timer being late ("XRun = ... usec") is the machine's fault, and counted apart.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.timing import PeerMissing
from tests.support import jack_server

_NOT_FINISHED = re.compile(r"client = (.+) was not finished")
_TIMER_LATE = re.compile(r"XRun = \d+ usec")
_LINES_LOST = re.compile(r"WARNING: (\d+) message buffer overruns")
_NO_REAL_TIME = "Cannot use real-time scheduling"
_PATIENCE_S = 10.0
_TOOLS = ("jackd", "jack_lsp", "jack_connect")


class Verdict(NamedTuple):
    """What jackd's log says of a stretch of time."""

    missed: dict[str, int]  # client -> times it was not finished
    timer_late: int  # cycles that jackd itself began late
    lines_lost: int  # lines that jackd could not write


class Referee:
    """One running server."""

    def __init__(self, server: jack_server.Server) -> None:
        self.environment = server.environment
        self._server, self._log = server, server.log_path

    @property
    def moment(self) -> int:
        """Now, as a place in the log."""
        return self._log.stat().st_size

    def verdict(self, begin: int, end: int) -> Verdict:
        """Judge the stretch between two moments."""
        with self._log.open("rb") as file:
            file.seek(begin)
            text = file.read(end - begin).decode(errors="replace")
        missed = Counter(_NOT_FINISHED.findall(text))
        return Verdict(dict(missed), len(_TIMER_LATE.findall(text)), sum(map(int, _LINES_LOST.findall(text))))

    @property
    def is_real_time(self) -> bool:
        """Whether the machine let jackd have real-time scheduling."""
        return _NO_REAL_TIME not in self._server.log

    def connect(self) -> list[str]:
        """Connect every client's unconnected outputs to the two of the card; return what the card hears then."""
        outputs = self._card_hears()
        for place, port in enumerate(port for port in self._client_ports() if port not in outputs):
            self._ask("jack_connect", port, f"system:playback_{place % 2 + 1}")
        return self._card_hears()

    def _client_ports(self) -> list[str]:
        ports = self._server.ports()
        return [port for port in ports if not port.startswith("system:") and re.search(r"(out|playback)[^:]*$", port)]

    def _card_hears(self) -> list[str]:
        lines = self._ask("jack_lsp", "-c", "system:playback").splitlines()
        return [line.strip() for line in lines if line.startswith(" ")]

    def _ask(self, *command: str) -> str:
        return self._server.run(list(command), _PATIENCE_S).stdout


@contextlib.contextmanager
def referee(sample_rate: int, frames: int) -> Iterator[Referee]:
    """Yield a server with nobody on it, and end it; its clients must have gone by then.

    Raises
    ------
    PeerMissing
        If jackd is not installed, or does not start.
    """
    for tool in _TOOLS:
        if shutil.which(tool) is None:
            raise PeerMissing(f"{tool} is not installed: apt-get install jackd2")
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(jack_server.running(sample_rate, frames))
        except RuntimeError as error:
            raise PeerMissing(str(error).strip().splitlines()[-1]) from None
        yield Referee(server)
