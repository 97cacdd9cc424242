"""The backend's side of the lab: a process that serves one port per kind of trouble.

    python server.py FOLDER PORT=CERTIFICATE ...

CERTIFICATE names FOLDER/CERTIFICATE.pem (chain and key); `ssh` is a service that is not TLS, `plain` is
HTTP without it, `drowsy` a good one that begins late. A request for `/status/N` is answered with N, `/large`
with many bytes, `/portal` with the way to a log-in page, everything else with 200. Prints `ready` when all
ports listen.
"""

from __future__ import annotations

import signal
import socketserver
import ssl
import sys
import threading
from email.utils import formatdate
from pathlib import Path
from time import time
from typing import Any

LATER = 10 * 365 * 86400  # seconds by which the clock of `future` runs ahead of the till's


class Service(socketserver.ThreadingTCPServer):
    """One port."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, kind: str, folder: Path) -> None:
        super().__init__(("0.0.0.0", port), Talk)
        self.kind = kind
        self.context: ssl.SSLContext | None = None
        if kind not in ("ssh", "plain"):
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(folder / f"{'good' if kind == 'drowsy' else kind}.pem")

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what half of the lab is about."""


class Talk(socketserver.BaseRequestHandler):
    """One connection."""

    server: Service

    def handle(self) -> None:
        self.request.settimeout(20)
        if self.server.kind == "ssh":
            self.request.sendall(b"SSH-2.0-lab_1.0\r\n")
            self.request.recv(4096)
            return
        if self.server.kind == "drowsy":
            threading.Event().wait(0.7)
        context = self.server.context
        with context.wrap_socket(self.request, server_side=True) if context else self.request as line:
            words = line.recv(4096).decode("ascii", "replace").split()
            path = words[1] if len(words) > 1 else "/"
            status = int(path.rpartition("/")[2]) if path.startswith("/status/") else 200
            date = formatdate(time() + (LATER if self.server.kind == "future" else 0), usegmt=True)
            if path == "/portal":
                line.sendall(
                    b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\n\r\n"
                )
                return
            body = "ok" * (2500 if path == "/large" else 1)
            line.sendall(
                f"HTTP/1.1 {status} Lab\r\nDate: {date}\r\nRetry-After: 7\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
            )


def main() -> None:
    folder = Path(sys.argv[1])
    for told in sys.argv[2:]:
        port, _, kind = told.partition("=")
        service = Service(int(port), kind, folder)
        threading.Thread(target=service.serve_forever, daemon=True).start()
    print("ready", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
