"""The way to one backend, climbed against the simulated one: each fault gives its own cause."""

from __future__ import annotations

import asyncio
import gc
import shutil
import socket
import ssl
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from console.domain.diagnosis import DiagnosisTable
from console.domain.errors import NotConfigured, TillkeeperError, Timeout
from console.domain.evidence import signs_of
from console.domain.findings import Finding, judge
from console.domain.ladder import ladder
from console.domain.lights import Light
from console.domain.profile import Backend, NetworkSetup, Store, StoreProfile
from console.domain.subjects import Subject
from console.domain.words import say
from console.probes import tls
from console.probes.path import BackendExaminer
from console.simulators.backend import BackendSimulator
from console.simulators.dns import DnsSimulator

ORDERS = Subject("backend", "orders")
Examine = Callable[..., Any]


@pytest.fixture
async def simulator(tmp_path: Path) -> AsyncIterator[BackendSimulator]:
    async with BackendSimulator.start(tmp_path, hosts=("localhost", "pos.example")) as backend:
        yield backend


@pytest.fixture
def examine(platform: Any, clock: Any, table: DiagnosisTable) -> Examine:
    async def examined(
        url: str,
        network: NetworkSetup | None = None,
        secret: str | TillkeeperError | None = None,
        **more: Any,
    ) -> Finding:
        def give(reference: str) -> str | None:
            assert reference == "env:KEY"
            if isinstance(secret, TillkeeperError):
                raise secret
            return secret

        entry = Backend("orders", url, **more)
        profile = StoreProfile(Store("shop"), network or NetworkSetup(), backend=(entry,))
        examiner = BackendExaminer(entry, profile, platform, clock, give)
        return judge(ORDERS, await examiner.examine(), table)

    return examined


@contextmanager
def service(talk: Callable[[socket.socket], None], host: str = "127.0.0.1") -> Iterator[int]:
    """A port on which `talk` handles every connection in a thread; the port's number."""
    ended = threading.Event()

    def handle(line: socket.socket) -> None:
        with line:
            line.settimeout(10)
            try:
                talk(line)
            except OSError:
                return  # the client has seen enough

    def serve() -> None:
        handlers = []
        while not ended.is_set():
            try:
                line, _ = door.accept()
            except TimeoutError:
                continue
            handlers.append(threading.Thread(target=handle, args=(line,)))
            handlers[-1].start()
        for each in handlers:
            each.join(12)

    with socket.create_server((host, 0)) as door:
        door.settimeout(0.05)
        server = threading.Thread(target=serve)
        server.start()
        try:
            yield door.getsockname()[1]
        finally:
            ended.set()
            server.join(15)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


async def test_sound_backend_is_ok(simulator: BackendSimulator, examine: Examine) -> None:
    finding = await examine(simulator.url, ca_file=str(simulator.ca_file))
    assert (finding.light, finding.candidates) == (Light.OK, ())
    assert [each.probe.split(".")[0] for each in finding.evidence] == ["dns", "tcp", "tls", "http"]
    assert int(finding.fact("days_left") or 0) > 14
    assert all(each.seconds < 2 for each in finding.evidence)


FAULTS = {
    "refused": {"backend.refused", "backend.service_stopped", "local.firewall"},
    "reset": {"backend.reset"},
    "banner": {"backend.wrong_service"},
    "hang": {"backend.hung"},
    "hang_tls": {"backend.hung"},
    "expired": {"tls.expired"},
    "not_yet_valid": {"tls.not_yet_valid"},
    "wrong_host": {"tls.wrong_host"},
    "self_signed": {"tls.untrusted"},
    "untrusted": {"tls.intercepted", "tls.missing_intermediate"},
    "maintenance": {"backend.maintenance"},
    "unauthorized": {"auth.unauthorized"},
    "forbidden": {"auth.forbidden"},
    "not_found": {"backend.wrong_path"},
    "proxy_auth": {"internet.proxy_auth"},
    "rate_limited": {"backend.rate_limited"},
    "upgrade": {"backend.version_unsupported"},
    "server_error": {"backend.server_error"},
    "redirect_loop": {"backend.redirect_loop"},
    "captive_portal": {"internet.captive_portal", "backend.wrong_path"},
    "missing_intermediate": {"tls.missing_intermediate"},
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_fault_has_its_cause(fault: str, simulator: BackendSimulator, examine: Examine) -> None:
    simulator.set_fault(fault)
    finding = await examine(simulator.url, ca_file=str(simulator.ca_file))
    assert finding.light is Light.FAULT
    assert {each.cause for each in finding.candidates} == FAULTS[fault], finding.evidence
    assert [rung.light for rung in ladder(None, finding)].count(Light.FAULT) == 1


async def test_lone_certificate_of_a_stranger_is_interception_first(
    simulator: BackendSimulator, examine: Examine
) -> None:
    simulator.set_fault("untrusted")
    finding = await examine(simulator.url, ca_file=str(simulator.ca_file))
    assert (finding.cause, finding.distinguish) == ("tls.intercepted", "another_network")


async def test_page_of_a_portal_comes_before_a_wrong_path(
    simulator: BackendSimulator, examine: Examine
) -> None:
    simulator.set_fault("captive_portal")
    finding = await examine(simulator.url, ca_file=str(simulator.ca_file))
    assert (finding.cause, finding.distinguish) == ("internet.captive_portal", "open_page")


async def test_certificate_near_its_end_is_attention(simulator: BackendSimulator, examine: Examine) -> None:
    simulator.set_fault("expires_soon")
    finding = await examine(simulator.url, ca_file=str(simulator.ca_file))
    assert (finding.light, finding.cause) == (Light.ATTENTION, "tls.expires_soon")


@pytest.mark.slow
async def test_slow_answer_is_attention(simulator: BackendSimulator, examine: Examine) -> None:
    simulator.delay = 3.2
    finding = await examine(simulator.url, ca_file=str(simulator.ca_file))
    assert (finding.light, finding.cause) == (Light.ATTENTION, "backend.slow")


async def test_wrong_clock_is_told_from_a_bad_certificate(
    simulator: BackendSimulator, examine: Examine, clock: Any
) -> None:
    simulator.set_fault("expired")
    clock.ahead = 3 * 3600.0
    finding = await examine(simulator.url, ca_file=str(simulator.ca_file))
    assert [each.cause for each in finding.candidates] == ["clock.wrong"]
    assert abs(float(finding.fact("clock_offset") or 0) - clock.ahead) < 5


async def test_clock_that_cannot_be_compared_leaves_both(
    simulator: BackendSimulator, examine: Examine
) -> None:
    simulator.set_fault("expired")
    simulator.set_fault("hang")
    finding = await examine(simulator.url, ca_file=str(simulator.ca_file))
    assert [each.cause for each in finding.candidates] == ["tls.expired", "clock.wrong"]
    assert finding.distinguish == "second_clock"


async def test_unknown_authority_without_ca_file(simulator: BackendSimulator, examine: Examine) -> None:
    finding = await examine(simulator.url)
    assert finding.light is Light.FAULT
    assert {each.cause for each in finding.candidates} <= {
        "tls.untrusted", "tls.intercepted", "tls.missing_intermediate"
    }  # fmt: skip


async def test_unreadable_ca_file_is_never_ok(
    simulator: BackendSimulator, examine: Examine, tmp_path: Path
) -> None:
    finding = await examine(simulator.url, ca_file=str(tmp_path / "gone.pem"))
    assert finding.light is Light.UNKNOWN
    assert "gone.pem" in str(finding.evidence[-1].meaning)


async def test_expected_status_is_the_profiles(simulator: BackendSimulator, examine: Examine) -> None:
    simulator.status = 204
    assert (await examine(simulator.url, ca_file=str(simulator.ca_file), expect_status=204)).light is Light.OK
    assert (await examine(simulator.url, ca_file=str(simulator.ca_file))).cause == "backend.wrong_path"


async def test_working_sibling_port_is_told(simulator: BackendSimulator, examine: Examine) -> None:
    finding = await examine(f"https://127.0.0.1:{closed_port()}/", sibling_ports=(simulator.port,))
    assert "tcp.sibling_ok" in signs_of(finding.evidence)
    assert "tcp.sibling_dead" in signs_of(
        (await examine(f"https://127.0.0.1:{closed_port()}/", sibling_ports=(closed_port(),))).evidence
    )


async def test_second_address_is_tried(simulator: BackendSimulator, examine: Examine, platform: Any) -> None:
    platform.names["pos.example"] = ("127.0.0.2", "127.0.0.1")
    url = f"https://pos.example:{simulator.port}/health"
    finding = await examine(url, ca_file=str(simulator.ca_file))
    assert finding.light is Light.OK
    assert {"tcp.refused", "tcp.connected"} <= signs_of(finding.evidence)


# ---- what is sent


async def test_credential_goes_over_a_trusted_line_only(examine: Examine, tmp_path: Path) -> None:
    heard: list[bytes] = []

    def plain(line: socket.socket) -> None:
        heard.append(line.recv(4096))
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with service(plain) as port:
        finding = await examine(f"http://127.0.0.1:{port}/", secret="s3cret", credential="env:KEY")
    assert finding.light is Light.OK
    assert b"User-Agent: Tillkeeper" in heard[0]
    assert b"s3cret" not in heard[0]


async def test_credential_is_sent_as_bearer(
    simulator: BackendSimulator, examine: Examine, tmp_path: Path
) -> None:
    heard: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "good.pem")

    def encrypted(line: socket.socket) -> None:
        with context.wrap_socket(line, server_side=True) as secured:
            heard.append(secured.recv(4096))
            secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    url = "https://127.0.0.1:{}/"
    with service(encrypted) as port:
        trusted = await examine(
            url.format(port), secret="s3cret", credential="env:KEY", ca_file=str(simulator.ca_file)
        )
        distrusted = await examine(url.format(port), secret="s3cret", credential="env:KEY")
    assert (trusted.light, distrusted.light) == (Light.OK, Light.FAULT)
    assert len([each for each in heard if each]) == 1
    assert b"Authorization: Bearer s3cret\r\n" in heard[0]


@pytest.mark.parametrize(
    "trouble", [NotConfigured(say("nothing is there")), Timeout(say("the keyring did not answer"))]
)
async def test_without_its_credential_the_way_is_climbed_all_the_same(
    trouble: TillkeeperError, simulator: BackendSimulator, examine: Examine
) -> None:
    setup = {"secret": trouble, "credential": "env:KEY", "ca_file": str(simulator.ca_file)}
    open_door = await examine(simulator.url, **setup)
    assert (open_door.light, open_door.cause) == (Light.ATTENTION, "auth.credential_missing")
    assert {"credential.missing", "tcp.connected", "http.expected"} <= signs_of(open_door.evidence)
    assert str(trouble.words) in {str(each.meaning) for each in open_door.evidence}
    simulator.set_fault("unauthorized")
    shut = await examine(simulator.url, **setup)
    assert (shut.light, shut.cause) == (Light.FAULT, "auth.credential_needed")
    assert "auth.unauthorized" in {each.cause for each in shut.candidates}


@pytest.mark.parametrize("secret", ["s3cret-value\n", "s3cret-value\r\nX-Evil: 1", "s3cret-value\u00e9"])
async def test_credential_that_no_header_can_carry_is_not_told(
    secret: str, simulator: BackendSimulator, examine: Examine
) -> None:
    finding = await examine(
        simulator.url, secret=secret, credential="env:KEY", ca_file=str(simulator.ca_file)
    )
    assert finding.light is Light.UNKNOWN
    assert "No request to" in str(finding.evidence[-1].meaning)
    assert "s3cret" not in repr(finding)
    assert simulator.requests == 0


async def test_name_beyond_ascii_is_written_as_rfc_3490_says(
    tmp_path: Path, examine: Examine, platform: Any
) -> None:
    heard: list[bytes] = []
    ascii_name = "收银.example".encode("idna").decode("ascii")
    platform.names["收银.example"] = ("127.0.0.1",)

    def plain(line: socket.socket) -> None:
        heard.append(line.recv(4096))
        if heard[1:]:
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        else:  # in its own ASCII form the name is the same one
            line.sendall(MOVED + f"http://{ascii_name}:{line.getsockname()[1]}/here\r\n\r\n".encode())

    with service(plain) as port:
        assert (await examine(f"http://收银.example:{port}/")).light is Light.OK
    assert f"Host: {ascii_name}:{port}\r\n".encode() in heard[0]
    async with BackendSimulator.start(tmp_path, hosts=(ascii_name,)) as encrypted:
        url = f"https://收银.example:{encrypted.port}/health"
        assert (await examine(url, ca_file=str(encrypted.ca_file))).light is Light.OK


# ---- services that misbehave

MOVED = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (b"220 mail.example ESMTP\r\n", "backend.wrong_service"),
        (b"\x00\xff\xfe" * 50, "backend.wrong_service"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-Endless: on and on\r\n" * 20000, "backend.wrong_service"),
        (b"", "backend.reset"),
        (MOVED + b"http://portal.example/login\r\n\r\n", "internet.captive_portal"),
        (MOVED + b"https://127.0.0.1/\r\n\r\n", "backend.wrong_path"),
        (b"HTTP/1.1 511 Log In First\r\nContent-Length: 0\r\n\r\n", "internet.captive_portal"),
        (MOVED + b"http://[nowhere\r\n\r\n", "backend.wrong_service"),
        (MOVED + b"/\xc3\xbc ?a b\r\n\r\n", "backend.redirect_loop"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "backend.hung"),
    ],
)  # fmt: skip
async def test_bad_answer(answer: bytes, cause: str, examine: Examine) -> None:
    def talk(line: socket.socket) -> None:
        line.recv(4096)
        line.sendall(answer)

    with service(talk) as port:
        finding = await examine(f"http://127.0.0.1:{port}/")
    assert (finding.light, finding.cause) == (Light.FAULT, cause)


async def test_ten_gigabytes_are_not_read(examine: Examine) -> None:
    sent = 0

    def flood(line: socket.socket) -> None:
        nonlocal sent
        line.recv(4096)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n")
        while True:
            sent += line.send(b"x" * 65536)

    with service(flood) as port:
        finding = await examine(f"http://127.0.0.1:{port}/")
    assert finding.light is Light.OK
    assert sent < 64 * 1024 * 1024  # what the system's buffers swallowed


async def test_one_byte_a_time_ends_in_time(examine: Examine, clock: Any) -> None:
    ended = threading.Event()

    def drip(line: socket.socket) -> None:
        for byte in b"HTTP/1.1 200 OK\r\n" * 20:
            line.sendall(bytes((byte,)))
            if ended.wait(0.2):
                return

    begun = clock.seconds()
    with service(drip) as port:
        finding = await examine(f"http://127.0.0.1:{port}/")
        ended.set()
    assert finding.cause == "backend.hung"
    assert clock.seconds() - begun < 8


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
async def test_encryption_of_another_age(
    simulator: BackendSimulator, examine: Examine, tmp_path: Path
) -> None:
    old = ("-tls1", "-cipher", "DEFAULT@SECLEVEL=0")
    command = ("openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", str(tmp_path / "good.pem"), *old)
    server = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        assert server.stdout is not None
        async with asyncio.timeout(10):
            while not (line := await server.stdout.readline()).startswith(b"ACCEPT"):
                assert line, "openssl ended"
        port = int(line.rpartition(b":")[2])
        finding = await examine(f"https://127.0.0.1:{port}/", ca_file=str(simulator.ca_file))
    finally:
        server.kill()
        await server.communicate()
    assert [each.cause for each in finding.candidates] == ["tls.protocol"], finding.evidence


# ---- names


@pytest.fixture
async def names() -> AsyncIterator[DnsSimulator]:
    async with DnsSimulator.start({"pos.example": "127.0.0.1", "far.example": "203.0.113.7"}) as server:
        yield server


async def test_name_is_resolved_by_the_given_server(
    simulator: BackendSimulator, names: DnsSimulator, examine: Examine
) -> None:
    finding = await examine(
        f"https://pos.example:{simulator.port}/health",
        NetworkSetup(dns=names.address),
        ca_file=str(simulator.ca_file),
    )
    assert finding.light is Light.OK
    assert "dns.resolved" in finding.evidence[0].signs


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("mute", "dns.no_answer"),
        ("refused", "dns.refused"),
        ("unknown_name", "dns.unknown_name"),
        ("server_failure", "dns.no_answer"),
    ],
)
async def test_name_server_fault(fault: str, cause: str, names: DnsSimulator, examine: Examine) -> None:
    names.set_fault(fault)
    finding = await examine("https://pos.example/", NetworkSetup(dns=names.address))
    assert [each.cause for each in finding.candidates] == [cause]


async def test_what_is_no_name_is_unknown(names: DnsSimulator, examine: Examine) -> None:
    finding = await examine(f"https://{'a' * 70}.example/", NetworkSetup(dns=names.address))
    assert finding.cause == "dns.unknown_name"


async def test_a_line_that_was_reset_before_it_is_encrypted_is_let_go_of(recwarn: Any) -> None:
    def reset() -> socket.socket:
        with socket.create_server(("127.0.0.1", 0)) as door:
            line = socket.create_connection(door.getsockname())
            caller, _ = door.accept()
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            caller.close()
            return line

    def encrypted() -> bool:
        try:
            tls.encrypt(reset(), "localhost", tls.trust(None))
        except ConnectionResetError:
            return True
        return False

    assert await asyncio.to_thread(encrypted)
    gc.collect()
    assert not recwarn.list


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize(("kept_waiting", "sign"), [(1, "path.large_works"), (9, "path.small_silent")])
async def test_a_mute_service_is_tried_with_short_packets(
    scheme: str, kept_waiting: int, sign: str, examine: Examine
) -> None:
    callers = iter(range(100))
    leaving = threading.Event()

    def talk(line: socket.socket) -> None:
        number = next(callers)
        line.recv(4096)
        if number < kept_waiting:
            leaving.wait(8)
        else:
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")  # to TLS it is a refusal at least

    with service(talk) as port:
        finding = await examine(f"{scheme}://127.0.0.1:{port}/")
        leaving.set()
    assert [each.cause for each in finding.candidates] == ["backend.hung"]
    assert sign in signs_of(finding.evidence)
    assert finding.evidence[-1].probe == ("tls.small" if scheme == "https" else "http.small")


async def test_cancelled_examination_ends_at_once(
    simulator: BackendSimulator, examine: Examine, clock: Any
) -> None:
    simulator.set_fault("hang_tls")
    task = asyncio.create_task(examine(simulator.url, ca_file=str(simulator.ca_file)))
    await asyncio.wait({task}, timeout=0.3)
    begun = clock.seconds()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert clock.seconds() - begun < 1.5  # the hang lasts 4 s


async def test_no_server_is_said(examine: Examine) -> None:
    assert (await examine("https://pos.example/")).cause == "dns.missing"


async def test_private_address_for_a_public_name_is_hijacked(names: DnsSimulator, examine: Examine) -> None:
    url = f"https://pos.example:{closed_port()}/"
    finding = await examine(url, NetworkSetup(dns=names.address), known_addresses=("203.0.113.7",))
    assert [each.cause for each in finding.candidates] == ["dns.hijacked"]


async def test_other_address_that_fails_is_stale(names: DnsSimulator, examine: Examine) -> None:
    url = f"https://pos.example:{closed_port()}/"
    finding = await examine(url, NetworkSetup(dns=names.address), known_addresses=("127.0.0.9",))
    assert [each.cause for each in finding.candidates] == ["dns.stale"]


async def test_other_address_that_works_is_fine(
    simulator: BackendSimulator, names: DnsSimulator, examine: Examine
) -> None:
    finding = await examine(
        f"https://pos.example:{simulator.port}/health", NetworkSetup(dns=names.address),
        ca_file=str(simulator.ca_file), known_addresses=("203.0.113.7",),
    )  # fmt: skip
    assert (finding.light, finding.candidates) == (Light.OK, ())


async def test_localhost_needs_no_server(simulator: BackendSimulator, examine: Examine) -> None:
    finding = await examine(f"https://localhost:{simulator.port}/health", ca_file=str(simulator.ca_file))
    assert finding.light is Light.OK
