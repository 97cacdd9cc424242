"""The simulator as a program of its own: first line, commands on standard input, an end by signal."""

import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from console.domain.errors import BadInput
from console.simulators.faults import IPP_PRINTER
from console.simulators.run import FAULTS, create

BOUND = 45.0
PROGRAM = """
import asyncio, sys
from console.simulators.run import serve
at = sys.argv[2] or None
asyncio.run(serve(sys.argv[1], at, sys.argv[3:], sys.stdin, sys.stdout))
"""
TOLD_ELSEWHERE = """
import os, signal, threading, time
def where():
    frame = sys._current_frames()[threading.main_thread().ident]
    return frame.f_code.co_name, frame.f_lasti
def end():
    waits = 0
    while waits < 20:  # the loop sleeps: it stands where it asks the system
        before = where()
        time.sleep(0.005)
        waits = waits + 1 if before[0] == "select" and where() == before else 0
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
    threading.Event().wait()
threading.Thread(target=end, daemon=True).start()
asyncio.run(serve("starprnt", None, [], open(os.devnull), sys.stdout))
"""
posix = pytest.mark.skipif(os.name == "nt", reason="this system has no pseudo-terminals and no SIGTERM")


class Program:
    """A simulator process, talked to line by line."""

    def __init__(self, kind: str, at: str = "", *faults: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, kind, at, *faults],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.lines: queue.Queue[bytes] = queue.Queue()
        self.listening = threading.Thread(target=self._listen)
        self.listening.start()
        self.first = self.answer()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line)

    def answer(self) -> Any:
        return json.loads(self.lines.get(timeout=BOUND))

    def tell(self, command: str) -> Any:
        assert self.process.stdin
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()
        return self.answer()

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Exit code and what was said on standard error."""
        assert self.process.stdin
        assert self.process.stdout
        assert self.process.stderr
        self.process.send_signal(number)
        code = self.process.wait(BOUND)
        self.listening.join(BOUND)
        said = self.process.stderr.read().decode()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()
        return code, said

    def ask(self, data: bytes, count: int) -> bytes:
        host, port = self.first["address"].removeprefix("tcp://").split(":")
        with socket.create_connection((host, int(port)), BOUND) as client:
            client.sendall(data)
            answer = b""
            while len(answer) < count:
                answer += client.recv(count - len(answer))
            return answer


@pytest.fixture
def started() -> Iterator[list[Program]]:
    programs: list[Program] = []
    yield programs
    for program in programs:
        if program.process.poll() is None:
            program.process.kill()
            program.process.wait(BOUND)
            program.listening.join(BOUND)
            for pipe in (program.process.stdin, program.process.stdout, program.process.stderr):
                if pipe:
                    pipe.close()


@posix
@pytest.mark.parametrize("kind", FAULTS)
def test_each_kind_starts_with_a_profile_and_ends_by_a_signal(started: list[Program], kind: str) -> None:
    started.append(program := Program(kind))
    assert list(program.first) == ["kind", "address", "profile"]
    assert program.first["kind"] == kind
    profile = tomllib.loads(program.first["profile"])
    if kind == "backend":
        entry = profile["backend"][0]
        assert Path(entry["ca_file"]).exists()
        assert entry["url"] == program.first["address"] + "/health"
    elif kind == "dns":
        assert profile == {"network": {"dns": program.first["address"]}}
    else:
        (entries,) = profile.values()
        port = f":{entries[0]['port']}" if kind == "terminal" else ""
        assert entries[0]["address"] + port == program.first["address"]
    for fault in FAULTS[kind]:
        assert program.tell(f"fault {fault} on") == {"ok": True, "faults": [fault]}
        assert program.tell(f"fault {fault} off") == {"ok": True, "faults": []}
    assert program.end(signal.SIGTERM if kind != "printer" else signal.SIGINT) == (0, "")


@posix
def test_a_signal_ends_it_while_its_loop_sleeps() -> None:
    """One that another thread takes wakes no loop, nor does one that comes just before the loop waits."""
    program = PROGRAM.partition("at =")[0] + TOLD_ELSEWHERE
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=BOUND, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["kind"] == "starprnt"


@posix
def test_a_printer_from_the_first_fault_to_the_picture(started: list[Program], tmp_path: Path) -> None:
    started.append(program := Program("printer", "tcp://127.0.0.1:0", "paper_out"))
    assert program.ask(b"\x10\x04\x04", 1) == b"\x7e"
    assert program.tell("fault paper_out off") == {"ok": True, "faults": []}
    assert program.ask(b"Hello\n\x1d(H\x06\x0000DONE", 7) == b"7\x22DONE\0"
    assert program.tell("text") == {"ok": True, "text": "Hello\n"}
    picture = tmp_path / "a ticket.png"
    assert program.tell(f"save {picture}") == {"ok": True, "saved": str(picture)}
    assert Image.open(BytesIO(picture.read_bytes())).width == 576
    assert program.tell("dead_dots 100 101") == {"ok": True, "faults": ["dead_dots"], "dead_dots": [100, 101]}
    assert program.ask(b"\x1dv0\0\x48\0\1\0" + b"\xff" * 72 + b"\x1d(H\x06\x0000MORE", 7) == b"7\x22MORE\0"
    program.tell(f"save {picture}")
    last = Image.open(BytesIO(picture.read_bytes())).convert("L")
    row = [last.getpixel((column, last.height - 13)) for column in range(576)]
    assert [column for column, ink in enumerate(row) if ink] == [100, 101]
    assert "from 0 to 575" in program.tell("dead_dots 576")["error"]
    assert program.tell("press feed")["ok"]
    assert program.end() == (0, "")


@posix
def test_a_printer_that_speaks_ipp(started: list[Program]) -> None:
    started.append(program := Program("printer", "ipp://127.0.0.1:0", "paper_out"))
    assert program.first["kind"] == "printer"
    (entry,) = tomllib.loads(program.first["profile"])["printer"]
    assert entry["address"] == program.first["address"]
    for fault in IPP_PRINTER:
        assert program.tell(f"fault {fault} on")["ok"]
    assert program.tell("jobs") == {"ok": True, "jobs": {}}
    assert "Nearest: never_completes" in program.tell("fault never_complete on")["error"]
    assert program.end() == (0, "")


@posix
def test_wrong_commands_are_answered_and_change_nothing(started: list[Program]) -> None:
    started.append(program := Program("printer"))
    for command, part in (
        ("fault papr_out on", "Nearest: paper_out"),
        ("fault paper_out maybe", "Expected: fault NAME on|off"),
        ("explode", '"explode"'),
        ("save /nowhere/at/all.png", "/nowhere/at/all.png"),
        ("\x00\udcff".encode(errors="surrogateescape").decode("latin-1"), "not understood"),
    ):
        answer = program.tell(command)
        assert answer["ok"] is False
        assert part in answer["error"]
    assert program.ask(b"\x10\x04\x01", 1) == b"\x12"
    assert program.end() == (0, "")


@posix
def test_the_end_of_its_input_does_not_stop_it(started: list[Program]) -> None:
    started.append(program := Program("printer"))
    assert program.process.stdin
    program.process.stdin.close()
    assert program.ask(b"\x10\x04\x01", 1) == b"\x12"
    assert program.end() == (0, "")


@posix
def test_a_scanner_scans_on_command(started: list[Program]) -> None:
    started.append(program := Program("scanner"))
    end = os.open(program.first["address"].removeprefix("serial://"), os.O_RDWR | os.O_NOCTTY)
    assert program.tell("suffix tab") == {"ok": True, "suffix": "tab"}
    assert program.tell("prefix >") == {"ok": True, "prefix": ">"}
    assert program.tell("scan 69 01") == {"ok": True, "scanned": 5}
    assert os.read(end, 100) == b">69 01\t"
    assert "Nearest: tab" in program.tell("suffix tabb")["error"]
    os.close(end)
    assert program.end() == (0, "")


@posix
def test_a_scale_weighs_on_command(started: list[Program]) -> None:
    started.append(program := Program("scale", "pty:?protocol=toledo"))
    assert 'protocol = "toledo"' in program.first["profile"]
    assert program.tell("put 1.235") == {"ok": True, "grams": 1235}
    assert program.tell("tare") == {"ok": True, "grams": 0}
    assert program.tell("zero") == {"ok": True, "grams": 1235}
    end = os.open(program.first["address"].removeprefix("serial://"), os.O_RDWR | os.O_NOCTTY)
    answer, ends = b"", time.monotonic() + BOUND
    while b"1.235" not in answer:  # it moves for a moment
        assert time.monotonic() < ends
        os.write(end, b"W\r")
        answer += os.read(end, 100)
    assert answer.endswith(b"\x02 1.235\r")
    assert answer.startswith((b"\x02?a\r", b"\x02 1.235\r"))
    assert program.tell("take") == {"ok": True, "grams": 0}
    assert 'weight "-1" is not a number' in program.tell("put -1")["error"]
    os.close(end)
    assert program.end() == (0, "")


@posix
def test_a_display_shows_and_is_photographed_on_command(started: list[Program], tmp_path: Path) -> None:
    started.append(program := Program("display", "pty:?protocol=cd5220"))
    end = os.open(program.first["address"].removeprefix("serial://"), os.O_RDWR | os.O_NOCTTY)
    os.write(end, b"\x0c\x1bQATotal\r\x1bQB" + "应收 1".encode("gbk") + b"\r")
    shown: list[str] = []
    for _ in range(200):
        if (shown := program.tell("text")["lines"]) == ["Total", "应收 1"]:
            break
    assert shown == ["Total", "应收 1"]
    assert program.tell(f"save {tmp_path / 'glass.png'}")["ok"]
    glow = {color for _, color in Image.open(tmp_path / "glass.png").getcolors(1 << 24)}  # type: ignore[union-attr]
    assert (96, 255, 208) in glow
    os.close(end)
    assert program.end() == (0, "")


@pytest.mark.parametrize(
    ("kind", "at", "part"),
    [
        ("printr", None, "Nearest: printer"),
        ("printer", "usb://1", '"usb://1" does not suit a simulated printer'),
        ("printer", "tcp://127.0.0.1:99999", "Expected: tcp://HOST:PORT"),
        ("scanner", "tcp://127.0.0.1:1", "Expected: pty:"),
        ("scale", "tcp://127.0.0.1:1", "Expected: pty:"),
        ("scale", "pty:?protocol=mars", "protocol=toledo|cas|lines|aclas|yaohua"),
        ("display", "pty:?protocol=mars", "protocol=cd5220|escpos"),
        ("backend", "127.0.0.1", "Expected: HOST:PORT"),
        ("dns", "127.0.0.1:x", "Expected: HOST:PORT"),
    ],
)
def test_wrong_arguments_name_the_value(kind: str, at: str | None, part: str) -> None:
    with pytest.raises(BadInput, match=re.escape(part)):
        create(kind, at)


@pytest.mark.parametrize(
    ("kind", "at", "address"),
    [
        ("printer", None, "tcp://127.0.0.1:0"),
        ("printer", "tcp://0.0.0.0:9100", "tcp://0.0.0.0:9100"),
        ("printer", "pty:/tmp/p", "serial:///tmp/p"),
        ("printer", "pty:/tmp/p?baud=19200", "serial:///tmp/p?baud=19200"),
        ("printer", "usb:", "usb://04b8:0202"),
        ("printer", "usb:0FE6:811e", "usb://0fe6:811e"),
        ("printer", "ipp://127.0.0.1:8631", "ipp://127.0.0.1:8631/ipp/print"),
        ("scanner", "pty:/tmp/s", "serial:///tmp/s"),
        ("scale", "pty:/tmp/w?protocol=yaohua", "serial:///tmp/w"),
        ("display", "pty:/tmp/d?protocol=escpos", "serial:///tmp/d"),
        ("backend", "127.0.0.1:8443", "https://127.0.0.1:8443"),
        ("backend", "http://127.0.0.1:80", "http://127.0.0.1:80"),
        ("dns", "127.0.0.1:53", "127.0.0.1:53"),
    ],
)
def test_addresses(kind: str, at: str | None, address: str) -> None:
    assert create(kind, at).address == address
