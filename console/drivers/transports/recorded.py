"""Any transport, with everything that is said on it told to a recorder; no driver knows of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from console.domain.addresses import Address
from console.domain.errors import TillkeeperError
from console.domain.ports import Connect, Heard, Lost, Transport
from console.domain.recording import Event, Opening, Recorder, What
from console.drivers.scanner.veil import Kept, ReportVeil, Veil

Veiling = Callable[[Callable[[Event], None], Callable[[], str | None]], Veil | ReportVeil]


def recorded(connect: Connect, recorder: Recorder, kept: Kept | None = None) -> Connect:
    """`connect` with its lines told to `recorder`; `kept` where codes of customers may come in on them."""

    def connected(address: Address, told: dict[str, Any]) -> Callable[[], Transport]:
        way = connect(address, told)
        veil: Veiling | None = None
        if kept is not None:
            veil = ReportVeil if address.scheme == "hid" else partial(Veil, kept=kept)
        return lambda: RecordedTransport(way(), recorder, str(address), veil)

    return connected


class RecordedTransport:
    """Implements `ports.Transport` around another one; times are the loop's."""

    def __init__(self, inner: Transport, recorder: Recorder, address: str, veil: Veiling | None) -> None:
        self._inner = inner
        self._recorder = recorder
        self._address = address
        self._veiling = veil
        self._veil: Veil | ReportVeil | None = None
        self._opening: Opening | None = None

    async def open(self, heard: Heard, lost: Lost) -> None:
        """As the inner one; the recorder hears of it before the driver does."""
        opening = self._recorder.opening(self._address)
        self._veil = self._veiling(opening.take, lambda: opening.code) if self._veiling else None
        self._opening = opening
        self._seconds = asyncio.get_running_loop().time

        def hear(data: bytes) -> None:
            self._note(What.HEARD, data=data)
            heard(data)

        def lose(trouble: TillkeeperError) -> None:
            self._note(What.LOST, trouble=trouble)
            lost(trouble)

        began = self._seconds()
        try:
            await self._inner.open(hear, lose)
        except TillkeeperError as trouble:
            self._note(What.LOST, during="open", trouble=trouble, seconds=self._seconds() - began)
            self._opening = None
            raise
        self._note(What.OPENED, seconds=self._seconds() - began)

    async def write(self, data: bytes) -> None:
        """As the inner one; noted before it is tried, so that a hang shows what it hangs at."""
        self._note(What.SENT, data=data)
        try:
            await self._inner.write(data)
        except TillkeeperError as trouble:
            self._note(What.LOST, during="write", trouble=trouble)
            raise

    def drop(self) -> None:
        """As the inner one."""
        self._inner.drop()

    async def close(self) -> None:
        """As the inner one."""
        self._note(What.CLOSED)
        self._opening = None
        await self._inner.close()

    def _note(
        self, what: What, data: bytes = b"", during: str = "",
        trouble: TillkeeperError | None = None, seconds: float = 0.0,
    ) -> None:  # fmt: skip
        if self._opening is None:
            return
        event = Event(
            self._seconds(), what, self._opening.line, bytes(data), False, round(seconds, 6), during, trouble
        )
        if self._veil is not None:
            self._veil.take(event)
        else:
            self._opening.take(event)
