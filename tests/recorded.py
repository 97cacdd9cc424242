"""A recording as a shop may send it in: a printer without paper, asked once, and what was refused before."""

from __future__ import annotations

import json
from typing import Any

HEADER: dict[str, Any] = {
    "schema": "tillkeeper.recording/1",
    "subject": "printer:front",
    "address": "tcp://192.0.2.50:9100",
    "protocol": "escpos",
    "program": "0.1.0",
    "started": "2026-11-22T09:30:00.000000+08:00",
    "store": {
        "store": {"name": "人民路店", "language": "en", "timezone": "Asia/Shanghai"},
        "printer": [{"name": "front", "address": "tcp://192.0.2.50:9100"}],
    },
    "level": "external",
    "code": "TK4711008156",
}
PAGE = {"title": "测试页", "lines": ["人民路店", "￥128.50"], "code": "TK4711008156"}
REFUSED = {"say": "{name} refused the connection", "with": {"name": "192.0.2.50:9100"}}
EVENTS: list[dict[str, Any]] = [
    {"at": 0.003, "event": "opened", "line": 1, "seconds": 0.003},
    {"at": 0.0031, "event": "sent", "line": 1, "bytes": "10 04 01"},
    {"at": 0.0042, "event": "heard", "line": 1, "bytes": "1a"},
    {"at": 0.0043, "event": "sent", "line": 1, "bytes": "10 04 04"},
    {"at": 0.0051, "event": "heard", "line": 1, "bytes": "7e"},
    {"at": 0.0052, "event": "sent", "line": 1, "bytes": "10 04 02"},
    {"at": 0.0061, "event": "heard", "line": 1, "bytes": "32"},
    {"at": 0.0062, "event": "sent", "line": 1, "bytes": "10 04 03"},
    {"at": 0.0071, "event": "heard", "line": 1, "bytes": "12"},
    {"at": 0.0072, "event": "closed", "line": 1},
    {"at": 0.0105, "event": "lost", "line": 2, "seconds": 0.0031, "during": "open",
     "trouble": "tcp.refused", "kind": "Unreachable", "words": REFUSED},
    {"at": 0.011, "event": "page", **PAGE},
    {"at": 0.013, "event": "opened", "line": 3, "seconds": 0.002},
    {"at": 0.0131, "event": "sent", "line": 3, "bytes": "10 04 01"},
    {"at": 1.2, "event": "lost", "line": 3, "trouble": "tcp.reset", "kind": "Unreachable",
     "words": {"say": "broken off", "with": {}}},
    {"at": 1.21, "event": "closed", "line": 3},
    {"at": 1.3, "event": "lost", "line": 4, "seconds": 0.0031, "during": "open",
     "trouble": "tcp.refused", "kind": "Unreachable", "words": REFUSED},
    {"at": 1.31, "event": "ended", "passed": False, "light": "fault", "cause": "printer.paper_out",
     "grade": "E"},
]  # fmt: skip


def content(header: dict[str, Any] | None = None, *events: dict[str, Any]) -> bytes:
    """A file with this header and these events."""
    lines = [HEADER if header is None else header, *events]
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines).encode()


RECORDING = content(HEADER, *EVENTS)
