"""A simulated receipt printer that speaks IPP over HTTP: a state of its own, jobs that are printed or stuck.

It shares nothing with the driver: messages are taken apart and put together here (RFC 8010 3).
"""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar

import h11

from console.simulators.base import Simulator
from console.simulators.faults import IPP_PRINTER

_PRINT_JOB, _CREATE_JOB, _SEND_DOCUMENT, _CANCEL_JOB, _GET_JOB, _GET_JOBS, _GET_PRINTER = (
    0x02, 0x05, 0x06, 0x08, 0x09, 0x0A, 0x0B,
)  # fmt: skip
_INTEGER, _BOOLEAN, _ENUM, _TEXT, _NAME, _KEYWORD, _URI, _CHARSET, _LANGUAGE, _MIME = (
    0x21, 0x22, 0x23, 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49,
)  # fmt: skip
_PENDING, _PROCESSING, _STOPPED, _CANCELED, _ABORTED, _COMPLETED = 3, 5, 6, 7, 8, 9
_REASONS = {
    "paper_out": "media-empty-error",
    "paper_low": "media-low-warning",
    "cover_open": "cover-open",
    "jam": "media-jam-error",
    "paused": "paused",
}
_STOPPING = frozenset(_REASONS) - {"paper_low"}
_LARGEST = 64 * 1024 * 1024


@dataclass
class Job:
    """One job; `document` is what came as its page."""

    name: str
    created: float
    state: int = _PENDING
    reason: str = "none"
    kind: str = ""
    document: bytes = b""
    impressions: int = 0


@dataclass
class IppModel:
    """Who the printer says it is, what it takes, and how fast it is; times in seconds."""

    maker: str = "Simulated"
    model: str = "SP-80 IPP"
    serial: str = "SPI0000001"
    firmware: str = "1.00"
    commands: str = "PWG,JPEG"
    formats: Sequence[str] = ("image/jpeg", "image/pwg-raster")
    creates_jobs: bool = True  # else only Print-Job
    print_seconds: float = 0.05
    slow: float = 1.2


class IppSimulator(Simulator):
    """The printer at `ipp://HOST:PORT/ipp/print`; `printed` are the documents that came out as pages."""

    kind: ClassVar[str] = "printer"
    usage: ClassVar[tuple[str, ...]] = ("jobs",)

    def __init__(self, host: str = "127.0.0.1", port: int = 0, model: IppModel | None = None) -> None:
        super().__init__()
        self._host, self._port = host, port
        self.model = model or IppModel()
        self.jobs: dict[int, Job] = {}
        self.printed: list[Job] = []
        self.after_print: Callable[[], None] = lambda: None  # for tests: what happens when a page is out
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()
        self._printing: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._started = time.monotonic() - 1000

    @property
    def known_faults(self) -> Sequence[str]:
        """Other ones than those of a printer that speaks ESC/POS."""
        return IPP_PRINTER

    @property
    def address(self) -> str:
        """`ipp://HOST:PORT/ipp/print`; the port is known once it was opened."""
        return f"ipp://{self._host}:{self._port}/ipp/print"

    def profile(self) -> str:
        """A ready [[printer]] entry."""
        return f'[[printer]]\nname = "simulated"\naddress = "{self.address}"\nprotocol = "auto"\npaper = 80\n'

    async def open(self) -> None:
        """Listen, on the same port as before where it was open before."""
        self._server = await asyncio.start_server(self._accept, self._host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        self._printing = asyncio.create_task(self._print(), name="printing")

    async def close(self) -> None:
        """Stop listening and cut every connection."""
        tasks = [*self._talks, *([self._printing] if self._printing else [])]
        if self._server:
            self._server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._server = self._printing = None

    def set_fault(self, name: str, on: bool = True) -> None:
        """Switch one fault; a printer that was stopped goes on with its jobs."""
        super().set_fault(name, on)
        self._changed.set()

    async def obey(self, line: str) -> dict[str, object]:
        """`jobs` tells each job's number and state."""
        if line.split() == ["jobs"]:
            return {"jobs": {str(number): job.state for number, job in self.jobs.items()}}
        return await super().obey(line)

    # --- printing

    async def _print(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            for job in list(self.jobs.values()):
                if job.state in (_PENDING, _PROCESSING, _STOPPED) and job.document:
                    await self._print_one(job)

    async def _print_one(self, job: Job) -> None:
        if self._stopped:
            job.state, job.reason = _STOPPED, "printer-stopped"
            return
        job.state, job.reason = _PROCESSING, "job-printing"
        await asyncio.sleep(self.model.print_seconds)
        if job.state != _PROCESSING or "never_completes" in self.faults:
            return
        if self._stopped:
            job.state, job.reason = _STOPPED, "printer-stopped"
        elif "job_aborted" in self.faults:
            job.state, job.reason = _ABORTED, "document-format-error"
        else:
            job.state, job.reason, job.impressions = _COMPLETED, "job-completed-successfully", 1
            self.printed.append(job)
            self.after_print()

    @property
    def _stopped(self) -> bool:
        return bool(self.faults & _STOPPING)

    # --- the line

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer), name=f"serving {self.address}")
        self._talks.add(task)
        task.add_done_callback(self._talks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, ValueError, h11.RemoteProtocolError):
                await self._talk(reader, writer)
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path, body = await _request(reader, writer)
        if "mute" in self.faults:
            await reader.read()  # until the client has had enough
            return
        if "slow" in self.faults:
            await asyncio.sleep(self.model.slow)
        if "garbage" in self.faults:
            writer.write(b"\x16\x07\x92@PJL READY\r\n\x00\xff")
        else:
            answer = self._http(path, body)
            writer.write(answer[: len(answer) - 40] if "half_reply" in self.faults else answer)
        await writer.drain()

    def _http(self, path: str, body: bytes) -> bytes:
        if "unauthorized" in self.faults:
            return (
                b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n'
            )
        if "not_found" in self.faults or path != "/ipp/print":
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        message = self._answer(body)
        head = (
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/ipp\r\n"
            f"Content-Length: {len(message)}\r\n\r\n"
        )
        return head.encode() + message

    def _answer(self, body: bytes) -> bytes:
        if len(body) < 8:
            raise ValueError("no IPP message")
        operation, number = struct.unpack(">HI", body[2:8])
        given, document = _taken_apart(body)
        job_id = int.from_bytes(given.get("job-id", b"\0"), "big")
        if "busy" in self.faults:
            return _message(0x0507, number, b"")
        if operation == _GET_PRINTER:
            return _message(0, number, b"\x04" + self._printer())
        if operation == _PRINT_JOB or (operation == _CREATE_JOB and self.model.creates_jobs):
            return _message(0, number, b"\x02" + self._create(given, document))
        if operation == _SEND_DOCUMENT and job_id in self.jobs:
            job = self.jobs[job_id]
            job.kind, job.document = given.get("document-format", b"").decode("utf-8", "replace"), document
            self._changed.set()
            return _message(0, number, b"\x02" + self._job(job_id))
        if operation == _GET_JOB and job_id in self.jobs:
            return _message(0, number, b"\x02" + self._job(job_id))
        if operation == _CANCEL_JOB and job_id in self._waiting():
            self.jobs[job_id].state = _CANCELED
            self.jobs[job_id].reason = "job-canceled-by-user"
            return _message(0, number, b"")
        if operation == _GET_JOBS:
            return _message(0, number, b"".join(b"\x02" + self._job(each) for each in self._waiting()))
        return _message(
            0x0406 if operation in (_SEND_DOCUMENT, _CANCEL_JOB, _GET_JOB) else 0x0501, number, b""
        )

    def _create(self, given: dict[str, bytes], document: bytes) -> bytes:
        job_id = len(self.jobs) + 1
        job = Job(given.get("job-name", b"").decode("utf-8", "replace"), time.monotonic())
        job.kind, job.document = given.get("document-format", b"").decode("utf-8", "replace"), document
        self.jobs[job_id] = job
        self._changed.set()
        return self._job(job_id)

    def _waiting(self) -> list[int]:
        return [number for number, job in self.jobs.items() if job.state < _CANCELED]

    def _up(self, at: float) -> int:
        return int(at - self._started)

    def _printer(self) -> bytes:
        model, waiting = self.model, self._waiting()
        reasons = [reason for fault, reason in _REASONS.items() if fault in self.faults] or ["none"]
        state = 5 if self._stopped else 4 if waiting else 3
        operations = [_PRINT_JOB, _CANCEL_JOB, _GET_JOB, _GET_JOBS, _GET_PRINTER]
        operations += [_CREATE_JOB, _SEND_DOCUMENT] if model.creates_jobs else []
        device_id = f"MFG:{model.maker};MDL:{model.model};CMD:{model.commands};"
        return b"".join(
            (
                _put(_ENUM, "printer-state", state),
                _put(_KEYWORD, "printer-state-reasons", *reasons),
                _put(_BOOLEAN, "printer-is-accepting-jobs", "rejecting" not in self.faults),
                _put(_INTEGER, "queued-job-count", len(waiting)),
                _put(_INTEGER, "printer-up-time", self._up(time.monotonic())),
                _put(_TEXT, "printer-make-and-model", f"{model.maker} {model.model}"),
                _put(_TEXT, "printer-device-id", device_id),
                _put(_TEXT, "printer-firmware-string-version", model.firmware),
                _put(_TEXT, "printer-serial-number", model.serial),
                _put(_INTEGER, "printer-impressions-completed", 100 + len(self.printed)),
                _put(_MIME, "document-format-supported", *model.formats),
                _put(_ENUM, "operations-supported", *operations),
            )
        )

    def _job(self, number: int) -> bytes:
        job = self.jobs[number]
        return b"".join(
            (
                _put(_INTEGER, "job-id", number),
                _put(_URI, "job-uri", f"{self.address}/{number}"),
                _put(_ENUM, "job-state", job.state),
                _put(_KEYWORD, "job-state-reasons", job.reason),
                _put(_INTEGER, "job-impressions-completed", job.impressions),
                _put(_INTEGER, "time-at-creation", self._up(job.created)),
            )
        )


async def _request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, bytes]:
    """Path and body of one HTTP request; CUPS sends documents in chunks, and asks first (100-continue)."""
    talk = h11.Connection(h11.SERVER)
    path, body = "", bytearray()
    while len(body) < _LARGEST:
        event = talk.next_event()
        if event is h11.NEED_DATA:
            if talk.they_are_waiting_for_100_continue:
                writer.write(talk.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
            talk.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Request):
            path = event.target.decode("ascii", "replace")
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            return path, bytes(body)
        else:
            break
    raise ValueError("no whole request")


def _message(status: int, number: int, groups: bytes) -> bytes:
    head = struct.pack(">HHI", 0x0101, status, number) + b"\x01"
    language = _put(_CHARSET, "attributes-charset", "utf-8") + _put(
        _LANGUAGE, "attributes-natural-language", "en"
    )
    return head + language + groups + b"\x03"


def _put(tag: int, name: str, *values: str | int) -> bytes:
    parts = []
    for at, value in enumerate(values):
        if tag == _BOOLEAN:
            content = bytes([bool(value)])
        else:
            content = value.to_bytes(4, "big") if isinstance(value, int) else value.encode()
        label = name.encode() if at == 0 else b""
        parts.append(
            bytes([tag]) + struct.pack(">H", len(label)) + label + struct.pack(">H", len(content)) + content
        )
    return b"".join(parts)


def _taken_apart(body: bytes) -> tuple[dict[str, bytes], bytes]:
    """Each attribute's first value, and the document behind the attributes; ValueError for half a message."""
    given: dict[str, bytes] = {}
    at = 8
    while at < len(body):
        tag, at = body[at], at + 1
        if tag == 0x03:
            return given, body[at:]
        if tag < 0x10:
            continue
        size = int.from_bytes(body[at : at + 2], "big")
        name, at = body[at + 2 : at + 2 + size].decode("ascii", "replace"), at + 2 + size
        size = int.from_bytes(body[at : at + 2], "big")
        if name:
            given[name] = body[at + 2 : at + 2 + size]
        at += 2 + size
    raise ValueError("no end of the attributes")
