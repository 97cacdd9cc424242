"""The HTTP rung: does the service itself answer as it should (RFC 9110, RFC 9112)?"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import quote, urljoin, urlsplit

import h11

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import Words, say
from console.probes.notes import Asked, ask

SECONDS = 5.0
AGENT = "Tillkeeper"
_SLOW = 3.0
_HOPS = 5
_BODY = 64 * 1024  # bytes that are read at most; health answers are small

Dial = Callable[[], socket.socket]


@dataclass(slots=True)
class Response:
    """What came back before `_BODY` bytes or the end; `whole` when nothing is missing."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    whole: bool = False


def exchange(line: socket.socket, request: h11.Request, end: float) -> Response:
    """Send the request and read its response until `end` (monotonic seconds).

    TimeoutError without a status line by then, ConnectionError when it was broken off,
    h11.RemoteProtocolError when it is no HTTP.
    """
    talk = h11.Connection(h11.CLIENT, max_incomplete_event_size=_BODY)
    line.settimeout(max(0.05, end - monotonic()))
    line.sendall(talk.send(request) or b"")
    talk.send(h11.EndOfMessage())
    response: Response | None = None
    begun = False
    try:
        while True:
            event = talk.next_event()
            if event is h11.NEED_DATA:
                line.settimeout(_left(end))
                heard = line.recv(16384)
                if not heard and not begun:
                    raise ConnectionResetError("closed without an answer")
                begun = True
                talk.receive_data(heard)
            elif isinstance(event, h11.Response):
                named = ((name.decode("ascii"), value.decode("latin-1")) for name, value in event.headers)
                response = Response(event.status_code, dict(named))
            elif isinstance(event, h11.Data) and response is not None:
                response.body += bytes(event.data)
                if len(response.body) > _BODY:
                    response.whole = True
                    return response
            elif isinstance(event, h11.EndOfMessage) and response is not None:
                response.whole = True
                return response
    except (OSError, h11.RemoteProtocolError):
        if response is None:
            raise
        return response


def _left(end: float) -> float:
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def get(
    dial: Dial,
    line: socket.socket,
    url: str,
    expect: int,
    secret: str | None,
    clock: Clock,
    seconds: float = SECONDS,
) -> Evidence:
    """Ask for `url` over the open `line`, which is closed at the end; `secret` only over a trusted one.

    Signs http.expected (with http.slow), http.401, 403, 404, 407, 426, 429, 503, 511, 5xx,
    http.unexpected, redirect_loop, redirected (to another port), redirected_elsewhere (to another host),
    silent, stalled (the body stops half-way), reset, or service.not_http; none when the request itself
    cannot be written.
    """
    asked = ask(clock, "http.get")
    host = urlsplit(url).hostname or ""
    end = monotonic() + seconds
    try:
        request = _request(url, secret)
    except (h11.LocalProtocolError, UnicodeError):  # what they say may hold the secret
        line.close()
        meaning = say("No request to {host} can be written; check its address and its credential", host=host)
        return asked.saw("unsendable", meaning)
    try:
        for hop in range(_HOPS):
            with line if hop == 0 else dial() as line:
                response = exchange(line, request, end)
            onward = _onward(url, response, expect)
            if onward is None:
                return _status(response, host, expect, asked)
            if _origin(onward) != _origin(url):
                meaning = say("The answer sends this till elsewhere: {url}", url=onward)
                elsewhere = _origin(onward)[1] != _origin(url)[1]
                sign = "http.redirected_elsewhere" if elsewhere else "http.redirected"
                return asked.saw(str(response.status), meaning, sign, location=onward)
            url, request = onward, _request(onward, secret)
        return asked.saw(
            "redirects", say("{host} sends this till round in a circle", host=host), "http.redirect_loop"
        )
    except TimeoutError:
        meaning = say(
            "{host} takes the request but does not answer within {seconds} s",
            host=host,
            seconds=round(asked.seconds, 1),
        )
        return asked.saw("timeout", meaning, "http.silent")
    except (h11.RemoteProtocolError, ValueError) as error:  # ValueError: a Location that is no address
        meaning = say("What answers at {host} is no web service", host=host)
        return asked.saw(str(error)[:80], meaning, "service.not_http")
    except OSError as error:
        meaning = say("{host} broke the connection instead of answering", host=host)
        return asked.saw(type(error).__name__, meaning, "http.reset")


def host_header(url: str) -> str:
    """What goes into the Host header, in ASCII (RFC 3490): no user name or password of the URL.

    UnicodeError when no host can have such a name.
    """
    place = urlsplit(url).netloc.rpartition("@")[2]
    if place.isascii():
        return place
    name, colon, port = place.partition(":")
    return name.encode("idna").decode("ascii") + colon + port


def _origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host in ASCII, and port as written."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").encode("idna").decode("ascii"), parts.port


def _target(url: str) -> str:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return quote(target, safe="%/?:@!$&'()*+,;=~[]")


def _request(url: str, secret: str | None) -> h11.Request:
    headers = [("Host", host_header(url)), ("User-Agent", AGENT), ("Accept", "*/*"), ("Connection", "close")]
    if secret is not None:
        headers.append(("Authorization", f"Bearer {secret}"))
    return h11.Request(method="GET", target=_target(url), headers=headers)


def _onward(url: str, response: Response, expect: int) -> str | None:
    """Where the response sends us; None when it stands for itself."""
    location = response.headers.get("location")
    if response.status == expect or response.status not in (301, 302, 303, 307, 308) or not location:
        return None
    return urljoin(url, location)


def _status(response: Response, host: str, expect: int, asked: Asked) -> Evidence:
    status = str(response.status)
    facts = {"status": status}
    if "retry-after" in response.headers:
        facts["retry_after"] = response.headers["retry-after"]
    if not response.whole:
        meaning = say("{host} began to answer and then stopped half-way", host=host)
        return asked.saw(status, meaning, "http.stalled", **facts)
    if response.status != expect:
        sign, meaning = _unexpected(response.status, host, expect)
        return asked.saw(status, meaning, sign, **facts)
    if asked.seconds > _SLOW:
        meaning = say(
            "{host} answers, but only after {seconds} s", host=host, seconds=round(asked.seconds, 1)
        )
        return asked.saw(status, meaning, "http.expected", "http.slow", **facts)
    meaning = say("{host} answers as it should ({status})", host=host, status=response.status)
    return asked.saw(status, meaning, "http.expected", **facts)


def _unexpected(status: int, host: str, expect: int) -> tuple[str, Words]:
    known = {
        401: say("{host} does not know this till (401)", host=host),
        403: say("{host} knows this till but lets it not in (403)", host=host),
        404: say("{host} has nothing under this path (404)", host=host),
        407: say("A proxy on the way demands a login (407)"),
        426: say("{host} demands a newer version of the till's program (426)", host=host),
        429: say("{host} says it is asked too often (429)", host=host),
        503: say("{host} says it is out of service for now (503)", host=host),
        511: say("The network on the way demands a log-in (511)"),
    }
    if status in known:
        return f"http.{status}", known[status]
    if status >= 500:
        return "http.5xx", say("{host} reports an error of its own ({status})", host=host, status=status)
    return "http.unexpected", say(
        "{host} answers {status} where {expect} was expected", host=host, status=status, expect=expect
    )
