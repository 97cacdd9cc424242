"""The DNS rung: what each configured server says about a name (RFC 1035)."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from time import monotonic

import dns.exception
import dns.message
import dns.rcode
import dns.rdatatype

_SECONDS = 3.0
_AGAIN = 1.0  # a lost datagram is sent once more after this many seconds
SLOW = 0.5  # seconds; above this people feel it (ChromeOS calls it significant)
ANSWERS = frozenset({"found", "nxdomain", "empty"})

Server = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Reply:
    """One server's word on one name.

    `outcome` is found, nxdomain, empty (the name has no address), refused, servfail, no_answer or garbage.
    """

    server: str
    outcome: str
    seconds: float
    addresses: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """True when the server did its work, even if the name does not exist."""
        return self.outcome in ANSWERS


def is_literal(host: str) -> bool:
    """True when `host` is an address and needs no DNS."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def ask_server(server: Server, name: str, seconds: float = _SECONDS) -> Reply:
    """The addresses that `server` gives for `name`: IPv4, or IPv6 where there is no other."""
    begun = monotonic()
    host = f"{server[0]}:{server[1]}" if server[1] != 53 else server[0]
    reply = _query(host, server, name, dns.rdatatype.A, begun, seconds)
    if reply.outcome != "empty":
        return reply
    six = _query(host, server, name, dns.rdatatype.AAAA, begun, seconds)
    return six if six.outcome == "found" else reply


def _query(
    host: str, server: Server, name: str, kind: dns.rdatatype.RdataType, begun: float, seconds: float
) -> Reply:
    try:
        question = dns.message.make_query(name, kind)
    except dns.exception.DNSException:  # no server can know what is no name
        return Reply(host, "nxdomain", monotonic() - begun)
    try:
        answer = _exchange(server, question, begun + seconds)
    except TimeoutError:
        return Reply(host, "no_answer", monotonic() - begun)
    except ConnectionError:  # the host says that nobody listens there
        return Reply(host, "refused", monotonic() - begun)
    except OSError:
        return Reply(host, "no_answer", monotonic() - begun)
    except dns.exception.DNSException:
        return Reply(host, "garbage", monotonic() - begun)
    return _read(host, answer, kind, monotonic() - begun)


def _exchange(server: Server, question: dns.message.Message, end: float) -> dns.message.Message:
    """Send, once again if need be, and wait for the matching answer; OSError or DNSException."""
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    wire = question.to_wire()
    bad: dns.exception.DNSException | None = None
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        line.connect(server)  # a connected socket hears the refusal
        line.send(wire)
        again = monotonic() + _AGAIN
        while (left := end - monotonic()) > 0:
            line.settimeout(max(0.001, min(left, again - monotonic())))
            try:
                answer = dns.message.from_wire(line.recv(65535), ignore_trailing=True)
                if question.is_response(answer):
                    return answer
            except TimeoutError:
                again = end
                if left > _AGAIN / 10:
                    line.send(wire)
            except dns.exception.DNSException as error:
                bad = error
    raise bad or TimeoutError


def _read(host: str, answer: dns.message.Message, kind: dns.rdatatype.RdataType, seconds: float) -> Reply:
    code = answer.rcode()
    if code == dns.rcode.NOERROR:
        found = tuple(record.address for part in answer.answer if part.rdtype == kind for record in part)
        return Reply(host, "found" if found else "empty", seconds, found)
    outcomes = {dns.rcode.NXDOMAIN: "nxdomain", dns.rcode.REFUSED: "refused"}
    return Reply(host, outcomes.get(code, "servfail"), seconds)
