"""A service of this computer behind a Unix domain socket, such as CUPS."""

from __future__ import annotations

import asyncio
import errno

from console.domain.errors import Denied, TillkeeperError, Unreachable
from console.domain.words import say
from console.drivers.transports.tcp import TcpTransport


class UnixTransport(TcpTransport):
    """One connection to the socket at `path`; everything else is as on TCP."""

    def __init__(self, path: str, connect_seconds: float = 2.0) -> None:
        super().__init__(path, 0, connect_seconds)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_unix_connection(self._host)

    @property
    def _name(self) -> str:
        return self._host

    def _trouble(self, error: OSError | UnicodeError) -> TillkeeperError:
        number = getattr(error, "errno", None)
        if number in (errno.ENOENT, errno.ECONNREFUSED):
            words = say("Nothing listens at {name}; is the service started?", name=self._name)
            return Unreachable(words, "tcp.refused")
        if number in (errno.EACCES, errno.EPERM):
            words = say("The system does not let this user use {name}", name=self._name)
            return Denied(words, "ipp.denied")
        return super()._trouble(error)
