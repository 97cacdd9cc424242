"""The simulated backend, asked by Python's own HTTP and TLS, and by the openssl program."""

import asyncio
import http.client
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from console.domain.errors import BadInput
from console.simulators.backend import BackendSimulator
from console.simulators.faults import BACKEND
from console.simulators.thread import SimulatorThread

BOUND = 20.0
REPLY = http.client.HTTPResponse


@pytest.fixture
def thread() -> Iterator[SimulatorThread]:
    with SimulatorThread() as thread:
        yield thread


@pytest.fixture
def backend(thread: SimulatorThread, tmp_path: Path) -> BackendSimulator:
    return thread.host(BackendSimulator.start(tmp_path, hosts=("localhost", "pos.example.com")))


def connection(
    backend: BackendSimulator, host: str = "localhost", timeout: float = BOUND
) -> http.client.HTTPSConnection:
    context = ssl.create_default_context(cafile=str(backend.ca_file))
    made = http.client.HTTPSConnection(host, backend.port, timeout=timeout, context=context)
    made._create_connection = lambda _, *rest: socket.create_connection(  # type: ignore[attr-defined]
        ("127.0.0.1", backend.port), *rest
    )
    return made


def get(backend: BackendSimulator, path: str = "/health", timeout: float = BOUND) -> tuple[REPLY, bytes]:
    asking = connection(backend, timeout=timeout)
    try:
        asking.request("GET", path)
        reply = asking.getresponse()
        return reply, reply.read()
    finally:
        asking.close()


def test_health_and_the_date(backend: BackendSimulator) -> None:
    reply, body = get(backend)
    assert reply.status == 200
    assert json.loads(body)["status"] == "ok"
    assert isinstance(json.loads(body)["version"], str)
    off = parsedate_to_datetime(reply.headers["Date"]) - datetime.now(UTC)
    assert abs(off.total_seconds()) <= 2


@pytest.mark.parametrize("host", ["localhost", "pos.example.com", "127.0.0.1"])
def test_every_host_of_the_certificate_is_trusted(backend: BackendSimulator, host: str) -> None:
    asking = connection(backend, host)
    asking.request("HEAD", "/health")
    assert asking.getresponse().status == 200
    asking.close()


def test_several_requests_on_one_connection(backend: BackendSimulator) -> None:
    asking = connection(backend)
    for method, path, status in (
        ("GET", "/health?x=1", 200),
        ("GET", "/nothing", 404),
        ("POST", "/health", 405),
        ("GET", "/generate_204", 204),
        ("HEAD", "/health", 200),
        ("GET", "/health", 200),
    ):
        asking.request(method, path, body=b"{}" if method == "POST" else None)
        reply = asking.getresponse()
        reply.read()
        assert (path, reply.status) == (path, status)
    asking.close()
    assert backend.requests == 6


@pytest.mark.parametrize(
    ("fault", "status", "header"),
    [
        ("maintenance", 503, "Retry-After"),
        ("unauthorized", 401, "WWW-Authenticate"),
        ("forbidden", 403, None),
        ("not_found", 404, None),
        ("proxy_auth", 407, "Proxy-Authenticate"),
        ("rate_limited", 429, "Retry-After"),
        ("upgrade", 426, "Upgrade"),
        ("server_error", 500, None),
        ("captive_portal", 302, "Location"),
    ],
)
def test_faults_with_a_status(
    thread: SimulatorThread, backend: BackendSimulator, fault: str, status: int, header: str | None
) -> None:
    thread.call(backend.set_fault, fault)
    reply, _ = get(backend)
    assert reply.status == status
    assert header is None or header in reply.headers
    assert "Date" in reply.headers
    thread.call(backend.set_fault, fault, False)
    assert get(backend)[0].status == 200


def test_a_redirect_leads_back_to_itself(thread: SimulatorThread, backend: BackendSimulator) -> None:
    thread.call(backend.set_fault, "redirect_loop")
    reply, _ = get(backend, "/health?a=1")
    assert (reply.status, reply.headers["Location"]) == (302, "/health?a=1")


def test_any_status_and_delay(thread: SimulatorThread, backend: BackendSimulator) -> None:
    assert thread.call(backend.obey, "status 599") == {"status": 599}
    assert thread.call(backend.obey, "delay 0.2") == {"delay": 0.2}
    begun = time.monotonic()
    assert get(backend)[0].status == 599
    assert time.monotonic() - begun >= 0.2
    for wrong in ("status 99", "status ok", "delay -1", "delay nan", "status"):
        with pytest.raises(BadInput):
            thread.call(backend.obey, wrong)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("wrong_host", "Hostname mismatch"),
        ("expired", "certificate has expired"),
        ("not_yet_valid", "certificate is not yet valid"),
        ("self_signed", "self-signed certificate"),
        ("untrusted", "unable to get local issuer certificate"),
        ("missing_intermediate", "unable to get local issuer certificate"),
    ],
)
def test_bad_certificates(
    thread: SimulatorThread, backend: BackendSimulator, fault: str, reason: str
) -> None:
    thread.call(backend.set_fault, fault)
    with pytest.raises(ssl.SSLCertVerificationError, match=reason):
        get(backend)
    thread.call(backend.set_fault, fault, False)
    assert get(backend)[0].status == 200


def test_a_certificate_that_ends_soon_is_still_good(
    thread: SimulatorThread, backend: BackendSimulator
) -> None:
    thread.call(backend.set_fault, "expires_soon")
    asking = connection(backend)
    asking.connect()
    ends = ssl.cert_time_to_seconds(str((asking.sock.getpeercert() or {})["notAfter"]))
    assert 2 < (ends - time.time()) / 86400 < 4
    asking.close()


def test_hanging_after_tls(thread: SimulatorThread, backend: BackendSimulator) -> None:
    thread.call(backend.set_fault, "hang")
    asking = connection(backend, timeout=0.3)
    asking.connect()
    asking.request("GET", "/health")
    with pytest.raises(TimeoutError):
        asking.getresponse()
    asking.close()


def test_hanging_before_tls(thread: SimulatorThread, backend: BackendSimulator) -> None:
    thread.call(backend.set_fault, "hang_tls")
    socket.create_connection(("127.0.0.1", backend.port), BOUND).close()
    with pytest.raises(TimeoutError):
        get(backend, timeout=0.3)


def test_a_reset(thread: SimulatorThread, backend: BackendSimulator) -> None:
    thread.call(backend.set_fault, "reset")
    with pytest.raises(ConnectionResetError):
        get(backend)


def test_a_refused_port_stays_its_own(thread: SimulatorThread, backend: BackendSimulator) -> None:
    port = backend.port
    thread.call(backend.set_fault, "refused")
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            get(backend)
        thread.call(backend.set_fault, "refused")
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))
    thread.call(backend.set_fault, "refused", False)
    thread.call(backend.set_fault, "refused", False)
    assert get(backend)[0].status == 200


def test_another_service_greets(thread: SimulatorThread, backend: BackendSimulator) -> None:
    thread.call(backend.set_fault, "banner")
    with socket.create_connection(("127.0.0.1", backend.port), BOUND) as other:
        assert other.recv(100).startswith(b"SSH-2.0-")
    with pytest.raises(ssl.SSLError, match="WRONG_VERSION_NUMBER"):
        get(backend)


def test_plain_http_for_internet_checks(thread: SimulatorThread) -> None:
    backend = thread.host(BackendSimulator.start(tls=False))
    asking = http.client.HTTPConnection("127.0.0.1", backend.port, timeout=BOUND)
    asking.request("GET", "/generate_204")
    reply = asking.getresponse()
    assert (reply.status, reply.read()) == (204, b"")
    asking.close()
    assert backend.url.startswith("http://127.0.0.1:")
    assert "ca_file" not in backend.profile()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET  /health HTTP/1.1\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 413),
        (b"GET /health HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"POST /health HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 413),
        (b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\n\r\n", 431),
    ],
)
def test_bad_requests_get_an_answer(thread: SimulatorThread, sent: bytes, status: int) -> None:
    backend = thread.host(BackendSimulator.start(tls=False))
    with socket.create_connection(("127.0.0.1", backend.port), BOUND) as client:
        client.sendall(sent)
        assert client.recv(12) == b"HTTP/1.1 %d" % status
    asking = http.client.HTTPConnection("127.0.0.1", backend.port, timeout=BOUND)
    asking.request("GET", "/health")
    assert asking.getresponse().status == 200
    asking.close()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (None, "0 (ok)"),
        ("expired", "10 (certificate has expired)"),
        ("not_yet_valid", "9 (certificate is not yet valid)"),
        ("wrong_host", "62 (hostname mismatch)"),
        ("missing_intermediate", "21 (unable to verify the first certificate)"),
        ("self_signed", "18 (self-signed certificate)"),
    ],
)
def test_openssl_agrees(
    thread: SimulatorThread, backend: BackendSimulator, fault: str | None, code: str
) -> None:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("the openssl program is not installed")
    if fault:
        thread.call(backend.set_fault, fault)
    command = [openssl, "s_client", "-connect", f"127.0.0.1:{backend.port}", "-servername", "localhost"]
    command += ["-verify_hostname", "localhost", "-CAfile", str(backend.ca_file)]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=20, check=False)
    said = done.stdout.decode()
    told = {
        line.partition(": ")[2] for line in said.splitlines() if line.strip().startswith("Verify return code")
    }
    assert told == {code}


def test_every_fault_can_be_switched(thread: SimulatorThread, backend: BackendSimulator) -> None:
    for fault in BACKEND:
        thread.call(backend.set_fault, fault)
    thread.call(backend.clear_faults)
    assert get(backend)[0].status == 200


def test_closing_is_bounded_and_leaves_nothing() -> None:
    before = threading.active_count()
    with SimulatorThread() as thread:
        backend = thread.host(BackendSimulator.start())
        folder = Path(str(backend.ca_file)).parent
        thread.call(backend.set_fault, "hang")
        held = connection(backend)
        held.request("GET", "/health")
        begun = time.monotonic()
    assert time.monotonic() - begun < 2
    assert not folder.exists()
    assert threading.active_count() <= before
    held.close()


async def test_it_runs_in_an_event_loop_as_well() -> None:
    async with BackendSimulator.start(tls=False) as backend:
        reader, writer = await asyncio.open_connection("127.0.0.1", backend.port)
        writer.write(b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert (await asyncio.wait_for(reader.read(), BOUND)).startswith(b"HTTP/1.1 200 OK\r\n")
        writer.close()
