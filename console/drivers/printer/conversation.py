"""Question and answer on one opening of a printer's line."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from types import TracebackType

from console.domain.errors import TillkeeperError
from console.domain.ports import Transport
from console.drivers.codecs.replies import GARBAGE, Parser, Reply

_KEPT_REPLIES = 256
_KEPT_BYTES = 256


class Conversation:
    """An async context: holds the line from entering to leaving, remembers what was heard on it."""

    def __init__(self, connect: Callable[[], Transport], parser: Parser) -> None:
        self._transport = connect()
        self._parser = parser
        self._replies: deque[Reply] = deque(maxlen=_KEPT_REPLIES)
        self._news = asyncio.Event()
        self._lost: TillkeeperError | None = None
        self.heard = b""  # the first bytes heard since the last question, or since it became garbled
        self.garbled = False  # something that is no answer in this language was heard
        self._closed = False
        self._owed = False  # a question went unanswered: its answer may still come, and be taken for another

    async def __aenter__(self) -> Conversation:
        """Take the line; Unreachable, Timeout, Busy or Denied when that fails."""
        try:
            await self._transport.open(self._take_in, self._take_loss)
        except BaseException:
            await self._transport.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.drop()
        await self.close()

    def drop(self) -> None:
        """Throw away what was sent and has not gone out yet."""
        self._transport.drop()

    async def close(self) -> None:
        """Let the line go; who waits for an arrival is told that none will come."""
        self._closed = True
        self._news.set()
        await self._transport.close()

    @property
    def sound(self) -> bool:
        """Whether the next answer can be trusted to belong to the next question."""
        return not (self._closed or self._lost or self.garbled or self._owed or self.half_reply)

    @property
    def half_reply(self) -> bytes:
        """An answer that has begun and not ended."""
        return self._parser.pending

    def turn_to(self, parser: Parser) -> None:
        """Hear with another parser from now on; what was heard before is forgotten."""
        self._parser = parser
        self._replies.clear()
        self.heard, self.garbled = b"", False

    async def write(self, data: bytes) -> None:
        """Send `data`; the transport's errors, or the one with which the line was lost."""
        if self._lost is not None:
            raise self._lost
        await self._transport.write(data)

    async def next(self, *kinds: str, seconds: float) -> Reply | None:
        """The first reply of `kinds` not yet taken; None after `seconds`; raises when the line is lost."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    if (reply := self.taken(*kinds)) is not None:
                        return reply
                    if self._lost is not None:
                        raise self._lost
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return None

    async def arrival(self, *kinds: str) -> bool:
        """Wait until a reply of `kinds` is there to be taken; False once the line is closed or garbled.

        Raises when the line is lost.
        """
        while not any(reply.kind in kinds for reply in self._replies):
            if self._lost is not None and not self._closed:
                raise self._lost
            if self._closed or self.garbled:
                return False
            self._news.clear()
            await self._news.wait()
        return True

    def taken(self, *kinds: str) -> Reply | None:
        """The first reply of `kinds` that is there already; None without waiting."""
        for reply in self._replies:
            if reply.kind in kinds:
                self._replies.remove(reply)
                return reply
        return None

    async def ask(self, request: bytes, kind: str, seconds: float) -> Reply | None:
        """Send `request`; the reply of `kind` to it, or None after `seconds`."""
        if not self.garbled:
            self.heard = b""
        self._parser.expect(kind)
        await self.write(request)
        try:
            reply = await self.next(kind, seconds=seconds)
            self._owed = self._owed or reply is None
            return reply
        finally:
            self._parser.expect(None)

    def _take_in(self, data: bytes) -> None:
        self.heard += data[: _KEPT_BYTES - len(self.heard)]
        for reply in self._parser.feed(data):
            if reply.kind == GARBAGE:
                self.garbled = True
            else:
                self._replies.append(reply)
        self._news.set()

    def _take_loss(self, trouble: TillkeeperError) -> None:
        self._lost = trouble
        self._news.set()
