"""Real print services on loopback: a CUPS with a folder of its own, and its makers' ippeveprinter."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROGRAMS = (
    "cupsd",
    "lpadmin",
    "cupsdisable",
    "cupsreject",
    "ipptool",
    "ippeveprinter",
    "dbus-daemon",
    "avahi-daemon",
    "unshare",
)
BOUND = 20.0


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def why_not() -> str:
    """Why these services cannot run here; "" where they can."""
    if missing := [name for name in PROGRAMS if shutil.which(name, path=_path()) is None]:
        return f"not installed: {', '.join(missing)}"
    return "" if os.geteuid() == 0 else "a print service of its own needs root"


needs_cups = pytest.mark.skipif(bool(why_not()), reason=why_not() or "all there")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(true: Callable[[], bool], what: str, bound: float = BOUND) -> None:
    """Until `true`; AssertionError after `bound` seconds."""
    ends, pause = time.monotonic() + bound, threading.Event()
    while not true():
        assert time.monotonic() < ends, f"waited in vain for {what}"
        pause.wait(0.02)


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextlib.contextmanager
def running(folder: Path, *command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a process group of its own, ended with all that it started; what it says is in `said`."""
    with (
        (folder / "said").open("wb") as said,
        subprocess.Popen(
            command,
            env={**os.environ, "PATH": _path(), "LC_ALL": "C", **environment},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 15)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)


class Queues:
    """A cupsd with its own configuration, spool and socket."""

    def __init__(self, folder: Path, socket_path: Path, port: int) -> None:
        self.folder, self.socket, self.port = folder, socket_path, port

    def run(self, *command: str) -> str:
        """Carry out one of CUPS' own commands against this server."""
        environment = {**os.environ, "PATH": _path(), "LC_ALL": "C", "CUPS_SERVER": str(self.socket)}
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=30, check=True
        )
        return done.stdout

    def add(self, name: str, device: str) -> None:
        """A raw queue that takes jobs."""
        self.run("lpadmin", "-p", name, "-E", "-v", device, "-m", "raw")

    def jobs(self) -> list[str]:
        """What is not finished, as lpstat lists it."""
        return self.run("lpstat", "-o").splitlines()


@contextlib.contextmanager
def cups(folder: Path) -> Iterator[Queues]:
    """CUPS, serving on a socket in `folder` and on a loopback port."""
    folder.chmod(0o755)
    socket_path, port = folder / "cups.sock", free_port()
    for name in ("spool", "cache", "state", "tmp", "log"):
        (folder / name).mkdir()
    files = folder / "cups-files.conf"
    files.write_text(
        f"ServerRoot {folder}\nRequestRoot {folder}/spool\nCacheDir {folder}/cache\nStateDir {folder}/state\n"
        f"TempDir {folder}/tmp\nAccessLog {folder}/log/access\nErrorLog {folder}/log/error\n"
        f"PageLog {folder}/log/page\n"
    )
    server = folder / "cupsd.conf"
    server.write_text(
        f"Listen {socket_path}\nListen 127.0.0.1:{port}\nBrowsing Off\nJobKillDelay 1\n"
        "DefaultAuthType Basic\n"
        "<Location />\nOrder allow,deny\nAllow all\n</Location>\n"
        "<Location /printers/locked>\nAuthType Basic\nRequire valid-user\n</Location>\n"
        "<Policy default>\n<Limit All>\nOrder deny,allow\nAllow all\n</Limit>\n</Policy>\n"
    )
    with running(folder, "cupsd", "-f", "-c", str(server), "-s", str(files)) as process:
        wait_for(lambda: process.poll() is not None or (socket_path.exists() and listens(port)), "cupsd")
        assert process.poll() is None, (folder / "log" / "error").read_text()
        yield Queues(folder, socket_path, port)


class EvePrinter:
    """An ippeveprinter; each job carries out a command that says which state follows."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self.port = port
        self.address = f"ipp://127.0.0.1:{port}/ipp/print"

    def becomes(self, *lines: str) -> None:
        """What the printing command says on standard error during the next job, `STATE: +cover-open`."""
        (self._folder / "says").write_text("".join(f"{line}\n" for line in lines))

    def holds(self, on: bool) -> None:
        """Whether a job stays in the printer until it is let go."""
        (self._folder / "hold").touch() if on else (self._folder / "hold").unlink(missing_ok=True)

    def job_state(self, number: int) -> str:
        """What CUPS' own tool reads as the job's state."""
        test = self._folder / "job.test"
        test.write_text(
            "{ OPERATION Get-Job-Attributes\nGROUP operation-attributes-tag\n"
            "ATTR charset attributes-charset utf-8\nATTR naturalLanguage attributes-natural-language en\n"
            "ATTR uri printer-uri $uri\n"
            f"ATTR integer job-id {number}\nDISPLAY job-state }}\n"
        )
        done = subprocess.run(
            ("ipptool", "-tv", self.address, str(test)), capture_output=True, text=True, timeout=10
        )
        lines = (line.strip() for line in done.stdout.splitlines())
        return next(line.rpartition(" = ")[2] for line in lines if line.startswith("job-state ("))

    @property
    def printed(self) -> list[bytes]:
        """The documents that came out, in order."""
        return [path.read_bytes() for path in sorted(self._folder.glob("printed.*"))]

    @property
    def begun(self) -> int:
        """How many jobs the printing command has been started for."""
        return len(list(self._folder.glob("begun.*")))


_COMMAND = """#!/bin/sh
folder=$(dirname "$0")
touch "$folder/begun.$$"
cat "$folder/says" >&2
while [ -e "$folder/hold" ]; do sleep 0.05; done
cp "$1" "$folder/printed.$(date +%s%N)"
echo "ATTR: job-impressions-completed=1" >&2
"""
# ippeveprinter ends without Avahi, so it gets a bus and an Avahi of its own, seen by nothing else.
_START = """
mkdir -p /run/avahi-daemon && mount -t tmpfs tmpfs /run/avahi-daemon
dbus-daemon --session --nofork --nopidfile --address="$DBUS_SYSTEM_BUS_ADDRESS" &
until [ -S "$0/bus" ]; do sleep 0.02; done
(until avahi-daemon --no-drop-root --no-chroot --no-rlimits -f "$0/avahi.conf"; do sleep 0.02; done) &
until [ -e /run/avahi-daemon/pid ]; do sleep 0.02; done
exec ippeveprinter -c "$0/command" -d "$0/spool" -p "$1" -n localhost -f image/jpeg,image/pwg-raster "$2"
"""


@contextlib.contextmanager
def eve_printer(folder: Path, name: str = "Receipts") -> Iterator[EvePrinter]:
    """A real IPP Everywhere printer of CUPS' makers, on a loopback port."""
    port = free_port()
    (folder / "spool").mkdir()
    (folder / "says").touch()
    (folder / "avahi.conf").write_text(
        "[server]\nhost-name=tillkeeper-lab\nallow-interfaces=lo\nuse-ipv6=no\ndisallow-other-stacks=no\n"
    )
    command = folder / "command"
    command.write_text(_COMMAND)
    command.chmod(0o755)
    start = ("unshare", "-m", "sh", "-c", _START, str(folder), str(port), name)
    with running(folder, *start, DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={folder}/bus") as process:
        wait_for(lambda: process.poll() is not None or listens(port), "ippeveprinter")
        assert process.poll() is None
        yield EvePrinter(folder, port)
