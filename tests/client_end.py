"""A client plugged straight into a simulator, for tests of bytes without a transport."""

from __future__ import annotations


class ClientEnd:
    """The client's end of a line: keeps what was answered."""

    closed = False

    def __init__(self) -> None:
        self.heard = b""

    def write(self, data: bytes) -> None:
        """The simulator answers."""
        self.heard += data

    def pause(self, on: bool) -> None:
        """It makes the client wait; this one does not mind."""

    def hang_up(self) -> None:
        """It drops the line; nothing is kept of that."""
