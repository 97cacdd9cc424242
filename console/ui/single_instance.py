"""One window a store on this computer: a second start raises the first and ends."""

from __future__ import annotations

import getpass
import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

WAIT_MS = 500  # for another instance to take the message
RAISE = b"raise\n"


class SingleInstance(QObject):
    """Stands for the store that is kept at `place`: two places are two stores and may both be open.

    `raised` is emitted in the first instance whenever another one was started.
    """

    raised = Signal()

    def __init__(self, place: Path) -> None:
        super().__init__()
        owner = f"{getpass.getuser()}\0{place.resolve()}"
        self._name = f"tillkeeper-{hashlib.sha256(owner.encode()).hexdigest()[:16]}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._called)

    def claim(self) -> bool:
        """True for the first instance; else the first was told to raise its window. Takes under a second."""
        if self._tell_first():
            return False
        if self._server.listen(self._name):
            return True
        # Nobody answers under the name, so its socket was left behind by a crash. Two instances that come
        # here at once are settled by who listens first.
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name) or not self._tell_first()

    def release(self) -> None:
        """Give the name free."""
        self._server.close()

    def _tell_first(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(WAIT_MS):
            return False
        socket.write(RAISE)
        socket.waitForBytesWritten(WAIT_MS)
        socket.disconnectFromServer()
        return True

    def _called(self) -> None:
        # The connection itself is the message; what it carries is not needed.
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.raised.emit()
