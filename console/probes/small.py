"""The test that separates a way which loses long packets from a service that hangs, run where one is mute.

The same is tried once more over a connection whose segments are short (TCP_MAXSEG, tcp(7)): a black hole of
path MTU discovery (RFC 2923, 2.1) lets those through. Where they get through, a third try with segments as
long as ever tells whether the service has merely been slow.
"""

from __future__ import annotations

import errno
import socket
import sys
import threading
from collections.abc import Callable

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import Words, say
from console.platforms.threads import begin
from console.probes.notes import ask

SEGMENT = 536  # bytes; what every host must take (RFC 9293, 3.7.1)
_SMALL_SECONDS, _LARGE_SECONDS = 1.3, 1.0
Attempt = Callable[[Callable[[], socket.socket], float], bool]
_MAXSEG = None if sys.platform == "win32" else socket.TCP_MAXSEG  # for reading alone there


class SmallTry:
    """Begins after `patience` seconds unless it was called off before; then `evidence` waits for its end.

    `attempt` does what the mute one was asked to do, over a connection that it is given the way to make,
    within so many seconds: True when it was answered.
    """

    def __init__(
        self, probe: str, place: tuple[str, int], attempt: Attempt, clock: Clock, patience: float
    ) -> None:
        self._place = place
        self._attempt = attempt
        self._called_off = threading.Event()
        self._done = threading.Event()
        self._seen: Evidence | None = None
        self._probe, self._clock, self._patience = probe, clock, patience
        if _MAXSEG is not None:
            begin(f"short segments to {place[0]}", self._run)
        else:
            self._done.set()

    def call_off(self) -> None:
        """It is not needed: the service has answered, or failed in another way."""
        self._called_off.set()

    def evidence(self) -> tuple[Evidence, ...]:
        """Signs path.small_works, small_silent or large_works; bounded; empty where it cannot be told."""
        self._done.wait(self._patience + _SMALL_SECONDS + _LARGE_SECONDS)
        return () if self._seen is None else (self._seen,)

    def _run(self) -> None:
        try:
            if not self._called_off.wait(self._patience):
                self._seen = self._look()
        finally:
            self._done.set()

    def _look(self) -> Evidence:
        asked = ask(self._clock, f"{self._probe}.small")
        host = self._place[0]
        result, sign, meaning = self._verdict(host)
        return asked.saw(result, meaning, sign)

    def _verdict(self, host: str) -> tuple[str, str, Words]:
        if not self._attempt(lambda: _dial(self._place, _SMALL_SECONDS, SEGMENT), _SMALL_SECONDS):
            meaning = say("{host} does not answer in short packets either", host=host)
            return "silent", "path.small_silent", meaning
        if self._attempt(lambda: _dial(self._place, _LARGE_SECONDS), _LARGE_SECONDS):
            return "late", "path.large_works", say("{host} answered at the next try", host=host)
        meaning = say("Short packets to {host} and back get through, long ones vanish on the way", host=host)
        return "short only", "path.small_works", meaning


def _dial(place: tuple[str, int], seconds: float, segment: int | None = None) -> socket.socket:
    family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
    line = socket.socket(family, socket.SOCK_STREAM)
    try:
        line.settimeout(seconds)
        if segment is not None and _MAXSEG is not None:
            line.setsockopt(socket.IPPROTO_TCP, _MAXSEG, segment)
        if (code := line.connect_ex(place)) != 0:
            raise OSError(code, errno.errorcode.get(code, "?"))
    except BaseException:
        line.close()
        raise
    return line
