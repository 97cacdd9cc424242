"""One IPP request and its answer: an HTTP POST on a connection of its own (RFC 8010 4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import h11

from console.domain.errors import Denied, ProtocolError, TillkeeperError, Timeout, Unreachable
from console.domain.ports import Transport
from console.domain.words import say
from console.drivers.codecs.ipp import NotIpp, Response, response

_LARGEST = 1024 * 1024  # bytes of an answer; a printer's whole set of attributes is some ten thousand
_HEADERS = 32 * 1024
_PIECE = 16 * 1024


async def post(
    connect: Callable[[], Transport], host: str, path: str, message: bytes, seconds: float
) -> Response:
    """Send `message` and read what is answered, in `seconds` at most.

    Denied, Unreachable, Timeout or ProtocolError whose sign says in which way it failed.
    """
    talk = _Talk(host)
    transport = connect()
    try:
        async with asyncio.timeout(seconds):
            await transport.open(talk.hear, talk.lose)
            await transport.write(talk.head(path, len(message)))
            for start in range(0, len(message), _PIECE):
                if talk.over.is_set():
                    break  # it has refused already
                await transport.write(talk.piece(message[start : start + _PIECE]))
            await talk.over.wait()
    except TimeoutError:
        raise Timeout(
            say("{host} took the question and did not answer within {seconds} s", host=host, seconds=seconds),
            "ipp.silent",
        ) from None
    except TillkeeperError:
        if talk.status is None:  # else it refused before it had read all, and hung up
            raise
    finally:
        await transport.close()
    return talk.result()


class _Talk:
    """What was heard; `over` is set when nothing more is worth waiting for."""

    def __init__(self, host: str) -> None:
        self.over = asyncio.Event()
        self.status: int | None = None
        self._host = host
        self._type = b""
        self._body = bytearray()
        self._whole = False
        self._trouble: TillkeeperError | None = None
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEADERS)

    def head(self, path: str, length: int) -> bytes:
        """The head of the request."""
        headers = [
            ("Host", self._host),
            ("User-Agent", "Tillkeeper"),
            ("Content-Type", "application/ipp"),
            ("Content-Length", str(length)),
            ("Connection", "close"),
        ]
        return self._http.send(h11.Request(method="POST", target=path, headers=headers)) or b""

    def piece(self, data: bytes) -> bytes:
        """A piece of its body."""
        return self._http.send(h11.Data(data=data)) or b""

    def hear(self, data: bytes) -> None:
        """Take in what came; anything beyond the bound is given up."""
        if self.over.is_set():
            return
        self._http.receive_data(data)
        self._read()

    def lose(self, trouble: TillkeeperError) -> None:
        """The connection ended; that may be the answer's end too."""
        if not self.over.is_set():
            self._trouble = trouble
            self._http.receive_data(b"")
            self._read()
            self.over.set()

    def _read(self) -> None:
        try:
            while not self.over.is_set():
                event = self._http.next_event()
                if event is h11.NEED_DATA or event is h11.PAUSED:
                    return
                if isinstance(event, h11.Response):
                    self.status = event.status_code
                    self._type = dict(event.headers).get(b"content-type", b"")
                elif isinstance(event, h11.Data):
                    self._body += event.data
                    if len(self._body) > _LARGEST:
                        self._fail(self._foreign())
                elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                    self._whole = isinstance(event, h11.EndOfMessage)
                    self.over.set()
        except h11.RemoteProtocolError:
            self._fail(self._half() if self.status is not None else self._trouble or self._foreign())

    def _fail(self, trouble: TillkeeperError) -> None:
        self._trouble = trouble
        self.over.set()

    def result(self) -> Response:
        """The IPP answer, or the trouble instead of one."""
        if self.status is not None and (refusal := _refusal(self.status, self._host)) is not None:
            raise refusal
        if not self._whole:
            raise self._trouble if self._trouble and self.status is None else self._trouble_in_body()
        if not self._type.lower().startswith(b"application/ipp"):
            raise self._foreign()
        try:
            return response(bytes(self._body))
        except NotIpp:
            raise self._foreign() from None

    def _trouble_in_body(self) -> TillkeeperError:
        return self._trouble if isinstance(self._trouble, ProtocolError) else self._half()

    def _half(self) -> TillkeeperError:
        return ProtocolError(
            say("The answer of {host} broke off in the middle", host=self._host), "ipp.half_reply"
        )

    def _foreign(self) -> TillkeeperError:
        return ProtocolError(say("What answers at {host} does not speak IPP", host=self._host), "ipp.foreign")


def _refusal(status: int, host: str) -> TillkeeperError | None:
    """What an HTTP status says instead of an IPP answer."""
    if status in (401, 403, 407):
        words = say(
            "{host} does not let this till in ({status}): allow it in its web page, CUPS in cupsd.conf",
            host=host,
            status=status,
        )
        return Denied(words, "ipp.denied")
    if status == 404:
        words = say(
            "{host} has no printer under this path (404); most have it under /ipp/print, a CUPS queue under "
            "/printers/NAME",
            host=host,
        )
        return Unreachable(words, "ipp.wrong_path")
    if status == 426:
        words = say(
            "{host} demands an encrypted connection (426); allow plain IPP in its web page", host=host
        )
        return Denied(words, "ipp.denied")
    if status >= 500:
        words = say("{host} reports an error of its own ({status})", host=host, status=status)
        return ProtocolError(words, "ipp.server_error")
    if status != 200:
        return ProtocolError(
            say("{host} answers {status}, which no IPP printer does", host=host, status=status), "ipp.foreign"
        )
    return None
